import { die, notSimulated, rowFor } from './args.ts'
import { addressAdd, addressDelete, addressFlush, addressReplace } from './address-modify.ts'
import { addressShow } from './address-show.ts'
import { unknownCommand, type Command, type CommandTable } from './context.ts'
import { HELP } from './help.ts'

const usage: Command = (ip) => {
  ip.proc.err(HELP.address)
  return 255
}

/** A dump is binary: never to a terminal; what it would hold is not simulated. */
const save: Command = (ip) => {
  if (ip.proc.fds.get(1)?.isTty) return die(ip.proc, 1, 'Not sending a binary stream to stdout')
  return notSimulated(ip.proc, 'address save')
}
const restore: Command = (ip) => {
  if (ip.proc.fds.get(0)?.isTty) return die(ip.proc, 255, "Can't restore address dump from a terminal")
  return notSimulated(ip.proc, 'address restore')
}

/** `ip address …`; the first row that the word begins is taken. */
const commands: CommandTable = [
  ['add', addressAdd],
  ['change', addressReplace],
  ['chg', addressReplace],
  ['replace', addressReplace],
  ['delete', addressDelete],
  ['show', addressShow],
  ['lst', addressShow],
  ['list', addressShow],
  ['flush', addressFlush],
  ['save', save],
  ['showdump', restore],
  ['restore', restore],
  ['help', usage],
]

export const address: Command = (ip, args) => {
  const word = args.shift()
  if (word === undefined) return addressShow(ip, args)
  const row = rowFor(commands, word)
  return row === undefined ? unknownCommand(ip, word, 'address') : row[1](ip, args)
}
