import { Refusal } from '../../kernel/refusal.ts'
import { anyOf, type Task } from '../../proc/wait.ts'
import { readLine } from '../read-line.ts'
import type { Shell } from '../shell.ts'
import { isName } from '../variables.ts'
import { usage } from './usage.ts'

interface ReadOptions {
  raw: boolean
  array: string | undefined
  delimiter: string
  count: number | undefined
  exactly: boolean
  prompt: string | undefined
  timeout: number | undefined
  fd: number
}

const parse = (sh: Shell, argv: readonly string[]): { o: ReadOptions; names: readonly string[] } | number => {
  const o: ReadOptions = {
    raw: false, array: undefined, delimiter: '\n', count: undefined, exactly: false, prompt: undefined, timeout: undefined, fd: 0,
  } // prettier-ignore
  let i = 1
  for (; i < argv.length; i++) {
    const word = argv[i] as string
    if (word === '--') {
      i++
      break
    }
    if (!/^-./.test(word)) break
    for (let k = 1; k < word.length; k++) {
      const c = word[k] as string
      if (c === 'r') o.raw = true
      else if (c === 's' || c === 'e') continue
      else if ('adinNptu'.includes(c)) {
        const value = k + 1 < word.length ? word.slice(k + 1) : argv[++i]
        if (value === undefined) {
          sh.complain(`read: -${c}: option requires an argument`)
          return usage(sh, 'read', `-${c}`)
        }
        if (c === 'a') o.array = value
        else if (c === 'd') o.delimiter = value === '' ? '\0' : (value[0] as string)
        else if (c === 'p') o.prompt = value
        else if (c === 'n' || c === 'N') {
          if (!/^\d+$/.test(value)) {
            sh.complain(`read: ${value}: invalid number`)
            return 1
          }
          o.count = Number(value)
          o.exactly = c === 'N'
        } else if (c === 't') {
          if (!/^\d*\.?\d*$/.test(value) || value === '') {
            sh.complain(`read: ${value}: invalid timeout specification`)
            return 1
          }
          o.timeout = Number(value)
        } else if (c === 'u') {
          o.fd = Number(value)
          if (!sh.proc.fds.has(o.fd)) {
            sh.complain(`read: ${value}: invalid file descriptor: Bad file descriptor`)
            return 1
          }
        }
        break
      } else return usage(sh, 'read', `-${c}`)
    }
  }
  const names = argv.slice(i)
  for (const n of names) {
    if (!/^[A-Za-z_]\w*(?:\[.+\])?$/.test(n)) {
      sh.complain(`read: \`${n}': not a valid identifier`)
      return 1
    }
  }
  return { o, names }
}

export function* read(sh: Shell, argv: readonly string[]): Task<number> {
  const parsed = parse(sh, argv)
  if (typeof parsed === 'number') return parsed
  const { o, names } = parsed
  const file = sh.proc.fds.get(o.fd)
  if (file === undefined) {
    sh.complain('read: read error: 0: Bad file descriptor')
    return 1
  }
  if (o.prompt !== undefined && file.isTty) sh.proc.err(o.prompt)
  const { text, ended, timedOut } = yield* input(sh, o)
  const value = text

  const status = timedOut ? 142 : ended ? 1 : 0
  if (o.array !== undefined) {
    const v = sh.vars.ensure(o.array)
    v.value = undefined
    v.array = new Map(split(sh, value, Infinity).map((s, i) => [i, unmark(s)]))
  } else if (names.length === 0) sh.vars.set('REPLY', unmark(value))
  else if (o.exactly) {
    sh.vars.set(names[0] as string, unmark(value))
    for (const n of names.slice(1)) sh.vars.set(n, '')
  } else {
    const fields = split(sh, value, names.length)
    names.forEach((n, i) => sh.vars.set(n, unmark(fields[i] ?? '')))
  }
  return status
}

/** Marks a character that a backslash took from IFS; can't come from outside (a byte string has no such character). */
const MARK = '\ue000'
const unmark = (s: string): string => s.replaceAll(MARK, '')

function* input(sh: Shell, o: ReadOptions): Task<{ text: string; ended: boolean; timedOut: boolean }> {
  const deadline = o.timeout === undefined ? undefined : sh.proc.now + o.timeout * 1e9
  const file = sh.proc.fds.get(o.fd)
  let out = ''
  let count = 0
  for (;;) {
    if (o.count !== undefined && count >= o.count) return { text: out, ended: false, timedOut: false }
    if (deadline !== undefined && file) {
      // readLine can't be given up on: wait here until something is there.
      const peeked = yield* waitUntil(sh, file, deadline)
      if (!peeked) return { text: out, ended: true, timedOut: true }
    }
    const line = yield* readLine(sh, o.fd, o.delimiter, o.count === undefined ? undefined : o.count - count)
    if (line === undefined) return { text: out, ended: true, timedOut: false }
    const whole = line.endsWith(o.delimiter) && !o.exactly
    let body = whole ? line.slice(0, -1) : line
    count += body.length
    if (o.raw) return { text: out + body, ended: !whole && o.count === undefined, timedOut: false }
    // A backslash at the end joins the next line; elsewhere it quotes one character.
    const joins = whole && /(?:^|[^\\])(?:\\\\)*\\$/.test(body)
    if (joins) body = body.slice(0, -1)
    out += body.replace(/\\([^])/g, `${MARK}$1`)
    if (!joins) return { text: out, ended: !whole && o.count === undefined, timedOut: false }
  }
}

function* waitUntil(
  sh: Shell,
  file: { readable: import('../../proc/wait.ts').Wait; ready?(): boolean },
  deadline: number,
): Task<boolean> {
  if (file.ready === undefined || file.ready()) return true
  while (sh.proc.now < deadline) {
    if ((yield anyOf(file.readable, sh.proc.after(deadline - sh.proc.now))) === 'signal')
      yield* sh.handleSignals()
    if (file.ready()) return true
  }
  return false
}

/** Cuts a line at IFS into at most `max` fields; the last takes the rest. */
const split = (sh: Shell, text: string, max: number): string[] => {
  const ifs = sh.vars.get('IFS') ?? ' \t\n'
  const out: string[] = []
  const isIfs = (i: number): boolean => ifs.includes(text[i] as string) && text[i - 1] !== MARK
  const isWhite = (i: number): boolean => i < text.length && isIfs(i) && /[ \t\n]/.test(text[i] as string)
  let i = 0
  while (isWhite(i)) i++
  while (i < text.length) {
    if (out.length === max - 1) {
      let end = text.length
      while (end > i && isWhite(end - 1)) end--
      // One separator at the very end belongs to the last field's end, if there is only one field after it.
      const rest = text.slice(i, end)
      const only = rest.length > 0 && isIfs(end - 1) && ![...rest.slice(0, -1)].some((_, k) => isIfs(i + k))
      out.push(only ? rest.slice(0, -1) : rest)
      return out
    }
    let j = i
    while (j < text.length && !isIfs(j)) j++
    out.push(text.slice(i, j))
    while (isWhite(j)) j++
    if (j < text.length && isIfs(j) && !isWhite(j)) {
      j++
      while (isWhite(j)) j++
    }
    i = j
  }
  return out
}

/** mapfile, readarray. */
export function* mapfile(sh: Shell, argv: readonly string[]): Task<number> {
  let strip = false
  let delimiter = '\n'
  let max = Infinity
  let skip = 0
  let fd = 0
  let origin = 0
  let i = 1
  for (; i < argv.length && /^-./.test(argv[i] as string); i++) {
    const word = argv[i] as string
    if (word === '--') {
      i++
      break
    }
    const c = word[1] as string
    if (c === 't') {
      strip = true
      continue
    }
    if (!'dnOsuCc'.includes(c)) return usage(sh, argv[0] as string, word)
    const value = word.length > 2 ? word.slice(2) : (argv[++i] ?? '')
    if (c === 'd') delimiter = value === '' ? '\0' : (value[0] as string)
    else if (c === 'n') max = Number(value) || Infinity
    else if (c === 's') skip = Number(value)
    else if (c === 'u') fd = Number(value)
    else if (c === 'O') origin = Number(value)
    else {
      sh.complain(`${argv[0]}: -${c} is real but not simulated`)
      return 125
    }
  }
  const name = argv[i] ?? 'MAPFILE'
  if (!isName(name)) {
    sh.complain(`${argv[0]}: \`${name}': not a valid identifier`)
    return 1
  }
  const file = sh.proc.fds.get(fd)
  if (file === undefined || file instanceof Refusal) return 1
  const v = sh.vars.ensure(name)
  const array = sh.vars.ensureArray(v)
  if (origin === 0) array.clear()
  for (let n = 0; n < max + skip; n++) {
    const line = yield* readLine(sh, fd, delimiter)
    if (line === undefined) break
    if (n < skip) continue
    array.set(origin++, strip && line.endsWith(delimiter) ? line.slice(0, -1) : line)
  }
  return 0
}
