import { Refusal } from '../../kernel/refusal.ts'
import type { Process } from '../../proc/process.ts'
import { gethostbyname, hstrerror, inetAton, reverse } from '../../proc/resolve.ts'
import { formatIpv4 } from '../../wire/ipv4.ts'

/** Addresses and names as the tools of net-tools 2.10 read and print them. */

/** An address that was read; `net` where a name of a network (or `default`) gave it. */
export type Resolved = { readonly address: number; readonly net: boolean } | { readonly unknown: string }

/** `default`, a number, a name of /etc/networks, a name of a host; with `host` no network is looked for. */
export const resolve = (proc: Process, name: string, host = false): Resolved => {
  if (name === 'default') return { address: 0, net: true }
  const numeric = inetAton(name)
  if (numeric !== undefined) return { address: numeric, net: false }
  const net = host ? undefined : networks(proc).find((n) => n.names.includes(name))
  if (net !== undefined) return { address: net.address, net: true }
  const found = gethostbyname(proc, name)
  return typeof found === 'number' ? { address: found, net: false } : { unknown: hstrerror(found) }
}

/** /etc/networks (networks(5)): names of networks, whose missing last bytes are zero. */
const networks = (proc: Process): { names: string[]; address: number }[] => {
  const text = proc.readFile('/etc/networks')
  if (text instanceof Refusal) return []
  return text.split('\n').flatMap((line) => {
    const [name, where, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (name === undefined || where === undefined) return []
    const parts = where.split('.')
    const address = inetAton([...parts, '0', '0', '0'].slice(0, 4).join('.'), true)
    return address === undefined ? [] : [{ names: [name, ...aliases], address }]
  })
}

/** The name of a host, or its address in dots. */
export const hostName = (proc: Process, address: number, numeric: boolean): string =>
  (numeric ? undefined : reverse(proc, address)) ?? formatIpv4(address)

/** The name of a network, or its address in dots; 0.0.0.0 is `default`. */
export const networkName = (proc: Process, address: number, numeric: boolean): string => {
  if (numeric) return formatIpv4(address)
  if (address === 0) return 'default'
  return networks(proc).find((n) => n.address === address)?.names[0] ?? formatIpv4(address)
}

/** Status where an option is real but not simulated. */
export const NOT_SIMULATED = 125

export const notSimulated = (proc: Process, what: string): never => {
  proc.flush()
  proc.err(`${proc.name.split('/').at(-1)}: ${what} is real but not simulated\n`)
  return proc.exit(NOT_SIMULATED)
}

/** Exit statuses of net-tools (lib/util.h as its manual pages show them). */
export const E_USAGE = 3
export const E_LOOKUP = 6
export const E_SOCK = 7
