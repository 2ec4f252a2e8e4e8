import { IFF_LOOPBACK } from '../../kernel/netdevice.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Main, Process } from '../../proc/process.ts'
import { gaiStrerror, hostByName, reverse, type HostEntry } from '../../proc/resolve.ts'
import { strerror } from '../../proc/strerror.ts'
import { formatIpv4 } from '../../wire/ipv4.ts'
import { getopt, type LongOption } from '../../proc/getopt.ts'
import { USAGE } from './usage.ts'

/** hostname(1) 3.23, also as domainname, nisdomainname, ypdomainname and dnsdomainname. */

const LONG = {
  alias: { short: 'a' },
  'all-fqdns': { short: 'A' },
  'all-ip-addresses': { short: 'I' },
  boot: { short: 'b' },
  domain: { short: 'd' },
  file: { short: 'F', argument: 'required' },
  fqdn: { short: 'f' },
  help: { short: 'h' },
  'ip-address': { short: 'i' },
  long: { short: 'f' },
  nis: { short: 'y' },
  short: { short: 's' },
  version: { short: 'V' },
  yp: { short: 'y' },
} as const satisfies Readonly<Record<string, LongOption>>

/** Ends the program with a message: what nothing more can follow. */
const fail = (proc: Process, text: string): never => {
  proc.err(`${programName(proc)}: ${text}\n`)
  return proc.exit(1)
}
const programName = (proc: Process): string => proc.name.split('/').at(-1) ?? ''

/** Usage goes to standard error with status -1. */
const usage = (proc: Process): number => {
  proc.err(USAGE)
  return 255
}

export const hostname: Main = function* (proc) {
  const called = programName(proc)
  /** NIS names: domainname and its like. */
  const nis = called === 'domainname' || called === 'ypdomainname' || called === 'nisdomainname'
  let show = nis ? (called === 'domainname' ? 'nis' : 'y') : called === 'dnsdomainname' ? 'd' : 'h'
  let boot = false
  let file: string | undefined
  const found = getopt(proc.argv, 'aAbdfF:h?iIsVy', LONG)
  if ('error' in found) {
    proc.err(`${called}: ${found.error}\n`)
    proc.out(USAGE)
    return 255
  }
  const { options, operands } = found
  for (const o of options) {
    switch (o.name) {
      case 'h':
      case '?':
        proc.out(USAGE)
        return 0
      case 'V':
        proc.out('hostname 3.23\n')
        return 0
      case 'b':
        boot = true
        break
      case 'F':
        file = o.value
        break
      default:
        show = o.name
    }
  }
  const setNis = show === 'nis' || show === 'y'
  if (file !== undefined || operands.length > 0) {
    if ((!setNis && show !== 'h') || operands.length > (file === undefined ? 1 : 0)) return usage(proc)
    const name = file === undefined ? (operands[0] as string) : nameInFile(proc, file, boot)
    if (name !== undefined) set(proc, name, setNis)
    return 0
  }
  if (show === 'h') proc.out(proc.host.hostname + '\n')
  else display(proc, show)
  return 0
}

/** The first line that is neither empty nor a comment; undefined where `-b` makes a missing file harmless. */
const nameInFile = (proc: Process, path: string, boot: boolean): string | undefined => {
  const text = proc.readFile(path)
  if (!(text instanceof Refusal)) {
    return (
      text
        .split('\n')
        .map((line) => line.trim())
        .find((line) => line !== '' && !line.startsWith('#')) ?? ''
    )
  }
  if (text.errno === 'EISDIR') return ''
  return boot ? undefined : fail(proc, strerror(text.errno))
}

const DOMAIN_FILE = '/proc/sys/kernel/domainname'
const HOST_NAME_MAX = 64

const set = (proc: Process, name: string, nis: boolean): void => {
  if (nis) {
    if (name.length > HOST_NAME_MAX) fail(proc, 'name too long')
    proc.writeFile(DOMAIN_FILE, name + '\n')
    return
  }
  if (!/^[A-Za-z0-9]+([-.][A-Za-z0-9]+|--+[A-Za-z0-9]+)*$/.test(name))
    fail(proc, 'the specified hostname is invalid')
  if (name.length > HOST_NAME_MAX) fail(proc, 'name too long')
  proc.host.hostname = name
}

const display = (proc: Process, show: string): void => {
  const { hostname: own } = proc.host
  switch (show) {
    case 's':
      proc.out(`${own.split('.')[0]}\n`)
      break
    case 'f':
      proc.out(`${entries(proc)[0]?.name}\n`)
      break
    case 'd': {
      const name = entries(proc)[0]?.name ?? ''
      if (name.includes('.')) proc.out(name.slice(name.indexOf('.') + 1) + '\n')
      break
    }
    case 'a': {
      const [first, ...others] = entries(proc)
      const aliases = [...(first?.aliases ?? []), ...others.flatMap((e) => [e.name, ...e.aliases])]
      proc.out(aliases.join(' ') + '\n')
      break
    }
    case 'i': {
      const addresses = new Set(entries(proc).map((e) => formatIpv4(e.address)))
      proc.out([...addresses].join(' ') + '\n')
      break
    }
    case 'I':
      proc.out(ownAddresses(proc).map((a) => `${a.text} `).join('') + '\n') // prettier-ignore
      break
    case 'A':
      for (const { address } of ownAddresses(proc)) {
        const name = address === undefined ? undefined : reverse(proc, address)
        if (name !== undefined) proc.out(name + ' ')
      }
      proc.out('\n')
      break
    default: {
      const text = proc.readFile(DOMAIN_FILE)
      const name = text instanceof Refusal ? '(none)\n' : text
      if (name === '(none)\n' && show === 'y') fail(proc, 'Local domain name not set')
      proc.out(name)
    }
  }
}

/** What nsswitch.conf's sources know of the own name. */
const entries = (proc: Process): readonly HostEntry[] => {
  const found = hostByName(proc, proc.host.hostname)
  if (typeof found !== 'string') return found
  return fail(proc, gaiStrerror(found === 'TRY_AGAIN' ? 'AGAIN' : 'NONAME'))
}

/** Addresses of devices that are up, but for the loopback and link-local IPv6: IPv4 first, then IPv6, as getifaddrs(3) has them. */
const ownAddresses = (proc: Process): { text: string; address: number | undefined }[] => {
  const devices = [...proc.netns.devices.values()].filter((dev) => dev.up && !(dev.flags & IFF_LOOPBACK))
  return [
    ...devices.flatMap((dev) => dev.addresses.map((a) => ({ text: formatIpv4(a.local), address: a.local }))),
    ...devices.flatMap((dev) =>
      dev.addresses6.filter((a) => a.scope !== 'link').map((a) => ({ text: a.address, address: undefined })),
    ),
  ]
}
