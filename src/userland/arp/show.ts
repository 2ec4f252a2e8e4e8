import { Refusal } from '../../kernel/refusal.ts'
import { ATF_COM, ATF_PERM, ATF_PUBL } from '../../proc/procnet.ts'
import { inetAton } from '../../proc/resolve.ts'
import { formatIpv4 } from '../../wire/ipv4.ts'
import { hostName } from '../nettools/inet.ts'
import type { Arp } from './arp.ts'

const TITLE = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n'

/** A text cut or filled to a width, as %-8.8s of printf(3). */
const exactly = (text: string, width: number): string => text.slice(0, width).padEnd(width)

/** arp_show(): the entries of /proc/net/arp, of one host or one device if they are named. */
export const show = (arp: Arp, name: string | undefined, host: number | undefined): number => {
  const { proc } = arp
  const table = proc.readFile('/proc/net/arp')
  let entries = 0
  let shown = 0
  for (const line of (table instanceof Refusal ? '' : table).split('\n').slice(1)) {
    const [ip, , flagText, mac, , dev] = line.split(/\s+/)
    if (ip === undefined || flagText === undefined || mac === undefined || dev === undefined) continue
    entries++
    const address = inetAton(ip) ?? 0
    if ((host !== undefined && host !== address) || (arp.device !== undefined && arp.device !== dev)) continue
    if (arp.hardware !== undefined && arp.hardware !== 'ether') continue
    shown++
    const flags = Number(flagText)
    const printed = hostName(proc, address, arp.numeric)
    if (arp.style === 'bsd') proc.out(bsdLine(printed, address, flags, mac, dev))
    else proc.out((shown === 1 ? TITLE : '') + linuxLine(printed, flags, mac, dev))
  }
  if (arp.verbose) proc.out(`Entries: ${entries}\tSkipped: ${entries - shown}\tFound: ${shown}\n`)
  if (shown > 0) return 0
  if (host !== undefined && arp.style !== 'bsd') proc.out(`${name} (${formatIpv4(host)}) -- no entry\n`)
  else if (arp.hardware !== undefined || host !== undefined || arp.device !== undefined)
    proc.out(`arp: in ${entries} entries no match found.\n`)
  return 0
}

const linuxLine = (name: string, flags: number, mac: string, dev: string): string => {
  const [type, address] =
    flags & ATF_COM ? ['ether', mac] : flags & ATF_PUBL ? ['*', '<from_interface>'] : ['', '(incomplete)']
  const letters = (flags & ATF_COM ? 'C' : '') + (flags & ATF_PERM ? 'M' : '') + (flags & ATF_PUBL ? 'P' : '')
  return `${exactly(name, 23)}  ${exactly(type, 8)}${exactly(address, 20)}${letters.padEnd(6)}${' '.repeat(15)} ${dev}\n`
}

const bsdLine = (name: string, address: number, flags: number, mac: string, dev: string): string => {
  const ip = formatIpv4(address)
  const where = flags & ATF_COM ? `${mac} [ether]` : flags & ATF_PUBL ? '<from_interface>' : '<incomplete>'
  const words = (flags & ATF_PERM ? 'PERM ' : '') + (flags & ATF_PUBL ? 'PUB ' : '')
  return `${name === ip ? '?' : name} (${ip}) at ${where} ${words}on ${dev}\n`
}
