import type { Ifaddr, Ifaddr6, NetDevice } from '../../kernel/netdevice.ts'
import { formatIpv4 } from '../../wire/ipv4.ts'
import { reverse } from '../../proc/resolve.ts'
import type { Ip } from './context.ts'
import { scopeName } from './names.ts'

/** The lifetime that stands for no end (INFINITY_LIFE_TIME). */
export const FOREVER = 0xffffffff

/** Whole seconds that are left. An address that is valid for ever is shown as preferred for ever, too. */
const left = (ip: Ip, a: Ifaddr | Ifaddr6, lifetime: number | undefined): number => {
  if (a.validLft === undefined || lifetime === undefined) return FOREVER
  const passed = Math.floor((ip.proc.now - a.stamp) / 1e9)
  return Math.max(0, lifetime - passed)
}

export const isDeprecated = (ip: Ip, a: Ifaddr | Ifaddr6): boolean =>
  a.validLft === undefined ? a.preferredLft === 0 : left(ip, a, a.preferredLft) === 0

/** -r: the name that /etc/hosts has for the address. */
const shown = (ip: Ip, address: number): string =>
  (ip.opt.resolve ? reverse(ip.proc, address) : undefined) ?? formatIpv4(address)

/** In `-br`: addresses one after the other, each with a space behind it. */
export const printBriefAddress = (ip: Ip, a: Ifaddr | Ifaddr6): void => {
  const { out } = ip
  out.object(undefined, () => {
    if ('local' in a) {
      out.field('local', formatIpv4(a.local), shown(ip, a.local), 'inet')
      if (a.address !== a.local) {
        out.text(' peer ')
        out.field('address', formatIpv4(a.address), formatIpv4(a.address), 'inet')
      }
    } else out.field('local', a.address, a.address, 'inet6')
    out.field('prefixlen', a.prefixlen, `/${a.prefixlen} `)
  })
}

/** print_addrinfo(): an address and, on a second line, how long it holds. */
export const printAddress = (ip: Ip, dev: NetDevice, a: Ifaddr | Ifaddr6): void => {
  const { out, opt } = ip
  const v4 = 'local' in a
  out.object(undefined, () => {
    if (opt.oneline) {
      out.field('index', dev.ifindex, `${dev.ifindex}: `)
      out.field('dev', dev.name, dev.name)
    }
    out.field('family', v4 ? 'inet' : 'inet6', v4 ? '    inet ' : '    inet6 ')
    if (v4) {
      out.field('local', formatIpv4(a.local), shown(ip, a.local), 'inet')
      if (a.address !== a.local) {
        out.text(' peer ')
        out.field('address', formatIpv4(a.address), shown(ip, a.address), 'inet')
      }
    } else out.field('local', a.address, a.address, 'inet6')
    out.field('prefixlen', a.prefixlen, `/${a.prefixlen} `)
    if (v4 && a.metric !== 0) out.field('metric', a.metric, `metric ${a.metric} `)
    if (v4 && a.broadcast !== undefined) {
      out.text('brd ')
      out.field('broadcast', formatIpv4(a.broadcast), formatIpv4(a.broadcast), 'inet')
      out.text(' ')
    }
    const scope = scopeName(a.scope, opt.numeric)
    out.field('scope', scope, `scope ${scope} `)
    for (const flag of flagsOf(ip, a)) out.field(flag, true, flag + ' ')
    if (v4) out.field('label', a.label, a.label)
    const valid = left(ip, a, a.validLft)
    const preferred = left(ip, a, a.preferredLft)
    const words = (n: number): string => (n === FOREVER ? 'forever' : `${n}sec`)
    out.text(`${out.nl}       valid_lft ${words(valid)}`)
    out.member('valid_life_time', valid)
    out.text(` preferred_lft ${words(preferred)}`)
    out.member('preferred_life_time', preferred)
    out.text('\n')
  })
}

/** The words between scope and label, in ip's order (ifa_flag_data[]). */
export const flagsOf = (ip: Ip, a: Ifaddr | Ifaddr6): readonly string[] => {
  const flags: string[] = []
  if ('local' in a && a.secondary) flags.push('secondary')
  if (isDeprecated(ip, a)) flags.push('deprecated')
  if (!('local' in a) && a.tentative) flags.push('tentative')
  if (a.validLft !== undefined) flags.push('dynamic')
  if ('local' in a && a.noprefixroute) flags.push('noprefixroute')
  return flags
}
