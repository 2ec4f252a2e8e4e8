import { civilDate } from './date.ts'

/** -t, -tt, -ttt, -tttt, -ttttt */
export type StampStyle = 0 | 1 | 2 | 3 | 4 | 5

const DAY = 86_400

const two = (n: number): string => `${n}`.padStart(2, '0')
const clockTime = (s: number): string =>
  `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`

/** Prints the stamp before each packet, in UTC; remembers the one before, or the first. */
export class Stamps {
  readonly #style: StampStyle
  readonly #digits: 6 | 9
  #reference: { readonly seconds: number; readonly fraction: number } | undefined

  constructor(style: StampStyle, nanoseconds = false) {
    this.#style = style
    this.#digits = nanoseconds ? 9 : 6
  }

  print(seconds: number, nanoseconds: number): string {
    const fraction = this.#digits === 9 ? nanoseconds : Math.floor(nanoseconds / 1000)
    const behind = (n: number): string => `.${`${n}`.padStart(this.#digits, '0')} `
    switch (this.#style) {
      case 0:
        return clockTime(seconds % DAY) + behind(fraction)
      case 1:
        return ''
      case 2:
        return `${seconds}${behind(fraction)}`
      case 3:
      case 5: {
        const reference = (this.#reference ??= { seconds, fraction })
        if (this.#style === 3) this.#reference = { seconds, fraction }
        let s = seconds - reference.seconds
        let f = fraction - reference.fraction
        const negative = s < 0 || (s === 0 && f < 0)
        if (negative) [s, f] = [-s, -f]
        if (f < 0) {
          s--
          f += 10 ** this.#digits
        }
        return `${negative ? '-' : ' '}${clockTime(s)}${behind(f)}`
      }
      case 4:
        return `${civilDate(Math.floor(seconds / DAY))} ${clockTime(seconds % DAY)}${behind(fraction)}`
    }
  }
}
