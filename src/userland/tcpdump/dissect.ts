import { u16, u32 } from '../../wire/ipv4.ts'

/** How packets are to be printed: the flags of tcpdump(8). */
export interface Style {
  /** -v, -vv, -vvv */
  readonly verbose: number
  /** -n: addresses and ports stay numbers. */
  readonly numeric: boolean
  /** -e */
  readonly link: boolean
  /** -q */
  readonly quiet: boolean
  /** -S */
  readonly absoluteSequence: boolean
  /** -K turns it off. */
  readonly checksums: boolean
  /** Neither -x nor -X: what nobody knows how to print is dumped in its place. */
  readonly plain: boolean
}

/** Names for numbers, where -n does not forbid them. */
export interface Names {
  host(address: number): string | undefined
  port(port: number, protocol: 'tcp' | 'udp'): string | undefined
  device(ifindex: number): string
}

/** What a printer throws where the captured bytes end before the header does; the line then ends with `[|protocol]`. */
export class Truncated extends Error {}

/** One packet while it is printed: bounded access to its bytes, and the text so far. */
export class Dissection {
  readonly b: Uint8Array
  readonly style: Style
  readonly names: Names
  /** First sequence numbers of the TCP connections seen, for relative numbers. */
  readonly tcp: Map<string, { readonly seq: number; readonly ack: number }>
  text = ''
  /** What stands behind `[|` when the bytes end. */
  protocol = ''
  /** End of the bytes that may be read; quoted packets end before the capture does. */
  end: number

  constructor(b: Uint8Array, style: Style, names: Names, tcp: Dissection['tcp']) {
    this.b = b
    this.style = style
    this.names = names
    this.tcp = tcp
    this.end = b.length
  }
  print(text: string): void {
    this.text += text
  }
  need(at: number, length: number): void {
    if (at + length > this.end || length < 0) throw new Truncated()
  }
  u8(at: number): number {
    this.need(at, 1)
    return this.b[at] as number
  }
  u16(at: number): number {
    this.need(at, 2)
    return u16(this.b, at)
  }
  u32(at: number): number {
    this.need(at, 4)
    return u32(this.b, at)
  }
  bytes(at: number, length: number): Uint8Array {
    this.need(at, length)
    return this.b.subarray(at, at + length)
  }
}

export const hex = (n: number, digits = 1): string => n.toString(16).padStart(digits, '0')
