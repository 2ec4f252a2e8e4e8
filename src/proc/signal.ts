/** Signals of Linux on x86 (signal(7)) that this model knows, by number. */
export const SIGNALS = {
  HUP: 1, INT: 2, QUIT: 3, ILL: 4, TRAP: 5, ABRT: 6, BUS: 7, FPE: 8, KILL: 9, USR1: 10, SEGV: 11, USR2: 12, PIPE: 13,
  ALRM: 14, TERM: 15, STKFLT: 16, CHLD: 17, CONT: 18, STOP: 19, TSTP: 20, TTIN: 21, TTOU: 22, URG: 23, XCPU: 24,
  XFSZ: 25, VTALRM: 26, PROF: 27, WINCH: 28, IO: 29, PWR: 30, SYS: 31,
} as const // prettier-ignore

export type Signal = keyof typeof SIGNALS

/** What happens to a process that has neither caught nor ignored the signal. */
export const defaultAction = (signal: Signal): 'ignore' | 'stop' | 'continue' | 'terminate' => {
  switch (signal) {
    case 'CHLD':
    case 'URG':
    case 'WINCH':
      return 'ignore'
    case 'STOP':
    case 'TSTP':
    case 'TTIN':
    case 'TTOU':
      return 'stop'
    case 'CONT':
      return 'continue'
    default:
      return 'terminate'
  }
}
