import { EPOCH_SECONDS } from '../proc/epoch.ts'
import type { Shell } from './shell.ts'
import type { Variable } from './variables.ts'

/** A variable that is computed when it is read; `set` hears of assignments, else they are lost. */
const computed = (get: () => string, set: (value: string) => void = () => {}, integer = true): Variable => ({
  dynamic: true,
  integer,
  get value() {
    return get()
  },
  set value(value) {
    set(value ?? '')
  },
})

const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ['BASH', '/bin/bash'],
  ['BASH_VERSION', '5.2.15(1)-release'],
  ['HOSTTYPE', 'x86_64'],
  ['MACHTYPE', 'x86_64-pc-linux-gnu'],
  ['OSTYPE', 'linux-gnu'],
  ['OPTERR', '1'],
  ['PS4', '+ '],
])

/** The variables that bash brings along (bash(1), Shell Variables). They are made when they are first asked for. */
export class SpecialVariables {
  readonly #sh: Shell
  readonly #hostname: string
  /** When SECONDS was 0, in ns. */
  #started: number
  /** Set by an assignment to RANDOM; without it numbers come from the world's chance. */
  #seed: number | undefined

  constructor(sh: Shell, parent: SpecialVariables | undefined) {
    this.#sh = sh
    this.#hostname = parent === undefined ? sh.proc.host.hostname : parent.#hostname
    this.#started = parent === undefined ? sh.proc.now : parent.#started
  }

  /** The variable of that name as it is at first; undefined where it is nothing special. */
  make(name: string): Variable | undefined {
    const { proc } = this.#sh
    const { tty, sim } = proc.host
    switch (name) {
      case 'RANDOM':
        return computed(
          () => String(this.#random()),
          (value) => (this.#seed = Number(value)),
        )
      case 'SRANDOM':
        return computed(() => String(sim.random.next()))
      case 'SECONDS':
        return computed(
          () => String(Math.floor((proc.now - this.#started) / 1e9)),
          (value) => (this.#started = proc.now - Number(value) * 1e9),
        )
      case 'BASHPID':
        return computed(() => String(proc.pid))
      case 'LINENO':
        return computed(() => String(this.#sh.line))
      case 'EPOCHSECONDS':
        return computed(() => String(Math.floor(EPOCH_SECONDS + proc.now / 1e9)))
      case 'EPOCHREALTIME':
        return computed(
          () =>
            `${Math.floor(EPOCH_SECONDS + proc.now / 1e9)}.${String(Math.floor((proc.now % 1e9) / 1e3)).padStart(6, '0')}`,
          () => {},
          false,
        )
      case 'FUNCNAME':
        return computed(
          () => this.#sh.functionNames.at(-1) ?? '',
          () => {},
          false,
        )
      case 'UID':
      case 'EUID':
        return { value: '0', readonly: true, integer: true }
      case 'PPID':
        return { value: '1', readonly: true, integer: true }
      case 'HOSTNAME':
        return { value: this.#hostname }
      case 'COLUMNS':
        return { value: String(tty.columns) }
      case 'LINES':
        return { value: String(tty.rows) }
      default: {
        const value = CONSTANTS.get(name)
        return value === undefined ? undefined : { value }
      }
    }
  }

  /** A number below 2^15 of the minimal standard generator (Park and Miller 1988), its halves mixed as bash 5.1 does. */
  #random(): number {
    if (this.#seed === undefined) return this.#sh.proc.host.sim.random.below(32768)
    const seed = this.#seed % 0x7fffffff
    this.#seed = ((seed === 0 ? 123459876 : Math.abs(seed)) * 16807) % 0x7fffffff
    return ((this.#seed >>> 16) ^ (this.#seed & 0xffff)) & 32767
  }
}
