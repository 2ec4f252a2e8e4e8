import { Refusal } from '../../kernel/refusal.ts'
import { linkDel, linkNew, linkSet, type LinkChange, type LinkRequest } from '../../kernel/rtnl/link.ts'
import { answered, die, matches, notSimulated, type Args } from './args.ts'
import { deviceNamed, netnsOf, type Command, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { isAltname, parseLink, type LinkWords } from './link-args.ts'
import { parseType } from './link-type.ts'
import { groupNamed } from './names.ts'

const needsDev = (ip: Ip): never => die(ip.proc, 255, 'Not enough information: "dev" argument is required.')

/** A device with the given name, the peer's words after it. */
type Peer = NonNullable<LinkRequest['peer']>

const parsePeer = (ip: Ip, args: Args): LinkWords | undefined => {
  const word = args.shift()
  if (word === undefined) return undefined
  if (word !== 'peer') {
    ip.proc.err(HELP.veth)
    ip.proc.exit(1)
  }
  return parseLink(ip, args, true, 'veth')
}

const peerRequest = (w: LinkWords): Peer => {
  const name = w.name ?? w.dev
  const { mtu, txqlen, ns } = w.change
  return {
    ...(name !== undefined && { name }),
    ...(w.mac !== undefined && { mac: w.mac }),
    ...(mtu !== undefined && { mtu }),
    ...(txqlen !== undefined && { txqlen }),
    ...(ns !== undefined && { ns }),
    ...(w.ifindex !== undefined && { ifindex: w.ifindex }),
  }
}

/** What rtnl_create_link() refuses before the type has its say. */
const cannotCreate = (w: LinkWords): Refusal | undefined => {
  const name = w.name ?? w.dev
  if (name !== undefined && name.length > 15)
    return new Refusal('EINVAL', 'Attribute failed policy validation')
  if (w.mac !== undefined && w.mac.length !== 6) return new Refusal('EINVAL')
  return w.refused
}

/** `ip link add`: RTM_NEWLINK with NLM_F_CREATE | NLM_F_EXCL. */
export const linkAdd: Command = (ip, args) => create(ip, args, false)

/** `ip link replace`: without NLM_F_EXCL. A bridge that is there takes the options, a veth can not be changed. */
export const linkReplace: Command = (ip, args) => create(ip, args, true)

const create = (ip: Ip, args: Args, replace: boolean): number => {
  const w = parseLink(ip, args, true)
  const { type } = w
  if (type === undefined) return die(ip.proc, 1, 'Not enough information: "type" argument is required')
  const options = parseType(ip, args, type)
  const peer = options.type === 'veth' ? parsePeer(ip, args) : undefined
  const refused = cannotCreate(w) ?? (peer && cannotCreate(peer))
  if (refused) return answered(ip.proc, refused)
  if (options.type === 'bridge_slave') return answered(ip.proc, new Refusal('EOPNOTSUPP'))
  const { mtu, txqlen, up, master, group, ns } = w.change
  const name = w.name ?? w.dev
  const home = ns ?? netnsOf(ip)
  const there = name === undefined ? undefined : home.device(name)
  if (there !== undefined && !replace) return answered(ip.proc, new Refusal('EEXIST'))
  if (options.type === 'unknown') return answered(ip.proc, new Refusal('EOPNOTSUPP', 'Unknown device type'))
  const other = w.other ?? peer?.other
  if (other !== undefined) return notSimulated(ip.proc, other)
  if (there !== undefined)
    return answered(
      ip.proc,
      options.type === 'bridge'
        ? linkSet(there, { ...w.change, bridge: options.bridge })
        : options.type === 'refused'
          ? options.refusal
          : new Refusal('EOPNOTSUPP'),
    )
  // What is refused of a device that was made already costs it its number.
  if (options.type === 'refused') {
    home.freeIfindex()
    return answered(ip.proc, options.refusal)
  }
  // The peer is brought up before it has an other end (veth_open()).
  if (peer?.change.up) {
    ;(peer.change.ns ?? netnsOf(ip)).freeIfindex()
    return answered(ip.proc, new Refusal('ENOTCONN'))
  }
  const made = linkNew(home, {
    kind: options.type,
    ...(name !== undefined && { name }),
    ...(w.mac !== undefined && { mac: w.mac }),
    ...(mtu !== undefined && { mtu }),
    ...(txqlen !== undefined && { txqlen }),
    ...(up !== undefined && { up }),
    ...(w.ifindex !== undefined && { ifindex: w.ifindex }),
    ...(options.type === 'bridge' && { bridge: options.bridge }),
    ...(options.type === 'veth' && { peer: { ns: netnsOf(ip), ...(peer && peerRequest(peer)) } }),
  })
  if (made instanceof Refusal) return answered(ip.proc, made)
  const later: LinkChange = { ...(master !== undefined && { master }), ...(group !== undefined && { group }) }
  return answered(ip.proc, linkSet(made, later))
}

/** `ip link set`: do_setlink() on a device, or on all devices of a group. */
export const linkChange: Command = (ip, args) => {
  const w = parseLink(ip, args, false)
  const { change } = w
  if (w.type !== undefined) {
    const options = parseType(ip, args, w.type)
    if (options.type === 'refused') w.refused = options.refusal
    else if (options.type === 'bridge' && Object.keys(options.bridge).length > 0)
      change.bridge = options.bridge
    else if (options.type === 'bridge_slave' && Object.keys(options.port).length > 0)
      change.port = options.port
    else if (options.type === 'veth') parsePeer(ip, args)
  }
  if (w.dev === undefined && w.ofGroup !== undefined) {
    for (const dev of [...netnsOf(ip).devices.values()]) {
      if (dev.group !== w.ofGroup) continue
      const refusal = w.refused ?? linkSet(dev, change)
      if (refusal) return answered(ip.proc, refusal)
    }
    return 0
  }
  if (w.dev === undefined) return needsDev(ip)
  if (w.ifindex !== undefined && change.ns === undefined)
    return die(
      ip.proc,
      255,
      'index can be used only when creating devices or when moving device to another netns.',
    )
  const dev = deviceNamed(ip, w.dev)
  if (w.other !== undefined && w.refused === undefined) notSimulated(ip.proc, w.other)
  if (w.mac !== undefined) {
    if (w.mac.length !== 6) return die(ip.proc, 1, `Invalid address length ${w.mac.length} - must be 6 bytes`)
    change.mac = w.mac
  }
  if (w.name !== undefined && w.name !== dev.name) change.name = w.name
  return answered(ip.proc, w.refused ?? linkSet(dev, change))
}

/** `ip link delete` */
export const linkDelete: Command = (ip, args) => {
  let name: string | undefined
  let group: number | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'group') {
      const text = args.value()
      group = groupNamed(text) ?? args.invalid(text, 'Invalid "group" value\n')
    } else if (matches(word, 'type')) {
      const type = args.value()
      if (name === undefined && group === undefined) return needsDev(ip)
      deviceOrGroup(ip, name)
      parseType(ip, args, type)
    } else if (matches(word, 'help')) {
      ip.proc.err(HELP.link)
      return 255
    } else {
      const dev = word === 'dev' || word === 'name' ? args.value() : word
      if (name !== undefined) args.garbage('dev', dev)
      if (!isAltname(dev)) args.invalid(dev, '"dev" not a valid ifname')
      name = dev
    }
  }
  if (name === undefined && group !== undefined) return deleteGroup(ip, group)
  if (name === undefined) return needsDev(ip)
  return answered(ip.proc, linkDel(deviceNamed(ip, name)))
}

const deviceOrGroup = (ip: Ip, name: string | undefined): void => {
  if (name !== undefined) deviceNamed(ip, name)
}

/** rtnl_group_dellink(): never the default group. */
const deleteGroup = (ip: Ip, group: number): number => {
  const { devices } = netnsOf(ip)
  if (group === 0) return answered(ip.proc, new Refusal('EPERM'))
  const members = [...devices.values()].filter((dev) => dev.group === group)
  if (members.length === 0) return answered(ip.proc, new Refusal('ENODEV'))
  if (members.some((dev) => dev.kind === 'loopback')) return answered(ip.proc, new Refusal('EOPNOTSUPP'))
  for (const dev of members) if (devices.get(dev.ifindex) === dev) linkDel(dev)
  return 0
}

/** `ip link property add|del dev DEV altname NAME` */
export const linkProperty: Command = (ip, args) => {
  const verb = args.shift()
  if (verb === undefined || matches(verb, 'help')) {
    ip.proc.err(HELP.link)
    return 255
  }
  if (!matches(verb, 'add') && !matches(verb, 'delete')) return die(ip.proc, 255, 'Operator required')
  let name: string | undefined
  const altnames: string[] = []
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'altname') {
      const altname = args.value()
      if (!isAltname(altname)) args.invalid(altname, 'not a valid altname')
      altnames.push(altname)
    } else {
      const dev = word === 'dev' ? args.value() : word
      if (name !== undefined) args.garbage('dev', dev)
      name = dev
    }
  }
  if (name === undefined) return die(ip.proc, 255, 'Not enough of information: "dev" argument is required.')
  const dev = deviceNamed(ip, name)
  for (const altname of altnames) {
    const refusal = linkSet(dev, matches(verb, 'add') ? { addAltname: altname } : { delAltname: altname })
    if (refusal) return answered(ip.proc, refusal)
  }
  return 0
}
