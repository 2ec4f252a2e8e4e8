import { hex } from './dissect.ts'

const graphic = (c: number): boolean => c > 0x20 && c < 0x7f

/** Bytes in hexadecimal, sixteen a line, with `ident` (a newline and indentation) before each. */
export const hexLines = (b: Uint8Array, ident: string): string => {
  let s = ''
  for (let i = 0; i < b.length; i++) {
    if (i % 16 === 0) s += `${ident}0x${hex(i, 4)}: `
    if (i % 2 === 0) s += ' '
    s += hex(b[i] as number, 2)
  }
  return s
}

/** The same with the characters beside it (-X). */
export const hexAndAscii = (b: Uint8Array, ident: string): string => {
  let s = ''
  for (let at = 0; at < b.length; at += 16) {
    const row = b.subarray(at, at + 16)
    let digits = ''
    let chars = ''
    row.forEach((c, i) => {
      digits += (i % 2 === 0 ? ' ' : '') + hex(c, 2)
      chars += graphic(c) ? String.fromCharCode(c) : '.'
    })
    s += `${ident}0x${hex(at, 4)}: ${digits.padEnd(40)}  ${chars}`
  }
  return s
}

/** -A: characters, with tabs, blanks and newlines as they are. */
export const asciiDump = (b: Uint8Array): string => {
  let s = '\n'
  b.forEach((c, i) => {
    // A carriage return before a newline does not belong at the end of a line here.
    if (c === 13 && b[i + 1] === 10) return
    s += graphic(c) || c === 9 || c === 10 || c === 32 ? String.fromCharCode(c) : '.'
  })
  return s
}
