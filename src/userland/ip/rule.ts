import { die, matches, notSimulated, rowFor } from './args.ts'
import { unknownCommand, type Command, type CommandTable, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { tableName, tableNamed } from './names.ts'
import { readPrefix } from './prefix.ts'

/** The rules that every namespace has (fib_default_rules_init()); others are not simulated. */
const RULES: readonly (readonly [priority: number, table: number])[] = [
  [0, 255],
  [32766, 254],
  [32767, 253],
]

const usage: Command = (ip) => {
  ip.proc.err(HELP.rule)
  return 255
}

const list: Command = (ip, args) => {
  const { out, opt } = ip
  let table: number | undefined
  let priority: number | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (matches(word, 'table') || matches(word, 'lookup')) {
      const text = args.value()
      table = tableNamed(text) ?? args.invalid(text, 'table id value is invalid\n')
    } else if (word === 'from' || word === 'to') readPrefix(ip, args.value(), 'unspec')
    else if (matches(word, 'priority') || matches(word, 'order') || matches(word, 'preference'))
      priority = args.number('preference value is invalid\n')
    else notSimulated(ip.proc, `rule show ${word}`)
  }
  // IPv6 has no table `default`.
  const rules = opt.family === 'inet6' ? RULES.slice(0, 2) : RULES
  out.list(() => {
    for (const [number, of] of rules) {
      if ((table !== undefined && of !== table) || (priority !== undefined && number !== priority)) continue
      out.object(undefined, () => {
        out.field('priority', number, `${number}:\t`)
        out.field('src', 'all', 'from all ')
        const name = tableName(of, opt.numeric)
        out.field('table', name, `lookup ${name}`)
        if (opt.details) out.field('protocol', 'kernel', ' proto kernel')
        out.text('\n')
      })
    }
  })
  return 0
}

const modify =
  (verb: string): Command =>
  (ip: Ip, args) => {
    if (args.left === 0 && verb === 'add') return die(ip.proc, 1, '"ip rule add" requires arguments.')
    return notSimulated(ip.proc, `rule ${verb}`)
  }

/** `ip rule …`; the first row that the word begins is taken. */
const commands: CommandTable = [
  ['list', list],
  ['lst', list],
  ['show', list],
  ['save', modify('save')],
  ['restore', modify('restore')],
  ['add', modify('add')],
  ['delete', modify('delete')],
  ['flush', modify('flush')],
  ['help', usage],
]

export const rule: Command = (ip, args) => {
  const word = args.shift()
  if (word === undefined) return list(ip, args)
  const row = rowFor(commands, word)
  return row === undefined ? unknownCommand(ip, word, 'rule') : row[1](ip, args)
}
