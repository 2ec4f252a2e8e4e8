/**
 * Text inside the machines is a *byte string*: one character (U+0000 … U+00FF) per byte, as in the C locale, so that
 * `wc -c`, `cut -c` and `tr` count what they count on Linux. UTF-8 is decoded and encoded only where people read and type.
 */
export const toBytes = (text: string): string => {
  // eslint-disable-next-line no-control-regex -- ASCII is its own encoding
  if (/^[\x00-\x7f]*$/.test(text)) return text
  const utf8 = new TextEncoder().encode(text)
  return bytesToString(utf8)
}

const DECODER = new TextDecoder()

/** Bytes that are no UTF-8 become U+FFFD. */
export const fromBytes = (bytes: string): string => {
  // eslint-disable-next-line no-control-regex -- ASCII is its own encoding
  if (/^[\x00-\x7f]*$/.test(bytes)) return bytes
  return DECODER.decode(stringToBytes(bytes))
}

export const bytesToString = (bytes: Uint8Array): string => {
  let s = ''
  for (let i = 0; i < bytes.length; i += 8192) s += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return s
}

export const stringToBytes = (bytes: string): Uint8Array => {
  const out = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) out[i] = bytes.charCodeAt(i)
  return out
}
