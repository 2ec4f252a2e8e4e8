import { die, notSimulated, rowFor } from '../ip/args.ts'
import { deviceNamed, type Command, type Ip } from '../ip/context.ts'
import { HELP } from '../ip/help.ts'

/** Multicast snooping is a setting only: the table of groups is always empty. */

const usage = (ip: Ip): number => {
  ip.proc.err(HELP.mdb)
  return 255
}

const show: Command = (ip, args) => {
  const { out } = ip
  for (let word = args.shift(); word !== undefined; word = args.shift())
    if (word === 'dev') deviceNamed(ip, args.value(), 255)
    else if (word === 'vid') args.value()
  out.list(() =>
    out.object(undefined, () => {
      out.array('mdb', () => undefined)
      out.object('router', () => undefined)
    }),
  )
  return 0
}

const modify: Command = (ip, args) => {
  const words = args.rest()
  if (!['dev', 'grp', 'port'].every((key) => words.includes(key)))
    return die(ip.proc, 255, 'Device, group address and port name are required arguments.')
  return notSimulated(ip.proc, 'mdb add and delete')
}

/** `bridge mdb …`; the first row that the word begins is taken. */
const commands: readonly (readonly [string, Command])[] = [
  ['add', modify],
  ['delete', modify],
  ['show', show],
  ['lst', show],
  ['list', show],
  ['help', (ip) => usage(ip)],
]

export const mdb: Command = (ip, args) => {
  const word = args.shift()
  const row = rowFor(commands, word ?? 'show')
  return row === undefined
    ? die(ip.proc, 255, `Command "${word}" is unknown, try "bridge mdb help".`)
    : row[1](ip, args)
}
