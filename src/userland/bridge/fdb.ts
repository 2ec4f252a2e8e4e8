import type { BridgePort, FdbEntry } from '../../kernel/dev/bridge.ts'
import type { NetDevice } from '../../kernel/netdevice.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { fdbAdd, fdbDel, fdbFlush, fdbList, type FdbRow } from '../../kernel/rtnl/fdb.ts'
import { formatMac, parseMac, sameMac } from '../../wire/ethernet.ts'
import { answered, type Args, die, matches, notSimulated, parseNumber, rowFor } from '../ip/args.ts'
import { deviceNamed, netnsOf, type Command, type Ip } from '../ip/context.ts'
import { HELP } from '../ip/help.ts'

const usage = (ip: Ip): number => {
  ip.proc.err(HELP.fdb)
  return 255
}

const bridgeNamed = (ip: Ip, name: string): NetDevice =>
  netnsOf(ip).device(name) ?? die(ip.proc, 255, `Cannot find bridge device "${name}"`)

const readMac = (ip: Ip, text: string): Uint8Array =>
  parseMac(text) ?? die(ip.proc, 255, `Invalid mac address ${text}`)

const printRow = (ip: Ip, row: FdbRow, withDev: boolean): void => {
  const { out } = ip
  const mac = formatMac(row.mac)
  out.object(undefined, () => {
    out.field('mac', mac, mac + ' ', 'mac')
    if (withDev) {
      out.text('dev ')
      out.field('ifname', row.dev.name, row.dev.name + ' ', 'ifname')
    }
    if (ip.opt.stats > 0 && !row.self) {
      const ago = (time: number): number => Math.max(0, Math.floor((ip.proc.now - time) / 1e9))
      out.text(`used ${ago(row.used)}/${ago(row.updated)} `)
      out.member('used', ago(row.used))
      out.member('updated', ago(row.updated))
    }
    out.array('flags', () => {
      if (row.self) out.field(undefined, 'self', 'self ')
    })
    if (row.master !== undefined) out.field('master', row.master.name, `master ${row.master.name} `)
    const state = row.state === 'reachable' ? '' : row.state
    out.field('state', state, state)
    out.text('\n')
  })
}

const STATES: Readonly<Record<string, FdbRow['state'] | 'all'>> = {
  permanent: 'permanent', static: 'static', temp: 'static', stale: 'stale', reachable: 'reachable', dynamic: 'reachable', all: 'all',
} // prettier-ignore

/** `bridge fdb [ show ]`; words that are no filter are not looked at. */
const show: Command = (ip, args) => {
  let dev: string | undefined
  let br: string | undefined
  let state: FdbRow['state'] | 'all' = 'all'
  let dynamic = false
  let vlan = false
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'brport' || word === 'dev') dev = args.value()
    else if (word === 'br') br = args.value()
    else if (word === 'vlan') {
      vlan = (parseNumber(args.value()) ?? 0) !== 0
    } else if (word === 'state') {
      const text = args.value()
      state =
        STATES[text.toLowerCase()] ??
        (parseNumber(text) === undefined ? args.invalid(text, 'invalid state') : 'all')
    } else if (word === 'dynamic') dynamic = true
    else if (matches(word, 'help')) return usage(ip)
  }
  const bridge = br === undefined ? undefined : bridgeNamed(ip, br)
  const only = dev === undefined ? undefined : deviceNamed(ip, dev, 255)
  ip.out.list(() => {
    for (const row of fdbList(netnsOf(ip))) {
      if (only !== undefined && row.dev !== only) continue
      if (bridge !== undefined && row.dev !== bridge && row.dev.master !== bridge) continue
      if (state !== 'all' && row.state !== state) continue
      if (dynamic && (row.state === 'permanent' || row.state === 'static')) continue
      // No entry here has a VLAN.
      if (vlan) continue
      printRow(ip, row, only === undefined)
    }
  })
  return 0
}

interface Words {
  mac: string | undefined
  dev: string | undefined
  br: string | undefined
  self: boolean
  master: boolean
  state: 'permanent' | 'static' | 'dynamic' | undefined
  vlan: boolean
}

const parseWords = (ip: Ip, args: Args): Words => {
  const w: Words = {
    mac: undefined,
    dev: undefined,
    br: undefined,
    self: false,
    master: false,
    state: undefined,
    vlan: false,
  }
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'dev' || word === 'brport') w.dev = args.value()
    else if (word === 'br') w.br = args.value()
    else if (word === 'self') w.self = true
    else if (matches(word, 'master')) w.master = true
    else if (matches(word, 'local') || matches(word, 'permanent')) w.state = 'permanent'
    else if (matches(word, 'temp') || matches(word, 'static')) w.state = 'static'
    else if (matches(word, 'dynamic')) w.state = 'dynamic'
    else if (matches(word, 'vlan')) {
      const text = args.value()
      if (parseNumber(text) === undefined) args.invalid(text, 'invalid VLAN ID')
      w.vlan = true
    } else if (
      ['dst', 'nhid', 'port', 'vni', 'via', 'src_vni', 'router', 'use', 'extern_learn', 'sticky'].includes(
        word,
      )
    )
      notSimulated(ip.proc, `fdb ${word}`)
    else {
      const text = word === 'to' ? args.value() : word
      if (matches(text, 'help')) ip.proc.exit(usage(ip))
      if (w.mac !== undefined) args.garbage('to', text)
      w.mac = text
    }
  }
  return w
}

const modify =
  (verb: 'add' | 'append' | 'replace' | 'del'): Command =>
  (ip, args) => {
    const w = parseWords(ip, args)
    if (w.dev === undefined || w.mac === undefined)
      return die(ip.proc, 255, 'Device and address are required arguments.')
    const mac = readMac(ip, w.mac)
    const dev = deviceNamed(ip, w.dev, 255)
    // Entries for a VLAN need a bridge that filters them.
    if (w.vlan) return answered(ip.proc, new Refusal('EINVAL'), 255)
    const where = { self: w.self || !w.master, master: w.master }
    if (verb === 'del') return answered(ip.proc, fdbDel(dev, mac, where), 255)
    return answered(
      ip.proc,
      fdbAdd(dev, mac, {
        ...where,
        state: w.state ?? 'permanent',
        replace: verb === 'replace',
        append: verb === 'append',
      }),
      255,
    )
  }

/** `bridge fdb get` */
const get: Command = (ip, args) => {
  const w = parseWords(ip, args)
  if ((w.dev === undefined && w.br === undefined) || w.mac === undefined)
    return die(ip.proc, 255, 'Device or master and address are required arguments.')
  const mac = readMac(ip, w.mac)
  const dev = w.dev === undefined ? undefined : deviceNamed(ip, w.dev, 255)
  const br = w.br === undefined ? undefined : bridgeNamed(ip, w.br)
  if (w.self)
    return answered(ip.proc, new Refusal('EOPNOTSUPP', 'Fdb get operation not supported by device'), 254)
  const bridge = br ?? dev?.master ?? dev
  const row = fdbList(netnsOf(ip)).find((r) => !r.self && r.master === bridge && sameMac(r.mac, mac))
  if (row === undefined) return answered(ip.proc, new Refusal('ENOENT', 'Fdb entry not found'), 254)
  ip.out.list(() => printRow(ip, row, true))
  return 0
}

/** Properties that `flush` can be limited to; `no` before one turns it round. */
const PROPERTIES: Readonly<Record<string, (e: FdbEntry) => boolean>> = {
  permanent: (e) => e.isLocal,
  static: (e) => e.isStatic && !e.isLocal,
  dynamic: (e) => !e.isStatic,
  added_by_user: (e) => e.byUser,
  extern_learn: () => false,
  sticky: () => false,
  offloaded: () => false,
}

/** `bridge fdb flush dev DEV …` */
const flush: Command = (ip, args) => {
  let name: string | undefined
  let portName: string | undefined
  let self = false
  let master = false
  let vlan = false
  const tests: ((e: FdbEntry) => boolean)[] = []
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    const test = PROPERTIES[word] ?? PROPERTIES[word.replace(/^no/, '')]
    if (word === 'dev') name = args.value()
    else if (word === 'brport') portName = args.value()
    else if (word === 'vlan') {
      args.value()
      vlan = true
    } else if (word === 'self') self = true
    else if (word === 'master') master = true
    else if (test !== undefined) tests.push(PROPERTIES[word] === test ? test : (e) => !test(e))
    else if (matches(word, 'help')) return usage(ip)
  }
  if (name === undefined) return die(ip.proc, 255, 'Device is a required argument.')
  const dev = bridgeNamed(ip, name)
  let port: BridgePort | undefined
  if (portName !== undefined) port = deviceNamed(ip, portName, 255).port
  const bridge = master ? dev.port?.bridge : dev.bridge
  if (bridge === undefined || (self && master && dev.bridge === undefined))
    return answered(ip.proc, new Refusal('EOPNOTSUPP'), 255)
  const of = master && !self ? dev.port : port
  if (!vlan) fdbFlush(bridge, (e) => (of === undefined || e.port === of) && tests.every((t) => t(e)))
  return 0
}

/** `bridge fdb …`; the first row that the word begins is taken. */
const commands: readonly (readonly [string, Command])[] = [
  ['add', modify('add')],
  ['append', modify('append')],
  ['replace', modify('replace')],
  ['delete', modify('del')],
  ['get', get],
  ['show', show],
  ['lst', show],
  ['list', show],
  ['flush', flush],
  ['help', (ip) => usage(ip)],
]

export const fdb: Command = (ip, args) => {
  const word = args.shift()
  if (word === undefined) return show(ip, args)
  const row = rowFor(commands, word)
  return row === undefined
    ? die(ip.proc, 255, `Command "${word}" is unknown, try "bridge fdb help".`)
    : row[1](ip, args)
}
