import { Refusal } from '../kernel/refusal.ts'
import { formatIpv4 } from '../wire/ipv4.ts'
import type { Process } from './process.ts'

/**
 * Names and IPv4 addresses, as glibc 2.36 finds them: /etc/nsswitch.conf says where to look, /etc/hosts is looked up;
 * no name server can be asked yet, so the source `dns` always fails for now (EAI_AGAIN, TRY_AGAIN).
 */

/** What getaddrinfo(3) answers instead of an address, without its `EAI_`. */
export type GaiError = 'NONAME' | 'AGAIN' | 'ADDRFAMILY'

/** What gethostbyname(3) leaves in h_errno. */
export type HostError = 'HOST_NOT_FOUND' | 'TRY_AGAIN' | 'NO_RECOVERY'

const GAI_WORDS: Readonly<Record<GaiError, string>> = {
  NONAME: 'Name or service not known',
  AGAIN: 'Temporary failure in name resolution',
  ADDRFAMILY: 'Address family for hostname not supported',
}
export const gaiStrerror = (e: GaiError): string => GAI_WORDS[e]

const HOST_WORDS: Readonly<Record<HostError, string>> = {
  HOST_NOT_FOUND: 'Unknown host',
  TRY_AGAIN: 'Host name lookup failure',
  NO_RECOVERY: 'Unknown server error',
}
export const hstrerror = (e: HostError): string => HOST_WORDS[e]

/**
 * inet_aton(3): one to four parts, decimal, octal (`010`) or hexadecimal (`0x0a`), the last of which fills the rest.
 * What follows white space is not looked at, unless `exact`.
 */
export const inetAton = (text: string, exact = false): number | undefined => {
  const end = exact ? -1 : text.search(/[ \t\n\v\f\r]/)
  const parts = (end < 0 ? text : text.slice(0, end)).split('.')
  if (parts.length > 4) return undefined
  let address = 0
  for (const [i, part] of parts.entries()) {
    const n = parsePart(part)
    const last = i === parts.length - 1
    const limit = last ? 256 ** (5 - parts.length) : 256
    if (n === undefined || n >= limit) return undefined
    address += last ? n : n * 256 ** (3 - i)
  }
  return address
}

const parsePart = (part: string): number | undefined => {
  if (/^0[xX][0-9a-fA-F]+$/.test(part)) return Number(part)
  if (/^0[0-7]*$/.test(part)) return parseInt(part, 8)
  return /^[1-9][0-9]*$/.test(part) ? Number(part) : undefined
}

/** One line of /etc/hosts (hosts(5)). */
export interface HostEntry {
  readonly address: number
  readonly name: string
  readonly aliases: readonly string[]
}

/** The lines of /etc/hosts that stand for an IPv4 address; ::1 stands for 127.0.0.1, as nss_files has it. */
export const hostEntries = (proc: Process): HostEntry[] => {
  const text = proc.readFile('/etc/hosts')
  if (text instanceof Refusal) return []
  const entries: HostEntry[] = []
  for (const line of text.split('\n')) {
    const [where, name, ...aliases] = line
      .replace(/#.*/, '')
      .split(/[ \t\r]+/)
      .filter((word) => word !== '')
    if (where === undefined || name === undefined) continue
    const address = where === '::1' ? LOCALHOST : inetAton(where, true)
    if (address !== undefined) entries.push({ address, name, aliases })
  }
  return entries
}
const LOCALHOST = 0x7f000001

/** A source of nsswitch.conf(5), and what to do after each outcome. */
interface Source {
  readonly service: string
  readonly actions: ReadonlyMap<Outcome, 'return' | 'continue'>
}
type Outcome = 'success' | 'notfound' | 'unavail' | 'tryagain'
const OUTCOMES: readonly Outcome[] = ['success', 'notfound', 'unavail', 'tryagain']

const sources = (proc: Process): Source[] => {
  const text = proc.readFile('/etc/nsswitch.conf')
  const line = text instanceof Refusal ? undefined : /^[ \t]*hosts:(.*)$/m.exec(text)?.[1]
  const found: { service: string; actions: Map<Outcome, 'return' | 'continue'> }[] = []
  for (const word of (line ?? 'files dns').replace(/#.*/, '').match(/\[[^\]]*\]|[^ \t[]+/g) ?? []) {
    if (!word.startsWith('[')) {
      found.push({ service: word, actions: new Map() })
      continue
    }
    for (const [, not, status, action] of word.matchAll(/(!?)(\w+)=(\w+)/g)) {
      if (status === undefined || (action !== 'return' && action !== 'continue')) continue
      const named = status.toLowerCase()
      for (const o of OUTCOMES) if ((o === named) !== (not === '!')) found.at(-1)?.actions.set(o, action)
    }
  }
  return found
}

/** Asks the sources in order: the entries of the first that knows, or how the last one failed. */
const ask = (proc: Process, files: (e: HostEntry) => boolean, dns: Outcome): HostEntry[] | Outcome => {
  let outcome: Outcome = 'notfound'
  for (const source of sources(proc)) {
    let entries: HostEntry[] = []
    if (source.service === 'files') {
      entries = hostEntries(proc).filter(files)
      outcome = entries.length > 0 ? 'success' : 'notfound'
    } else outcome = source.service === 'dns' ? dns : 'unavail'
    const action = source.actions.get(outcome) ?? (outcome === 'success' ? 'return' : 'continue')
    if (action === 'return') return outcome === 'success' ? entries : outcome
  }
  return outcome
}

/** Whether a name server would be asked at all (res_hnok()): letters, digits, `-`, `_`, no empty label. */
const hostnameOk = (name: string): boolean =>
  name.length < 256 && !name.startsWith('-') && /^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$/.test(name)

/** The entries of a name by nsswitch.conf: what gethostbyname(3) returns, or why it does not. */
export const hostByName = (proc: Process, name: string): HostEntry[] | HostError => {
  if (name === '') return 'NO_RECOVERY'
  if (/^[0-9][0-9.]*[0-9]$|^[0-9]$/.test(name)) {
    const address = inetAton(name, true)
    return address === undefined ? 'HOST_NOT_FOUND' : [{ address, name, aliases: [] }]
  }
  const found = askName(proc, name)
  if (typeof found !== 'string') return found
  return found === 'tryagain' ? 'TRY_AGAIN' : 'HOST_NOT_FOUND'
}

const askName = (proc: Process, name: string): HostEntry[] | Outcome => {
  const wanted = name.toLowerCase()
  const matches = (e: HostEntry): boolean => [e.name, ...e.aliases].some((n) => n.toLowerCase() === wanted)
  return ask(proc, matches, hostnameOk(name) ? 'tryagain' : 'notfound')
}

/** gethostbyname(3), its first address. */
export const gethostbyname = (proc: Process, name: string): number | HostError => {
  const found = hostByName(proc, name)
  return typeof found === 'string' ? found : (found[0] as HostEntry).address
}

/** getaddrinfo(3): all IPv4 addresses of a name or number, none where nobody knows it; a number is its own name. */
export const addressesOf = (proc: Process, name: string): readonly HostEntry[] => {
  const numeric = inetAton(name, true)
  if (numeric !== undefined) return [{ address: numeric, name, aliases: [] }]
  const found = askName(proc, name)
  return typeof found === 'string' ? [] : found
}

/**
 * getaddrinfo(3): the first IPv4 address of a name or number. With `family` 'unspec' (the default) a malformed number such
 * as 192.168.1.300 is looked up like a name; with 'inet' it is refused at once.
 */
export const getaddrinfo = (
  proc: Process,
  name: string,
  family: 'unspec' | 'inet' = 'unspec',
): number | GaiError => {
  const numeric = inetAton(name, true)
  if (numeric !== undefined) return numeric
  if (name === '') return 'NONAME'
  if (/^[0-9a-fA-F:]*:[0-9a-fA-F:.]*(%\w+)?$/.test(name)) return 'ADDRFAMILY'
  if (family === 'inet' && /^[0-9.]*[0-9]$/.test(name)) return 'NONAME'
  const found = askName(proc, name)
  if (typeof found !== 'string') return (found[0] as HostEntry).address
  return found === 'tryagain' ? 'AGAIN' : 'NONAME'
}

/** The entries of an address: gethostbyaddr(3). */
export const hostByAddress = (proc: Process, address: number): HostEntry[] | HostError => {
  const found = ask(proc, (e) => e.address === address, 'tryagain')
  return typeof found === 'string' ? (found === 'tryagain' ? 'TRY_AGAIN' : 'HOST_NOT_FOUND') : found
}

/** getnameinfo(3): the name of an address, undefined where nobody knows one. */
export const reverse = (proc: Process, address: number): string | undefined => {
  const found = hostByAddress(proc, address)
  return typeof found === 'string' ? undefined : found[0]?.name
}

/** The name of an address, or the address in dots. */
export const nameOf = (proc: Process, address: number): string =>
  reverse(proc, address) ?? formatIpv4(address)
