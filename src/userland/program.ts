import type { Main, Process } from '../proc/process.ts'

/** One row of the table of programs: where it is installed, which Debian package brings it, and what runs. */
export interface Program {
  /** Where the file lies; /bin and /sbin are links to /usr/bin and /usr/sbin, as on Debian 12. */
  readonly path: `/usr/${'bin' | 'sbin'}/${string}`
  readonly package: string
  readonly main: Main
  /** Words that may stand at `words[index]`, for the completion of a terminal. */
  readonly complete?: (words: readonly string[], index: number, proc: Process) => readonly string[]
}

/** What the reference page says of a program. */
export interface Fidelity {
  /** What is simulated: flags and subcommands, as one types them. */
  readonly supports?: readonly string[]
  /** What exists on Linux but not here: it fails loudly, with status 125. */
  readonly notSimulated?: readonly string[]
  /** False where no recording of real Linux pins the output. */
  readonly verified?: boolean
}
