import type { Incomplete } from './parse.ts'
import type { Shell } from './shell.ts'

/** Commands that are remembered (HISTSIZE). */
const MAX_HISTORY = 500

export const addToHistory = (sh: Shell, line: string): void => {
  if (line.trim() === '') return
  sh.history.push(line)
  if (sh.history.length > MAX_HISTORY) sh.history.shift()
}

/** Ends of a line after which a semicolon would be wrong. */
const NO_SEMICOLON = /(?:^|[\s;&|(){}])(?:case|do|else|elif|if|in|then|until|while)$|[{();&|]$/
const COMMENT = /(?:^|[\s;])#[^\n]*$/

/**
 * The lines of one command become one line of history (bash's cmdhist, history_delimiting_chars() in parse.y). `open` says
 * what the lines in `kept` left open; undefined where there are none.
 */
export const joinHistory = (kept: string, open: Incomplete | undefined, line: string): string => {
  const next = line.replace(/\n$/, '')
  if (open === undefined) return next
  if (open === 'heredoc') return `${kept}\n${next}`
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(kept)) return kept.slice(0, -1) + next
  if (open === 'quote' || COMMENT.test(kept)) return `${kept}\n${next}`
  return `${kept}${NO_SEMICOLON.test(kept.trimEnd()) ? ' ' : '; '}${next}`
}

/** The name of an event goes on up to a blank or what delimits words, events and designators (history_event_delimiter_chars). */
const EVENT =
  /!(?:(!)|(-?\d+)|\?([^?\n]+)\??|([$^*])|(?![\s="(]|$)([^\s:^$*%;&()|<>"-]*))(?::([0-9]+|[$^*]))?/y

/** History expansion: `!!`, `!-2`, `!ping`, `!?x?`, `!$`, with `:n`, and `^old^new`. Undefined where there is no such event. */
export const expandHistory = (sh: Shell, line: string): string | undefined => {
  if (!sh.options.histexpand || (!line.includes('!') && !line.startsWith('^'))) return line
  const quick = /^\^([^^\n]+)\^([^^\n]*)\^?/.exec(line)
  if (quick) {
    const last = sh.history.at(-1)
    const [, from = '', to = ''] = quick
    if (last === undefined || !last.includes(from)) {
      sh.proc.err(`bash: :s${line.trimEnd()}: substitution failed\n`)
      return undefined
    }
    const next = last.replace(from, () => to) + line.slice(quick[0].length)
    sh.proc.err(next)
    return next
  }
  let out = ''
  let changed = false
  let inSingle = false
  const done = (text: string): string => {
    if (changed) sh.proc.err(text)
    return text
  }
  for (let i = 0; i < line.length;) {
    const c = line[i] as string
    if (c === "'" && !inDouble(line, i)) inSingle = !inSingle
    if (c === '\\' && !inSingle) {
      out += line.slice(i, i + 2)
      i += 2
      continue
    }
    EVENT.lastIndex = i
    // The history comment character: what follows on the line is left alone.
    if (c === '#' && !inSingle && !inDouble(line, i) && (i === 0 || /[\s;]/.test(line[i - 1] ?? '')))
      return done(out + line.slice(i))
    const m =
      c === '!' && !inSingle && line[i - 1] !== '$' && line[i - 1] !== '{' && line[i - 1] !== '['
        ? EVENT.exec(line)
        : null
    if (m === null) {
      out += c
      i++
      continue
    }
    const text = event(sh, m)
    if (text === undefined) {
      sh.proc.err(`bash: ${m[0]}: event not found\n`)
      return undefined
    }
    out += text
    changed = true
    i = EVENT.lastIndex
  }
  return done(out)
}

const inDouble = (line: string, at: number): boolean =>
  (line.slice(0, at).match(/(?<!\\)"/g) ?? []).length % 2 === 1

const event = (sh: Shell, m: RegExpExecArray): string | undefined => {
  const [, bang, number, contains, word, prefix] = m
  const { history } = sh
  let found: string | undefined
  if (bang || word) found = history.at(-1)
  else if (number) found = Number(number) < 0 ? history.at(Number(number)) : history[Number(number) - 1]
  else if (contains) found = history.findLast((h) => h.includes(contains))
  else found = prefix ? history.findLast((h) => h.startsWith(prefix)) : undefined
  if (found === undefined) return undefined
  const designator = word ?? m[6]
  if (designator === undefined) return found
  const words = found.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? []
  if (designator === '$') return words.at(-1)
  if (designator === '^') return words[1]
  if (designator === '*') return words.slice(1).join(' ')
  return words[Number(designator)]
}
