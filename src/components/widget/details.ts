/** What one machine or namespace knows, as the list below the drawing shows it: the kernel's tables in a line each. */
import type { Netns } from '../../kernel/netns.ts'
import { RT_TABLE_MAIN, type Route } from '../../kernel/ipv4/fib.ts'
import type { Translate } from '../../i18n/translate.ts'
import type { World } from '../../lab/world.ts'
import { formatMac } from '../../wire/ethernet.ts'
import { formatIpv4 } from '../../wire/ipv4.ts'
import type { Part } from './drawing.ts'

/** `space`: `A`, or `A/red`. */
export const detailsOf = (world: World, space: string, t: Translate): readonly Part[] => {
  const [node = '', name] = space.split('/')
  const host = world.hosts.get(node)
  if (!host) return []
  let ns: Netns | undefined = host.kernel.initNetns
  if (name !== undefined) {
    const file = host.fs.lookup('/run/netns/' + name, '/', { netns: host.kernel.initNetns, pid: 1 })
    ns = 'kind' in file && file.kind === 'file' ? file.netns : undefined
  }
  if (!ns) return []
  const devices = [...ns.devices.values()]
  const addresses = devices.map((d) =>
    [
      d.name,
      d.operstate,
      formatMac(d.mac),
      ...d.addresses.map((a) => `${formatIpv4(a.local)}/${a.prefixlen}`),
    ].join(' '),
  )
  const neighbours = ns.arp
    .entries()
    .map((n) =>
      [
        formatIpv4(n.address),
        'dev',
        n.dev.name,
        ...(n.mac ? ['lladdr', formatMac(n.mac)] : []),
        n.state,
      ].join(' '),
    )
  const fdb = devices.flatMap((d) =>
    [...(d.bridge?.fdb.values() ?? [])]
      .filter((e) => !e.isLocal)
      .map((e) => `${formatMac(e.mac)} ${e.port?.dev.name ?? d.name}`),
  )
  return [
    { heading: t('topo.addresses'), lines: addresses },
    { heading: t('topo.routes'), lines: (ns.fib.tables.get(RT_TABLE_MAIN)?.routes ?? []).map(routeLine) },
    { heading: t('topo.neighbours'), lines: neighbours },
    ...(fdb.length > 0 ? [{ heading: t('topo.fdb'), lines: fdb }] : []),
  ]
}

const routeLine = (r: Route): string => {
  const to =
    r.prefixlen === 0
      ? 'default'
      : r.prefixlen === 32
        ? formatIpv4(r.dst)
        : `${formatIpv4(r.dst)}/${r.prefixlen}`
  const ways = r.nexthops.map((n) =>
    [
      n.gateway === undefined ? '' : `via ${formatIpv4(n.gateway)}`,
      n.dev ? `dev ${n.dev.name}` : '',
      n.dead || n.linkdown ? 'linkdown' : '',
    ]
      .filter((w) => w !== '')
      .join(' '),
  )
  return [r.type === 'unicast' ? '' : r.type, to, ...ways].filter((w) => w !== '').join(' ')
}
