import { notSimulated, rowFor } from './args.ts'
import { unknownCommand, type Command, type CommandTable, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { linkAdd, linkChange, linkDelete, linkProperty, linkReplace } from './link-modify.ts'
import { linkShow } from './link-show.ts'

const usage: Command = (ip, args) => {
  const type = args.shift()
  const help =
    type === 'veth'
      ? HELP.veth
      : type === 'bridge'
        ? HELP.bridgeType
        : type === 'bridge_slave'
          ? HELP.bridgeSlave
          : undefined
  ip.proc.err(help ?? HELP.link)
  return help === undefined ? 255 : 0
}

const only =
  (what: string): Command =>
  (ip: Ip) =>
    notSimulated(ip.proc, what)

/** `ip link …`; the first row that the word begins is taken. */
const commands: CommandTable = [
  ['add', linkAdd],
  ['set', linkChange],
  ['change', linkChange],
  ['replace', linkReplace],
  ['delete', linkDelete],
  ['show', linkShow],
  ['lst', linkShow],
  ['list', linkShow],
  ['xstats', only('link xstats')],
  ['afstats', only('link afstats')],
  ['property', linkProperty],
  ['help', usage],
]

export const link: Command = (ip, args) => {
  const word = args.shift()
  if (word === undefined) return linkShow(ip, args)
  const row = rowFor(commands, word)
  return row === undefined ? unknownCommand(ip, word, 'link') : row[1](ip, args)
}
