const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
] // prettier-ignore

export interface Tm {
  readonly year: number
  /** 0–11 */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** 0 is the first of January. */
  readonly yearday: number
}

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar (Hinnant, chrono-compatible date algorithms). */
export const daysFromCivil = (year: number, month: number, day: number): number => {
  const y = month < 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yoe = y - era * 400
  const mp = (month + 10) % 12
  const doy = Math.floor((153 * mp + 2) / 5) + day - 1
  return era * 146097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719468
}

/** gmtime(3): the machines keep UTC. */
export const gmtime = (seconds: number): Tm => {
  const days = Math.floor(seconds / 86400)
  const rest = Math.floor(seconds) - days * 86400
  const z = days + 719468
  const era = Math.floor(z / 146097)
  const doe = z - era * 146097
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365,
  )
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = (mp + 2) % 12
  const year = yoe + era * 400 + (month < 2 ? 1 : 0)
  return {
    year,
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearday: days - daysFromCivil(year, 0, 1),
  }
}

/** strftime(3) in the C locale, with GNU's `%N`, `%-d`, `%_d`, `%:z`; `seconds` may have a fraction. */
export const strftime = (format: string, seconds: number): string => {
  const t = gmtime(seconds)
  const ns = Math.round((seconds - Math.floor(seconds)) * 1e9)
  return format.replace(
    /%([-_0^#]?)(\d*)(:{0,3})([A-Za-z%+])/g,
    (whole, flag: string, width: string, colons: string, c: string) => {
      const pad = (n: number, w: number, fill = '0'): string => {
        if (flag === '-') return String(n)
        return String(n).padStart(Math.max(w, Number(width)), flag === '_' ? ' ' : flag === '0' ? '0' : fill)
      }
      const text = (s: string): string => (flag === '^' ? s.toUpperCase() : s).padStart(Number(width))
      const hour12 = t.hour % 12 || 12
      switch (c) {
        case '%':
          return '%'
        case 'a':
          return text((DAYS[t.weekday] as string).slice(0, 3))
        case 'A':
          return text(DAYS[t.weekday] as string)
        case 'b':
        case 'h':
          return text((MONTHS[t.month] as string).slice(0, 3))
        case 'B':
          return text(MONTHS[t.month] as string)
        case 'c':
          return strftime('%a %b %e %H:%M:%S %Y', seconds)
        case 'C':
          return pad(Math.floor(t.year / 100), 2)
        case 'd':
          return pad(t.day, 2)
        case 'D':
        case 'x':
          return strftime('%m/%d/%y', seconds)
        case 'e':
          return pad(t.day, 2, ' ')
        case 'F':
          return strftime('%Y-%m-%d', seconds)
        case 'g':
          return pad(isoWeek(t).year % 100, 2)
        case 'G':
          return String(isoWeek(t).year)
        case 'H':
          return pad(t.hour, 2)
        case 'I':
          return pad(hour12, 2)
        case 'j':
          return pad(t.yearday + 1, 3)
        case 'k':
          return pad(t.hour, 2, ' ')
        case 'l':
          return pad(hour12, 2, ' ')
        case 'm':
          return pad(t.month + 1, 2)
        case 'M':
          return pad(t.minute, 2)
        case 'n':
          return '\n'
        case 'N':
          return String(ns)
            .padStart(9, '0')
            .slice(0, Number(width) || 9)
        case 'p':
          return text(t.hour < 12 ? 'AM' : 'PM')
        case 'P':
          return text(t.hour < 12 ? 'am' : 'pm')
        case 'q':
          return String(Math.floor(t.month / 3) + 1)
        case 'r':
          return strftime('%I:%M:%S %p', seconds)
        case 'R':
          return strftime('%H:%M', seconds)
        case 's':
          return pad(Math.floor(seconds), 1)
        case 'S':
          return pad(t.second, 2)
        case 't':
          return '\t'
        case 'T':
        case 'X':
          return strftime('%H:%M:%S', seconds)
        case 'u':
          return String(t.weekday || 7)
        case 'U':
          return pad(Math.floor((t.yearday + 7 - t.weekday) / 7), 2)
        case 'V':
          return pad(isoWeek(t).week, 2)
        case 'w':
          return String(t.weekday)
        case 'W':
          return pad(Math.floor((t.yearday + 7 - ((t.weekday + 6) % 7)) / 7), 2)
        case 'y':
          return pad(((t.year % 100) + 100) % 100, 2)
        case 'Y':
          return pad(t.year, 1)
        case 'z':
          return colons === ':' ? '+00:00' : colons === '::' ? '+00:00:00' : '+0000'
        case 'Z':
          return text('UTC')
        default:
          return whole
      }
    },
  )
}

/** ISO 8601: weeks begin on Monday, and the first has the year's first Thursday. */
const isoWeek = (t: Tm): { year: number; week: number } => {
  const thursday = daysFromCivil(t.year, 0, 1) + t.yearday - ((t.weekday + 6) % 7) + 3
  const year = gmtime(thursday * 86400).year
  return { year, week: Math.floor((thursday - daysFromCivil(year, 0, 1)) / 7) + 1 }
}
