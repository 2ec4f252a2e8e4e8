import { civilDate } from './date.ts'

/** -t, -tt, -ttt, -tttt, -ttttt */
export type StampStyle = 0 | 1 | 2 | 3 | 4 | 5

/** Microseconds of Unix time. */
type Micros = number

const clockTime = (us: number): string => {
  const s = Math.floor(us / 1e6)
  const two = (n: number): string => `${n}`.padStart(2, '0')
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}.${`${us % 1e6}`.padStart(6, '0')}`
}

/** Prints the stamp before each packet; remembers the one before, and the first. */
export class Stamps {
  readonly #style: StampStyle
  #reference: Micros | undefined
  constructor(style: StampStyle) {
    this.#style = style
  }
  print(at: Micros): string {
    switch (this.#style) {
      case 0:
        return `${clockTime(at % 86_400_000_000)} `
      case 1:
        return ''
      case 2:
        return `${Math.floor(at / 1e6)}.${`${at % 1e6}`.padStart(6, '0')} `
      case 3:
      case 5: {
        const reference = (this.#reference ??= at)
        if (this.#style === 3) this.#reference = at
        const d = at - reference
        return `${d < 0 ? '-' : ' '}${clockTime(Math.abs(d))} `
      }
      case 4:
        return `${civilDate(Math.floor(at / 86_400_000_000))} ${clockTime(at % 86_400_000_000)} `
    }
  }
}
