/**
 * Capture files as libpcap writes them (draft-ietf-opsawg-pcap, pcap-savefile(5)): little-endian, version 2.4, stamps in
 * microseconds. Read in either byte order, with stamps in microseconds or nanoseconds.
 */
const MAGIC = 0xa1b2c3d4
const MAGIC_NANO = 0xa1b23c4d
const FILE_HEADER = 24
const RECORD_HEADER = 16

/** Link types (https://www.tcpdump.org/linktypes.html). */
export const LINKTYPE_ETHERNET = 1
export const LINKTYPE_LINUX_SLL2 = 276

/** Bytes kept of a packet by default (MAXIMUM_SNAPLEN of libpcap). */
export const SNAPLEN = 262_144

export interface PcapRecord {
  /** Unix time. */
  readonly seconds: number
  readonly nanoseconds: number
  /** Length on the wire; `data` may be shorter. */
  readonly length: number
  readonly data: Uint8Array
}

export interface PcapFile {
  readonly linktype: number
  readonly snaplen: number
  readonly records: readonly PcapRecord[]
  /** What libpcap says of a file that breaks off, once all whole records were read. */
  readonly truncated: string | undefined
}

export const emitPcapHeader = (linktype: number, snaplen = SNAPLEN): Uint8Array => {
  const b = new Uint8Array(FILE_HEADER)
  const v = new DataView(b.buffer)
  v.setUint32(0, MAGIC, true)
  v.setUint16(4, 2, true)
  v.setUint16(6, 4, true)
  v.setUint32(16, snaplen, true)
  v.setUint32(20, linktype, true)
  return b
}

export const emitPcapRecord = (r: PcapRecord): Uint8Array => {
  const b = new Uint8Array(RECORD_HEADER + r.data.length)
  const v = new DataView(b.buffer)
  v.setUint32(0, r.seconds, true)
  v.setUint32(4, Math.floor(r.nanoseconds / 1000), true)
  v.setUint32(8, r.data.length, true)
  v.setUint32(12, r.length, true)
  b.set(r.data, RECORD_HEADER)
  return b
}

export const emitPcap = (linktype: number, records: readonly PcapRecord[], snaplen = SNAPLEN): Uint8Array => {
  const parts = [emitPcapHeader(linktype, snaplen), ...records.map(emitPcapRecord)]
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    out.set(p, at)
    at += p.length
  }
  return out
}

/** The file, or why it is none, in libpcap's words (what stands behind `tcpdump: `). */
export const parsePcap = (b: Uint8Array): PcapFile | string => {
  if (b.length < 4) return `truncated dump file; tried to read 4 file header bytes, only got ${b.length}`
  const v = new DataView(b.buffer, b.byteOffset, b.byteLength)
  const little = [MAGIC, MAGIC_NANO].includes(v.getUint32(0, true))
  const magic = v.getUint32(0, little)
  if (magic !== MAGIC && magic !== MAGIC_NANO) return 'unknown file format'
  if (b.length < FILE_HEADER)
    return `truncated dump file; tried to read ${FILE_HEADER} file header bytes, only got ${b.length}`
  const snaplen = v.getUint32(16, little)
  const linktype = v.getUint32(20, little) & 0x0fffffff
  const unit = magic === MAGIC_NANO ? 1 : 1000
  const records: PcapRecord[] = []
  let at = FILE_HEADER
  let truncated: string | undefined
  while (at < b.length) {
    const left = b.length - at
    if (left < RECORD_HEADER) {
      truncated = `truncated dump file; tried to read ${RECORD_HEADER} header bytes, only got ${left}`
      break
    }
    const captured = v.getUint32(at + 8, little)
    if (captured > SNAPLEN) {
      truncated = `invalid packet capture length ${captured}, bigger than snaplen of ${snaplen}`
      break
    }
    if (left - RECORD_HEADER < captured) {
      truncated = `truncated dump file; tried to read ${captured} captured bytes, only got ${left - RECORD_HEADER}`
      break
    }
    records.push({
      seconds: v.getUint32(at, little),
      nanoseconds: v.getUint32(at + 4, little) * unit,
      length: v.getUint32(at + 12, little),
      data: b.slice(at + RECORD_HEADER, at + RECORD_HEADER + captured),
    })
    at += RECORD_HEADER + captured
  }
  return { linktype, snaplen, records, truncated }
}

/**
 * LINUX_SLL2, the header of captures on `any` (20 bytes): protocol, interface index, ARPHRD type, packet type, address. The
 * Ethernet header of `frame` is replaced.
 */
export const SLL2_HEADER = 20

export type Sll2Type = 0 | 1 | 2 | 3 | 4

export const emitSll2 = (frame: Uint8Array, ifindex: number, arphrd: number, type: Sll2Type): Uint8Array => {
  const b = new Uint8Array(Math.max(0, frame.length - 14) + SLL2_HEADER)
  const v = new DataView(b.buffer)
  b.set(frame.subarray(12, 14), 0)
  v.setUint32(4, ifindex)
  v.setUint16(8, arphrd)
  b[10] = type
  b[11] = 6
  b.set(frame.subarray(6, 12), 12)
  b.set(frame.subarray(14), SLL2_HEADER)
  return b
}
