/** The two globals of the WHATWG Encoding standard that browsers and Node share; the core is compiled without DOM types. */
declare class TextEncoder {
  encode(text: string): Uint8Array
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string
}
