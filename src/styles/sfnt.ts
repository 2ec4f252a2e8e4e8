/** The little of the OpenType container that cutting fonts needs: its tables, its names, which letters it has. */

interface Table {
  readonly tag: string
  readonly bytes: Buffer
}

export function tables(font: Buffer): Table[] {
  const count = font.readUInt16BE(4)
  return Array.from({ length: count }, (_, i) => {
    const at = 12 + 16 * i
    const offset = font.readUInt32BE(at + 8)
    return {
      tag: font.toString('latin1', at, at + 4),
      bytes: font.subarray(offset, offset + font.readUInt32BE(at + 12)),
    }
  })
}

const padded = (b: Buffer): Buffer => Buffer.concat([b, Buffer.alloc((4 - (b.length % 4)) % 4)])

function checksum(b: Buffer): number {
  const p = padded(b)
  let sum = 0
  for (let i = 0; i < p.length; i += 4) sum = (sum + p.readUInt32BE(i)) >>> 0
  return sum
}

/** OpenType 1.9, "Organization of an OpenType Font": directory, then the tables at multiples of four. */
function assemble(version: number, list: readonly Table[]): Buffer {
  const sorted = [...list].sort((a, b) => (a.tag < b.tag ? -1 : 1))
  const log = Math.floor(Math.log2(sorted.length))
  const head = Buffer.alloc(12 + 16 * sorted.length)
  head.writeUInt32BE(version, 0)
  head.writeUInt16BE(sorted.length, 4)
  head.writeUInt16BE(16 << log, 6)
  head.writeUInt16BE(log, 8)
  head.writeUInt16BE(16 * sorted.length - (16 << log), 10)
  let offset = head.length
  sorted.forEach(({ tag, bytes }, i) => {
    const at = 12 + 16 * i
    head.write(tag, at, 'latin1')
    head.writeUInt32BE(checksum(bytes), at + 4)
    head.writeUInt32BE(offset, at + 8)
    head.writeUInt32BE(bytes.length, at + 12)
    offset += padded(bytes).length
  })
  return Buffer.concat([head, ...sorted.map((t) => padded(t.bytes))])
}

/** A `name` table for Windows, English (platform 3, encoding 1, language 0x409). Ids: OpenType, "name". */
function nameTable(names: Readonly<Record<number, string>>): Buffer {
  const rows = Object.entries(names).map(([id, text]) => ({
    id: Number(id),
    bytes: Buffer.from(text, 'utf16le').swap16(),
  }))
  const head = Buffer.alloc(6 + 12 * rows.length)
  head.writeUInt16BE(rows.length, 2)
  head.writeUInt16BE(head.length, 4)
  let offset = 0
  rows.forEach(({ id, bytes }, i) => {
    const at = 6 + 12 * i
    ;[3, 1, 0x409, id, bytes.length, offset].forEach((v, j) => head.writeUInt16BE(v, at + 2 * j))
    offset += bytes.length
  })
  return Buffer.concat([head, ...rows.map((r) => r.bytes)])
}

/** The same font under another name, as the SIL Open Font License 1.1 §3 asks of changed versions. */
export function renamed(font: Buffer, family: string, style: string, copyright: string): Buffer {
  const full = `${family} ${style}`
  const name = nameTable({
    0: copyright,
    1: family,
    2: style,
    3: `${full}; cut for Hop by Hop`,
    4: full,
    6: full.replaceAll(' ', '-'),
    13: 'SIL Open Font License, Version 1.1',
    14: 'https://openfontlicense.org',
  })
  const kept = tables(font).filter((t) => t.tag !== 'name' && t.tag !== 'DSIG')
  return assemble(font.readUInt32BE(0), [...kept, { tag: 'name', bytes: name }])
}

/** Code points that the font has a glyph for: `cmap` formats 4 and 12, which hold all that browsers use. */
export function codePoints(font: Buffer): Set<number> {
  const cmap = tables(font).find((t) => t.tag === 'cmap')?.bytes
  const found = new Set<number>()
  if (!cmap) return found
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const at = cmap.readUInt32BE(4 + 8 * i + 4)
    const format = cmap.readUInt16BE(at)
    if (format === 12) {
      for (let g = 0; g < cmap.readUInt32BE(at + 12); g++) {
        const group = at + 16 + 12 * g
        for (let c = cmap.readUInt32BE(group); c <= cmap.readUInt32BE(group + 4); c++) found.add(c)
      }
    } else if (format === 4) {
      const segments = cmap.readUInt16BE(at + 6) / 2
      for (let s = 0; s < segments; s++) {
        const end = cmap.readUInt16BE(at + 14 + 2 * s)
        const start = cmap.readUInt16BE(at + 16 + 2 * (segments + s))
        for (let c = start; c <= end && c !== 0xffff; c++) found.add(c)
      }
    }
  }
  return found
}
