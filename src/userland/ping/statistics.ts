/** Counters of a run of ping, times in microseconds, and the lines that show them. */
export class Statistics {
  transmitted = 0
  received = 0
  repeats = 0
  errors = 0
  /** The highest sequence number that was answered. */
  acked = 0
  /** How many packets were on their way at most. */
  pipe = 0
  #min = Infinity
  max = 0
  #sum = 0
  #squares = 0
  /** Exponentially weighted average, times 8. */
  ewma = 0

  /** A reply or error for `sequence` came. */
  acknowledge(sequence: number): void {
    const diff = (this.transmitted - sequence) & 0xffff
    if (diff > 0x7fff) return
    if (diff + 1 > this.pipe) this.pipe = diff + 1
    const ahead = (sequence - this.acked) & 0xffff
    if ((ahead > 0 && ahead <= 0x7fff) || ((this.transmitted - this.acked) & 0xffff) > 0x7fff)
      this.acked = sequence
  }

  get inFlight(): number {
    const diff = (this.transmitted - this.acked) & 0xffff
    return diff <= 0x7fff ? diff : this.transmitted - this.received - this.errors
  }

  time(us: number): void {
    this.#sum += us
    this.#squares += us * us
    if (us < this.#min) this.#min = us
    if (us > this.max) this.max = us
    this.ewma = this.ewma === 0 ? us * 8 : this.ewma + us - Math.trunc(this.ewma / 8)
  }

  get average(): number {
    return Math.trunc(this.#sum / (this.received + this.repeats))
  }

  /** What stands after the last reply; `elapsed` µs from the first to the last packet sent. */
  summary(host: string, elapsed: number, timing: boolean, showGap: boolean): string {
    let s = `--- ${host} ping statistics ---\n${this.transmitted} packets transmitted, ${this.received} received`
    if (this.repeats > 0) s += `, +${this.repeats} duplicates`
    if (this.errors > 0) s += `, +${this.errors} errors`
    if (this.transmitted > 0) {
      const loss = Math.fround(((this.transmitted - this.received) * 100) / this.transmitted)
      s += `, ${general(loss)}% packet loss, time ${Math.floor((elapsed + 500) / 1000)}ms`
    }
    s += '\n'
    let comma = ''
    if (this.received > 0 && timing) {
      const total = this.received + this.repeats
      const variance = Math.trunc((this.#squares - Math.trunc((this.#sum * this.#sum) / total)) / total)
      const deviation = Math.floor(Math.sqrt(variance))
      s += `rtt min/avg/max/mdev = ${ms(this.#min)}/${ms(this.average)}/${ms(this.max)}/${ms(deviation)} ms`
      comma = ', '
    }
    if (this.pipe > 1) {
      s += `${comma}pipe ${this.pipe}`
      comma = ', '
    }
    if (showGap && this.received > 0 && this.transmitted > 1) {
      const gap = Math.trunc(elapsed / (this.transmitted - 1))
      s += `${comma}ipg/ewma ${ms(gap)}/${ms(Math.trunc(this.ewma / 8))} ms`
    }
    return s + '\n'
  }

  /** The line of SIGQUIT. */
  snapshot(timing: boolean): string {
    const { transmitted, received } = this
    const loss = transmitted > 0 ? Math.trunc(((transmitted - received) * 100) / transmitted) : 0
    let s = `\r${transmitted}/${received} packets, ${loss}% loss`
    if (received > 0 && timing)
      s += `, min/avg/ewma/max = ${ms(this.#min)}/${ms(this.average)}/${ms(Math.trunc(this.ewma / 8))}/${ms(this.max)} ms`
    return s + '\n'
  }
}

/** Microseconds as milliseconds with three decimals. */
export const ms = (us: number): string => {
  const part = us % 1000
  return `${(us - part) / 1000}.${part < 10 ? '00' : part < 100 ? '0' : ''}${part}`
}

/** A round-trip time with three digits, as many of them decimals as fit. */
export const roundTrip = (us: number): string => {
  if (us >= 99_950) return `${Math.floor((us + 500) / 1000)}`
  if (us >= 9_995) return tenths(Math.floor((us + 50) / 100), 10, 1)
  if (us >= 1_000) return tenths(Math.floor((us + 5) / 10), 100, 2)
  return ms(us)
}
const tenths = (n: number, unit: number, digits: number): string =>
  `${Math.floor(n / unit)}.${`${n % unit}`.padStart(digits, '0')}`

/** %g of a percentage: six significant digits, no zeros at the end. */
const general = (x: number): string => `${Number(x.toPrecision(6))}`
