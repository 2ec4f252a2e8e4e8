import type { Process } from '../../proc/process.ts'
import { matches } from './args.ts'
import { netnsNames } from './netns-files.ts'

/** What a word of a command line may be: fixed words, and kinds of names that the machine has. */
type Next = readonly string[]

const OPTIONS: Next = [
  '-4',
  '-6',
  '-all',
  '-brief',
  '-details',
  '-json',
  '-netns',
  '-oneline',
  '-pretty',
  '-statistics',
]

/** Subcommands of each object, and the keywords that may follow one. */
const WORDS: Readonly<Record<string, { readonly commands: Next; readonly keywords: Next }>> = {
  address: {
    commands: ['add', 'change', 'delete', 'flush', 'help', 'replace', 'show'],
    keywords: ['broadcast', 'dev', 'label', 'peer', 'scope', 'to', 'type', 'up'],
  },
  link: {
    commands: ['add', 'delete', 'help', 'property', 'set', 'show'],
    keywords: [
      'address',
      'alias',
      'dev',
      'down',
      'master',
      'mtu',
      'name',
      'netns',
      'nomaster',
      'peer',
      'promisc',
      'type',
      'up',
    ],
  },
  route: {
    commands: ['add', 'append', 'change', 'delete', 'flush', 'get', 'help', 'replace', 'show'],
    keywords: [
      'blackhole',
      'default',
      'dev',
      'metric',
      'nexthop',
      'onlink',
      'proto',
      'scope',
      'src',
      'table',
      'via',
    ],
  },
  neigh: {
    commands: ['add', 'change', 'delete', 'flush', 'get', 'help', 'replace', 'show'],
    keywords: ['dev', 'lladdr', 'nud', 'proxy', 'to'],
  },
  netns: {
    commands: ['add', 'delete', 'exec', 'help', 'identify', 'list', 'list-id', 'pids', 'set'],
    keywords: [],
  },
  rule: { commands: ['help', 'show'], keywords: [] },
  maddress: { commands: ['help', 'show'], keywords: ['dev'] },
}
const BRIDGE_WORDS: typeof WORDS = {
  link: {
    commands: ['help', 'set', 'show'],
    keywords: ['cost', 'dev', 'hairpin', 'isolated', 'learning', 'priority', 'state'],
  },
  fdb: {
    commands: ['add', 'append', 'delete', 'flush', 'get', 'help', 'replace', 'show'],
    keywords: ['br', 'brport', 'dev', 'dynamic', 'master', 'self', 'state', 'static'],
  },
  vlan: { commands: ['help', 'show'], keywords: ['dev'] },
  mdb: { commands: ['help', 'show'], keywords: ['dev'] },
}

const devices = (proc: Process): Next => [...proc.netns.devices.values()].map((dev) => dev.name)
const bridges = (proc: Process): Next =>
  [...proc.netns.devices.values()].filter((dev) => dev.bridge !== undefined).map((dev) => dev.name)

/** What a keyword asks for; undefined where anything may follow. */
const VALUES: Readonly<Record<string, (proc: Process) => Next>> = {
  dev: devices,
  oif: devices,
  iif: devices,
  brport: devices,
  master: bridges,
  br: bridges,
  netns: netnsNames,
  type: () => ['bridge', 'veth'],
  nud: () => ['failed', 'noarp', 'permanent', 'reachable', 'stale'],
  scope: () => ['global', 'host', 'link'],
  table: () => ['all', 'default', 'local', 'main'],
  proto: () => ['boot', 'kernel', 'static'],
}

/** Subcommands whose first word may be a device's name without `dev`. */
const TAKES_DEVICE = new Set(['link show', 'link set', 'link delete', 'address show'])
/** Subcommands that want a namespace's name. */
const TAKES_NETNS = new Set(['netns exec', 'netns delete', 'netns pids', 'netns set'])

const completeWith = (words: readonly string[], index: number, proc: Process, table: typeof WORDS): Next => {
  let at = 1
  while (at < index && (words[at] as string).startsWith('-')) {
    if (matches(words[at] as string, '-netns')) {
      if (at + 1 === index) return netnsNames(proc)
      at++
    }
    at++
  }
  if (at === index) return (words[index] ?? '').startsWith('-') ? OPTIONS : [...Object.keys(table), 'help']
  const object = Object.keys(table).find((name) => matches(words[at] as string, name))
  const of = object === undefined ? undefined : table[object]
  if (object === undefined || of === undefined) return []
  if (at + 1 === index) return of.commands
  const command = of.commands.find((name) => matches(words[at + 1] as string, name)) ?? ''
  const values = VALUES[words[index - 1] as string]
  const place = `${object} ${command}`
  if (at + 2 === index && TAKES_NETNS.has(place)) return netnsNames(proc)
  if (values !== undefined && !(at + 2 === index && object === 'netns')) return values(proc)
  return at + 2 === index && TAKES_DEVICE.has(place) ? [...devices(proc), ...of.keywords] : of.keywords
}

export const completeIp = (words: readonly string[], index: number, proc: Process): Next =>
  completeWith(words, index, proc, WORDS)
export const completeBridge = (words: readonly string[], index: number, proc: Process): Next =>
  completeWith(words, index, proc, BRIDGE_WORDS)
