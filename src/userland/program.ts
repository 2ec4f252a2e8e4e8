import type { Main, Process } from '../proc/process.ts'

/** One row of the table of programs: where it is installed, which Debian package brings it, and what it can do here. */
export interface Program {
  /** Where the file lies; /bin and /sbin are links to /usr/bin and /usr/sbin, as on Debian 12. */
  readonly path: `/usr/${'bin' | 'sbin'}/${string}`
  readonly package: string
  readonly main: Main
  /** What is simulated, for the fidelity page: flags and subcommands, as one types them. */
  readonly supports?: readonly string[]
  /** What exists on Linux but not here: it fails loudly, with status 125. */
  readonly notSimulated?: readonly string[]
  /** False where no recording of real Linux pins the output. */
  readonly verified?: boolean
  /** Words that may stand at `words[index]`, for the completion of a terminal. */
  readonly complete?: (words: readonly string[], index: number, proc: Process) => readonly string[]
}
