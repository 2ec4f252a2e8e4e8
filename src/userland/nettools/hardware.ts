/** Kinds of hardware that Debian's net-tools know: name, title, and whether they can do ARP. */
export const HARDWARE: readonly (readonly [name: string, title: string, arp: boolean])[] = [
  ['loop', 'Local Loopback', false],
  ['slip', 'Serial Line IP', false],
  ['cslip', 'VJ Serial Line IP', false],
  ['slip6', '6-bit Serial Line IP', false],
  ['cslip6', 'VJ 6-bit Serial Line IP', false],
  ['adaptive', 'Adaptive Serial Line IP', false],
  ['ash', 'Ash', true],
  ['ether', 'Ethernet', true],
  ['ax25', 'AMPR AX.25', true],
  ['netrom', 'AMPR NET/ROM', true],
  ['rose', 'AMPR ROSE', true],
  ['tunnel', 'IPIP Tunnel', false],
  ['ppp', 'Point-to-Point Protocol', false],
  ['hdlc', '(Cisco)-HDLC', false],
  ['lapb', 'LAPB', false],
  ['arcnet', 'ARCnet', true],
  ['dlci', 'Frame Relay DLCI', true],
  ['frad', 'Frame Relay Access Device', false],
  ['sit', 'IPv6-in-IPv4', false],
  ['fddi', 'Fiber Distributed Data Interface', true],
  ['hippi', 'HIPPI', true],
  ['irda', 'IrLAP', true],
  ['ec', 'Econet', false],
  ['x25', 'generic X.25', true],
  ['eui64', 'Generic EUI-64', true],
]

/** Address families that net-tools can name. */
export const FAMILIES: readonly (readonly [name: string, title: string])[] = [
  ['unix', 'UNIX Domain'],
  ['inet', 'DARPA Internet'],
  ['inet6', 'IPv6'],
  ['ax25', 'AMPR AX.25'],
  ['netrom', 'AMPR NET/ROM'],
  ['rose', 'AMPR ROSE'],
  ['ipx', 'Novell IPX'],
  ['ddp', 'Appletalk DDP'],
  ['ec', 'Econet'],
  ['ash', 'Ash'],
  ['x25', 'CCITT X.25'],
]

/** Lists of a help text: three to a line, each line indented. */
export const titleList = (rows: readonly (readonly [string, string, ...unknown[]])[]): string => {
  let out = ''
  for (let i = 0; i < rows.length; i += 3)
    out += '    ' + rows.slice(i, i + 3).map(([name, title]) => `${name} (${title}) `).join('') + '\n' // prettier-ignore
  return out
}

/**
 * Reads an Ethernet address as net-tools do: one or two digits a byte, colons between them or not, up to six bytes; bytes
 * that are missing keep what `into` has there. Undefined for anything else.
 */
export const readEther = (text: string, into: Uint8Array): Uint8Array | undefined => {
  const mac = Uint8Array.from(into)
  let at = 0
  for (let i = 0; i < 6 && at < text.length; i++) {
    const m = /^(?:[0-9a-fA-F]{2}|[0-9a-fA-F](?=:|$)):?/.exec(text.slice(at))
    if (m === null) return undefined
    mac[i] = parseInt(m[0], 16)
    at += m[0].length
  }
  return mac
}
