import { Refusal } from '../kernel/refusal.ts'
import { getopt, type LongOption } from '../proc/getopt.ts'
import type { Main, Process } from '../proc/process.ts'
import {
  addressesOf,
  hostByAddress,
  hostByName,
  hostEntries,
  inetAton,
  type HostEntry,
} from '../proc/resolve.ts'
import { formatIpv4 } from '../wire/ipv4.ts'
import { NOT_SIMULATED, programName } from './text/program.ts'

/** getent(1) of glibc 2.36: what the name service finds, as programs get it. */

const HELP = `Usage: getent [OPTION...] database [key ...]
Get entries from administrative database.

  -A, --no-addrconfig        do not filter out unsupported IPv4/IPv6 addresses
                             (with ahosts*)
  -i, --no-idn               disable IDN encoding
  -s, --service=CONFIG       Service configuration to be used
  -?, --help                 Give this help list
      --usage                Give a short usage message
  -V, --version              Print program version

Mandatory or optional arguments to long options are also mandatory or optional
for any corresponding short options.

Supported databases:
ahosts ahostsv4 ahostsv6 aliases ethers group gshadow hosts initgroups
netgroup networks passwd protocols rpc services shadow

For bug reporting instructions, please see:
<http://www.debian.org/Bugs/>.
`
const LONG = {
  'no-addrconfig': { short: 'A' },
  'no-idn': { short: 'i' },
  service: { short: 's', argument: 'required' },
  help: { short: '?' },
  usage: {},
  version: { short: 'V' },
} as const satisfies Readonly<Record<string, LongOption>>

const TRY = "Try `getent --help' or `getent --usage' for more information.\n"

const SOCKETS = ['STREAM', 'DGRAM', 'RAW'] as const

/** Prints the entries of a key, false where there is none; `all`: also addresses of families that the machine lacks. */
type Find = (proc: Process, key: string, all: boolean) => boolean
interface Database {
  readonly find: Find
  readonly all: (proc: Process) => void
}

const hostLine = (proc: Process, e: HostEntry): void =>
  proc.out(`${formatIpv4(e.address).padEnd(15)} ${[e.name, ...e.aliases].join(' ')}\n`)

const allHosts = (proc: Process): void => hostEntries(proc).forEach((e) => hostLine(proc, e))

const host: Find = (proc, key) => {
  const address = inetAton(key, true)
  const found =
    address !== undefined && key.split('.').length === 4
      ? hostByAddress(proc, address)
      : hostByName(proc, key)
  if (typeof found === 'string') return false
  // Several lines of one name are one host with all their names (`multi on` in host.conf(5)).
  const [first] = found as [HostEntry]
  const others = found.flatMap((e) => (e.name === first.name ? e.aliases : [...e.aliases, e.name]))
  for (const { address } of found)
    hostLine(proc, { address, name: first.name, aliases: [...new Set(others)] })
  return true
}

/** Does the machine have an address of this family, other than its loopback's? (AI_ADDRCONFIG of getaddrinfo(3).) */
const hasFamily = (proc: Process, family: 'inet' | 'inet6'): boolean =>
  [...proc.netns.devices.values()].some((dev) =>
    family === 'inet'
      ? dev.addresses.some((a) => a.local >>> 24 !== 127)
      : dev.addresses6.some((a) => a.address !== '::1'),
  )

/** getaddrinfo(3): each address once for each type of socket; the first line has the canonical name. */
const addresses =
  (family: 'unspec' | 'inet'): Find =>
  (proc, key, all) => {
    const found = addressesOf(proc, key)
    const filter = !all && !hasFamily(proc, 'inet')
    if (found.length === 0 || (filter && family === 'inet')) return false
    // A machine that has IPv6 alone is given IPv4 in its form.
    const mapped = filter && hasFamily(proc, 'inet6') ? '::ffff:' : ''
    let name = ` ${found[0]?.name ?? key}`
    for (const { address } of found)
      for (const type of SOCKETS) {
        proc.out(
          `${(mapped + formatIpv4(address)).padEnd(15)} ${type.padEnd(6)}${name === '' ? ' ' : name}\n`,
        )
        name = ''
      }
    return true
  }

const linesOf = (proc: Process, file: string): string[] => {
  const text = proc.readFile(file)
  return text instanceof Refusal ? [] : text.split('\n').filter((line) => line.trim() !== '')
}

/** passwd(5) and its like: fields between colons, the third a number. */
const accounts = (file: string): Database => ({
  find: (proc, key) => {
    const line = linesOf(proc, file).find((l) => {
      const [name, , number] = l.split(':')
      return /^\d+$/.test(key) ? number === String(Number(key)) : name === key
    })
    if (line !== undefined) proc.out(line + '\n')
    return line !== undefined
  },
  all: (proc) =>
    proc.out(
      linesOf(proc, file)
        .map((l) => l + '\n')
        .join(''),
    ),
})

interface Named {
  readonly name: string
  readonly value: string
  readonly aliases: readonly string[]
}
/** services(5), protocols(5), networks(5): a name, its number, other names. */
const named = (
  file: string,
  matches: (row: Named, key: string) => boolean,
  width: (row: Named) => string,
): Database => {
  const rows = (proc: Process): Named[] =>
    linesOf(proc, file).flatMap((line) => {
      const [name, value, ...aliases] = line
        .replace(/#.*/, '')
        .split(/\s+/)
        .filter((w) => w !== '')
      return name === undefined || value === undefined ? [] : [{ name, value, aliases }]
    })
  const print = (proc: Process, row: Named): void =>
    proc.out(`${row.name.padEnd(21)} ${width(row)}${row.aliases.map((a) => ` ${a}`).join('')}\n`)
  return {
    find: (proc, key) => {
      const row = rows(proc).find((r) => matches(r, key))
      if (row) print(proc, row)
      return row !== undefined
    },
    all: (proc) => rows(proc).forEach((row) => print(proc, row)),
  }
}
const isCalled = (row: Named, name: string): boolean => row.name === name || row.aliases.includes(name)

const DATABASES: Readonly<Record<string, Database>> = {
  hosts: { find: host, all: allHosts },
  ahosts: { find: addresses('unspec'), all: allHosts },
  ahostsv4: { find: addresses('inet'), all: allHosts },
  passwd: accounts('/etc/passwd'),
  group: accounts('/etc/group'),
  services: named(
    '/etc/services',
    (row, key) => {
      const [name = '', protocol] = key.split('/')
      const [port, its] = row.value.split('/')
      return (
        (/^\d+$/.test(name) ? port === name : isCalled(row, name)) &&
        (protocol === undefined || its === protocol)
      )
    },
    (row) => row.value,
  ),
  protocols: named(
    '/etc/protocols',
    (row, key) => (/^\d+$/.test(key) ? row.value === key : isCalled(row, key)),
    (row) => row.value,
  ),
  networks: named(
    '/etc/networks',
    (row, key) => isCalled(row, key) || row.value === key,
    (row) => row.value,
  ),
}
const OTHERS = ['ahostsv6', 'aliases', 'ethers', 'gshadow', 'initgroups', 'netgroup', 'rpc', 'shadow']

// eslint-disable-next-line require-yield -- never waits
export const getent: Main = function* (proc) {
  const name = programName(proc)
  const o = getopt(proc.argv, '+Ais:?V', LONG)
  if ('error' in o) {
    proc.err(`${name}: ${o.error}\n${TRY}`)
    return 64
  }
  for (const { name: option } of o.options) {
    if (option === '?' || option === 'V' || option === 'usage') {
      proc.out(option === 'V' ? 'getent (Debian GLIBC 2.36-9+deb12u14) 2.36\n' : HELP)
      return 0
    }
    if (option === 's') {
      proc.err(`${name}: -s is real but not simulated; see: man getent\n`)
      return NOT_SIMULATED
    }
  }
  const [database, ...keys] = o.operands
  if (database === undefined) {
    proc.err(`${name}: wrong number of arguments\n${TRY}`)
    return 1
  }
  const found = DATABASES[database]
  if (found === undefined && OTHERS.includes(database)) {
    proc.err(`${name}: the database ${database} is real but not simulated; see: man getent\n`)
    return NOT_SIMULATED
  }
  if (found === undefined) {
    proc.err(`Unknown database: ${database}\n${TRY}`)
    return 1
  }
  if (keys.length === 0) {
    found.all(proc)
    return 0
  }
  const all = o.options.some((option) => option.name === 'A')
  const missing = keys.filter((key) => !found.find(proc, key, all))
  return missing.length > 0 ? 2 : 0
}
