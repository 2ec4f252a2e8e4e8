import { die, matches, notSimulated, rowFor } from '../ip/args.ts'
import { deviceNamed, type Command, type Ip } from '../ip/context.ts'
import { HELP } from '../ip/help.ts'

/** 802.1Q filtering is not simulated: no port has a VLAN, as on a kernel without CONFIG_BRIDGE_VLAN_FILTERING. */

const usage = (ip: Ip): number => {
  ip.proc.err(HELP.vlan)
  return 255
}

const list =
  (head: string): Command =>
  (ip, args) => {
    for (let word = args.shift(); word !== undefined; word = args.shift())
      if (word === 'dev') deviceNamed(ip, args.value(), 255)
      else if (word === 'vid') args.value()
    ip.out.list(() => ip.out.text(head))
    return 0
  }

const modify =
  (verb: string): Command =>
  (ip, args) => {
    const words = args.rest()
    if (!words.includes('dev') || !words.includes('vid'))
      return die(ip.proc, 255, 'Device and VLAN ID are required arguments.')
    return notSimulated(ip.proc, `vlan ${verb}`)
  }

/** `bridge vlan …`; the first row that the word begins is taken. */
const commands: readonly (readonly [string, Command])[] = [
  ['add', modify('add')],
  ['delete', modify('delete')],
  ['show', list('port              vlan-id  \n')],
  ['lst', list('port              vlan-id  \n')],
  ['list', list('port              vlan-id  \n')],
  ['tunnelshow', list('port              vlan-id    tunnel-id\n')],
  ['set', (ip) => notSimulated(ip.proc, 'vlan set')],
  ['global', (ip) => notSimulated(ip.proc, 'vlan global')],
  ['help', (ip) => usage(ip)],
]

export const vlan: Command = (ip, args) => {
  const word = args.shift()
  const row = rowFor(commands, word ?? 'show')
  return row === undefined
    ? die(ip.proc, 255, `Command "${word}" is unknown, try "bridge vlan help".`)
    : row[1](ip, args)
}

/** VXLAN devices are not simulated: there is never one to list. */
export const vni: Command = (ip, args) => {
  const word = args.shift()
  if (word !== undefined && !['show', 'list', 'lst'].some((name) => matches(word, name)))
    return notSimulated(ip.proc, `vni ${word}`)
  ip.out.list(() => ip.out.text('dev               vni              group/remote   \n'))
  return 0
}
