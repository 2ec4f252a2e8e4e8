/** The ICMPv6 messages that a device sends by itself when it comes up. Checksums are the sender's to fill in. */
export const ICMPV6_ROUTER_SOLICIT = 133
export const ICMPV6_NEIGHBOUR_SOLICIT = 135
export const ICMPV6_MLD2_REPORT = 143

interface Message {
  readonly type: number
  /** Everything behind type, code and checksum. */
  readonly body: Uint8Array
}

export const emitIcmpv6 = (m: Message): Uint8Array => {
  const b = new Uint8Array(4 + m.body.length)
  b[0] = m.type
  b.set(m.body, 4)
  return b
}

/** MLDv2 report: joins each group (change to exclude mode with no sources), RFC 3810 §5.2. */
export const mldReport = (groups: readonly Uint8Array[]): Message => {
  const body = new Uint8Array(4 + groups.length * 20)
  body[3] = groups.length
  groups.forEach((group, i) => {
    body[4 + i * 20] = 4
    body.set(group, 8 + i * 20)
  })
  return { type: ICMPV6_MLD2_REPORT, body }
}

/** Neighbour solicitation (RFC 4861 §4.3); without `source` one that detects duplicates. A nonce (RFC 7527) goes along. */
export const neighbourSolicitation = (target: Uint8Array, source: Uint8Array | undefined): Message => {
  const option =
    source === undefined
      ? Uint8Array.of(14, 1, 0x9a, 0x3c, 0x51, 0x07, 0xe2, 0x4b)
      : Uint8Array.of(1, 1, ...source)
  const body = new Uint8Array(20 + option.length)
  body.set(target, 4)
  body.set(option, 20)
  return { type: ICMPV6_NEIGHBOUR_SOLICIT, body }
}

/** Router solicitation with the sender's hardware address (RFC 4861 §4.1). */
export const routerSolicitation = (mac: Uint8Array): Message => {
  const body = new Uint8Array(12)
  body.set([1, 1, ...mac], 4)
  return { type: ICMPV6_ROUTER_SOLICIT, body }
}
