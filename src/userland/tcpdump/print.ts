import { LINKTYPE_LINUX_SLL2 } from '../../wire/pcap.ts'
import { Dissection, Truncated, type Names, type Style } from './dissect.ts'
import { asciiDump, hexAndAscii, hexLines } from './hex.ts'
import { printEthernet, printSll2 } from './link.ts'

/** Which bytes are dumped below each line. */
export type Dump = 'none' | 'hex' | 'hex-ascii' | 'ascii'

/** Prints packets one after the other; remembers TCP connections for relative sequence numbers. */
export class PacketPrinter {
  readonly #style: Style
  readonly #names: Names
  readonly #linktype: number
  readonly #dump: Dump
  readonly #withLink: boolean
  readonly #tcp: Dissection['tcp'] = new Map()

  constructor(linktype: number, style: Style, names: Names, dump: Dump, withLink: boolean) {
    this.#linktype = linktype
    this.#style = style
    this.#names = names
    this.#dump = dump
    this.#withLink = withLink
  }

  /** What stands behind the stamp, with its newline. */
  print(data: Uint8Array, length: number): string {
    const d = new Dissection(data, this.#style, this.#names, this.#tcp)
    let header = 0
    try {
      header = this.#linktype === LINKTYPE_LINUX_SLL2 ? printSll2(d, length) : printEthernet(d, length)
    } catch (e) {
      if (!(e instanceof Truncated)) throw e
      // Where the link header ends is not known then: a dump shows it too.
      d.print(` [|${d.protocol}]`)
    }
    const bytes = this.#withLink ? data : data.subarray(header)
    switch (this.#dump) {
      case 'hex':
        d.print(hexLines(bytes, '\n\t'))
        break
      case 'hex-ascii':
        d.print(hexAndAscii(bytes, '\n\t'))
        break
      case 'ascii':
        d.print(asciiDump(bytes))
        break
      case 'none':
    }
    return d.text + '\n'
  }
}
