import { hex, type Dissection } from './dissect.ts'

/** IEEE 802.2 LLC; of what it carries only spanning tree (802.1D) is printed in full. Returns the length of its header. */
export const printLlc = (d: Dissection, at: number, length: number): number => {
  d.protocol = 'llc'
  const dsap = d.u8(at)
  const ssap = d.u8(at + 1)
  const control = d.u8(at + 2)
  const spanning = dsap === 0x42 && ssap === 0x42 && control === 3
  if (d.style.link || !spanning) {
    const sap = (n: number): string =>
      n === 0x42 ? 'STP' : n === 0xaa ? 'SNAP' : n === 0 ? 'Null' : 'Unknown'
    d.print(
      `LLC, dsap ${sap(dsap & 0xfe)} (0x${hex(dsap & 0xfe, 2)}) ${dsap & 1 ? 'Group' : 'Individual'}, ` +
        `ssap ${sap(ssap & 0xfe)} (0x${hex(ssap & 0xfe, 2)}) ${ssap & 1 ? 'Response' : 'Command'}, ctrl 0x${hex(control, 2)}: `,
    )
  }
  if (spanning) {
    printStp(d, at + 3, length - 3)
    return 3
  }
  d.print(`Unnumbered, Flags [${control & 0x10 ? 'Final' : 'Command'}], length ${length}`)
  return 3
}

/** Flags of a configuration BPDU (802.1D §9.3.1). */
const printStp = (d: Dissection, at: number, length: number): void => {
  d.protocol = 'stp'
  const version = d.u8(at + 2)
  const type = d.u8(at + 3)
  d.print(`STP ${version === 0 ? '802.1d' : version === 2 ? '802.1w' : `unknown version ${version}`}, `)
  if (type === 0x80) {
    d.print(`Topology Change, length ${length}`)
    return
  }
  const flags = d.u8(at + 4)
  const words = [flags & 0x01 ? 'Topology change' : '', flags & 0x80 ? 'Topology change ACK' : '']
  const id = (i: number): string =>
    `${hex(d.u16(i), 4)}.${Array.from(d.bytes(i + 2, 6), (c) => hex(c, 2)).join(':')}`
  d.print(`Config, Flags [${words.filter((w) => w !== '').join(', ') || 'none'}], `)
  d.print(`bridge-id ${id(at + 17)}.${hex(d.u16(at + 25), 4)}, length ${length}`)
  if (d.style.verbose === 0) return
  const seconds = (i: number): string => (d.u16(i) / 256).toFixed(2)
  d.print(`\n\tmessage-age ${seconds(at + 27)}s, max-age ${seconds(at + 29)}s`)
  d.print(`, hello-time ${seconds(at + 31)}s, forwarding-delay ${seconds(at + 33)}s`)
  d.print(`\n\troot-id ${id(at + 5)}, root-pathcost ${d.u32(at + 13)}`)
}
