import { routeAdd, routeDel, type RouteFlags } from '../../kernel/ipv4/fib_frontend.ts'
import { answered, die, notSimulated, rowFor } from './args.ts'
import { netnsOf, unknownCommand, type Command, type CommandTable } from './context.ts'
import { HELP } from './help.ts'
import { routeGet } from './route-get.ts'
import { routeFlush, routeShow } from './route-show.ts'
import { parseRoute } from './route-words.ts'

/** RTM_NEWROUTE with the flags that each verb stands for (man ip-route(8)). */
const add =
  (flags: RouteFlags): Command =>
  (ip, args) => {
    const { request, refused } = parseRoute(ip, args, false)
    return answered(ip.proc, refused ?? routeAdd(netnsOf(ip), request, flags))
  }

const del: Command = (ip, args) => {
  const { request, refused } = parseRoute(ip, args, true)
  return answered(ip.proc, refused ?? routeDel(netnsOf(ip), request))
}

const usage: Command = (ip) => {
  ip.proc.err(HELP.route)
  return 255
}

/** A dump is binary and never goes to a terminal; what it would hold is not simulated. */
const save: Command = (ip) => {
  if (ip.proc.fds.get(1)?.isTty) return die(ip.proc, 1, 'Not sending a binary stream to stdout')
  return notSimulated(ip.proc, 'route save')
}
const restore: Command = (ip) => {
  if (ip.proc.fds.get(0)?.isTty) return die(ip.proc, 1, "Can't restore route dump from a terminal")
  return notSimulated(ip.proc, 'route restore')
}

/** `ip route …`; the first row that the word begins is taken. */
const commands: CommandTable = [
  ['add', add({ create: true, excl: true })],
  ['change', add({ replace: true })],
  ['chg', add({ replace: true })],
  ['replace', add({ create: true, replace: true })],
  ['prepend', add({ create: true })],
  ['append', add({ create: true, append: true })],
  ['test', add({ excl: true })],
  ['delete', del],
  ['list', routeShow],
  ['lst', routeShow],
  ['show', routeShow],
  ['get', routeGet],
  ['flush', routeFlush],
  ['save', save],
  ['showdump', restore],
  ['restore', restore],
  ['help', usage],
]

export const route: Command = (ip, args) => {
  const word = args.shift()
  if (word === undefined) return routeShow(ip, args)
  const row = rowFor(commands, word)
  return row === undefined ? unknownCommand(ip, word, 'route') : row[1](ip, args)
}
