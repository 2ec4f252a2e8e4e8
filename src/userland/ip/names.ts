import type { Scope } from '../../kernel/netdevice.ts'
import { parseNumber } from './args.ts'

/** The names of /etc/iproute2 (rt_scopes, rt_tables, rt_protos, group), as Debian ships them; numbers without one stand for themselves. */
type Names = readonly (readonly [number, string])[]

const SCOPES: readonly (readonly [number, Scope])[] = [
  [0, 'global'],
  [200, 'site'],
  [253, 'link'],
  [254, 'host'],
  [255, 'nowhere'],
]
const TABLES: Names = [
  [0, 'unspec'],
  [253, 'default'],
  [254, 'main'],
  [255, 'local'],
]
const PROTOCOLS: Names = [
  [0, 'unspec'],
  [1, 'redirect'],
  [2, 'kernel'],
  [3, 'boot'],
  [4, 'static'],
  [8, 'gated'],
  [9, 'ra'],
  [10, 'mrt'],
  [11, 'zebra'],
  [12, 'bird'],
  [13, 'dnrouted'],
  [14, 'xorp'],
  [15, 'ntk'],
  [16, 'dhcp'],
  [18, 'keepalived'],
  [42, 'babel'],
  [99, 'openr'],
  [186, 'bgp'],
  [187, 'isis'],
  [188, 'ospf'],
  [189, 'rip'],
  [192, 'eigrp'],
]

const byName = (names: Names, word: string, max: number): number | undefined => {
  const row = names.find(([, name]) => name === word)
  if (row !== undefined) return row[0]
  const n = parseNumber(word)
  return n !== undefined && n >= 0 && n <= max ? n : undefined
}
const byNumber = (names: Names, n: number): string => names.find(([number]) => number === n)?.[1] ?? String(n)

export const scopeName = (scope: Scope, numeric: boolean): string =>
  numeric ? String(SCOPES.find(([, name]) => name === scope)?.[0]) : scope
/** A scope by name or number; 'other' for numbers between the ones that have names. */
export const scopeNamed = (word: string): Scope | 'other' | undefined => {
  const n = byName(SCOPES, word, 255)
  return n === undefined ? undefined : (SCOPES.find(([number]) => number === n)?.[1] ?? 'other')
}
export const tableName = (table: number, numeric: boolean): string =>
  numeric ? String(table) : byNumber(TABLES, table)
export const tableNamed = (word: string): number | undefined => byName(TABLES, word, 0xffffffff)

/** The kernel keeps a protocol by name here; a number is turned to its name, or kept as text. */
export const protocolNamed = (word: string): string | undefined => {
  const n = byName(PROTOCOLS, word, 255)
  return n === undefined ? undefined : byNumber(PROTOCOLS, n)
}
export const protocolName = (proto: string, numeric: boolean): string =>
  numeric ? String(PROTOCOLS.find(([, name]) => name === proto)?.[0] ?? proto) : proto

export const groupName = (group: number, numeric: boolean): string =>
  group === 0 && !numeric ? 'default' : String(group)
export const groupNamed = (word: string): number | undefined => (word === 'default' ? 0 : parseUnsigned(word))
const parseUnsigned = (word: string): number | undefined => {
  const n = parseNumber(word)
  return n !== undefined && n >= 0 ? n : undefined
}
