import { Refusal } from '../../kernel/refusal.ts'
import { escapeRegExp, fnmatch } from '../../proc/fnmatch.ts'
import type { OpenFile } from '../../proc/file.ts'
import type { Main, Process } from '../../proc/process.ts'
import { RegexError, compileRegex } from '../../proc/regcomp.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import {
  Lines,
  complain,
  openInput,
  parseOptions,
  programName,
  quoteName,
  splitLines,
  readWhole,
} from './program.ts'
import { BoundedRegExp } from '../../proc/bounded-regexp.ts'

const USAGE = 'Usage: grep [OPTION]... PATTERNS [FILE]...\n'

/** Everything that the options say. */
interface Grep {
  readonly proc: Process
  readonly matcher: RegExp
  readonly invert: boolean
  readonly count: boolean
  readonly only: boolean
  readonly quiet: boolean
  readonly list: 'l' | 'L' | undefined
  readonly max: number
  readonly numbers: boolean
  readonly offsets: boolean
  readonly names: boolean
  readonly silent: boolean
  readonly before: number
  readonly after: number
  readonly color: boolean
  readonly text: boolean
  readonly nullName: boolean
  readonly initialTab: boolean
  readonly lineBuffered: boolean
  readonly label: string | undefined
  readonly separator: string | undefined
}

/** grep(1), egrep, fgrep; 0 where a line was selected, 1 where none was, 2 on errors. */
export const grep: Main = function* (proc) {
  const name = programName(proc)
  proc.argv = ['grep', ...proc.argv.slice(1)]
  // `grep -5` is `-C 5`.
  proc.argv = proc.argv.flatMap((a) => (/^-\d+$/.test(a) ? ['-C', a.slice(1)] : [a]))
  const o = parseOptions(proc, {
    short: 'abcEe:FGf:hHiInoPqrRsvVwxyZzA:B:C:d:D:lLm:TU',
    long: {
      'after-context': { argument: 'required', short: 'A' }, 'basic-regexp': { short: 'G' }, 'before-context': { argument: 'required', short: 'B' },
      binary: { short: 'U' }, 'byte-offset': { short: 'b' }, color: { argument: 'optional' }, colour: { argument: 'optional' }, context: { argument: 'required', short: 'C' },
      count: { short: 'c' }, 'dereference-recursive': { short: 'R' }, directories: { argument: 'required', short: 'd' }, exclude: { argument: 'required' },
      'exclude-dir': { argument: 'required' }, 'extended-regexp': { short: 'E' }, file: { argument: 'required', short: 'f' }, 'files-with-matches': { short: 'l' },
      'files-without-match': { short: 'L' }, 'fixed-strings': { short: 'F' }, 'group-separator': { argument: 'required' }, 'ignore-case': { short: 'i' },
      include: { argument: 'required' }, 'initial-tab': { short: 'T' }, 'invert-match': { short: 'v' }, label: { argument: 'required' },
      'line-buffered': {}, 'line-number': { short: 'n' }, 'line-regexp': { short: 'x' }, 'max-count': { argument: 'required', short: 'm' },
      'no-filename': { short: 'h' }, 'no-group-separator': {}, 'no-ignore-case': {}, 'no-messages': { short: 's' }, null: { short: 'Z' },
      'only-matching': { short: 'o' }, 'perl-regexp': { short: 'P' }, quiet: { short: 'q' }, recursive: { short: 'r' }, regexp: { argument: 'required', short: 'e' },
      silent: { short: 'q' }, text: { short: 'a' }, 'with-filename': { short: 'H' }, 'word-regexp': { short: 'w' },
    },
    synopsis: USAGE,
    notSimulated: ['z', 'null-data', 'binary-files=', 'exclude-from=', 'devices='],
    status: 2,
  }) // prettier-ignore
  const patterns: string[] = []
  for (const x of o.options) {
    if (x.name === 'e') patterns.push(...(x.value ?? '').split('\n'))
    if (x.name !== 'f') continue
    const file = openInput(proc, x.value ?? '')
    const text = file instanceof Refusal ? file : yield* readWhole(file)
    if (text instanceof Refusal) {
      complain(proc, `${x.value}: ${strerror(text.errno)}`)
      return 2
    }
    patterns.push(...splitLines(text).map((l) => l.replace(/\n$/, '')))
  }
  let files = [...o.operands]
  if (!o.has('e') && !o.has('f')) {
    const pattern = files.shift()
    if (pattern === undefined) {
      proc.err(`${USAGE}Try 'grep --help' for more information.\n`)
      return 2
    }
    patterns.push(...pattern.split('\n'))
  }
  const number = (n: string): number => {
    const v = o.value(n)
    if (v === undefined) return 0
    if (/^\d+$/.test(v)) return Number(v)
    if (n === 'm' && /^-\d+$/.test(v)) return Infinity
    complain(proc, n === 'm' ? 'invalid max count' : `${v}: invalid context length argument`)
    return proc.exit(2)
  }
  const context = number('C')
  const recursive = o.has('r') || o.has('R') || o.value('d') === 'recurse'
  const kind =
    o.options.findLast((x) => 'EFGP'.includes(x.name) && x.name.length === 1)?.name ??
    (name === 'egrep' ? 'E' : name === 'fgrep' ? 'F' : 'G')
  if (kind === 'G' || kind === 'E') for (const p of patterns) warn(proc, p, kind === 'E')
  let matcher: RegExp
  try {
    const shape = { ignoreCase: o.options.findLast((x) => x.name === 'i' || x.name === 'y' || x.name === 'no-ignore-case')?.name.length === 1, word: o.has('w'), line: o.has('x') } // prettier-ignore
    matcher = compile(patterns, kind, shape)
  } catch (e) {
    if (!(e instanceof RegexError)) throw e
    complain(proc, e.message.startsWith('Unmatched [') ? 'Invalid regular expression' : e.message)
    return 2
  }
  const color = o.options.findLast((x) => x.name === 'color' || x.name === 'colour')
  const out = proc.fds.get(1)
  if (color && !['always', 'never', 'auto', undefined].includes(color.value)) {
    proc.err(`${USAGE}Try 'grep --help' for more information.\n`)
    return 2
  }
  if (files.length === 0) files = recursive ? ['.'] : ['-']
  const g: Grep = {
    proc,
    matcher,
    invert: o.has('v'),
    count: o.has('c'),
    only: o.has('o'),
    quiet: o.has('q'),
    list: o.options.findLast((x) => x.name === 'l' || x.name === 'L')?.name as 'l' | 'L' | undefined,
    max: o.value('m') === undefined ? Infinity : number('m'),
    numbers: o.has('n'),
    offsets: o.has('b'),
    names: o.options.findLast((x) => x.name === 'h' || x.name === 'H')?.name === 'H' || (!o.has('h') && (files.length > 1 || (recursive && files.some((f) => isFolder(proc, f))))),
    silent: o.has('s'),
    before: o.value('B') === undefined ? context : number('B'),
    after: o.value('A') === undefined ? context : number('A'),
    color: color?.value === 'always' || (color !== undefined && color.value !== 'never' && out?.isTty === true),
    text: o.has('a'),
    nullName: o.has('Z'),
    initialTab: o.has('T'),
    lineBuffered: o.has('line-buffered'),
    label: o.value('label'),
    separator: o.has('no-group-separator') ? undefined : (o.value('group-separator') ?? '--'),
  } // prettier-ignore
  const filter = (path: string): boolean => {
    const base = path.slice(path.lastIndexOf('/') + 1)
    const includes = o.options.filter((x) => x.name === 'include')
    if (includes.length > 0 && !includes.some((x) => fnmatch(x.value ?? '', base))) return false
    return !o.options.some((x) => x.name === 'exclude' && fnmatch(x.value ?? '', base))
  }
  let matched = false
  let failed = false
  const state: State = { firstGroup: true }
  for (const operand of files) {
    const isDir = operand !== '-' && isFolder(proc, operand)
    const paths = recursive && isDir ? walk(proc, operand, o.options.filter((x) => x.name === 'exclude-dir').map((x) => x.value ?? '')).filter(filter) : [operand] // prettier-ignore
    for (const path of paths) {
      const shown =
        operand === '.' && files.length === 1 && o.operands.length < 2 && recursive
          ? path.replace(/^\.\//, '')
          : path
      const file = openInput(proc, path)
      if (file instanceof Refusal) {
        failed = true
        if (!g.silent) complain(proc, `${quoteName(path)}: ${strerror(file.errno)}`)
        continue
      }
      const r = yield* search(g, file, shown === '-' ? (g.label ?? '(standard input)') : shown, state)
      if (r instanceof Refusal) {
        if (r.errno === 'EISDIR' && o.value('d') === 'skip') continue
        failed = r.errno !== 'EISDIR' || failed
        const where = path === '-' ? '(standard input)' : quoteName(path)
        if (!g.silent) complain(proc, `${where}: ${strerror(r.errno)}`)
        continue
      }
      matched ||= r
      if (matched && g.quiet) return 0
    }
  }
  return failed ? 2 : matched ? 0 : 1
}

/** What grep 3.8 finds odd about a pattern, and takes all the same. */
const warn = (proc: Process, pattern: string, extended: boolean): void => {
  const say = (text: string): void => complain(proc, `warning: ${text}`)
  if (extended && /^[*+?]|[(|][*+?]/.test(pattern)) {
    const c = /^[*+?]|[(|]([*+?])/.exec(pattern)
    say(`${c?.[1] ?? c?.[0] ?? '*'} at start of expression`)
  }
  for (const [, c = ''] of pattern.replace(/\[[^\]]*\]/g, '').matchAll(/\\([^])/g)) {
    if (/[wWsSbB<>`'1-9]/.test(c) || /[!-/:-@[-`{-~]/.test(c)) continue
    say(`stray \\ before ${/\s/.test(c) ? 'white space' : c}`)
  }
}

interface State {
  firstGroup: boolean
}

const isFolder = (proc: Process, path: string): boolean => {
  const node = proc.lookup(path)
  return !(node instanceof Refusal) && (node.kind === 'dir' || node.kind === 'virtual-dir')
}

const walk = (proc: Process, dir: string, excluded: readonly string[], depth = 0): string[] => {
  const names = proc.host.fs.readdir(dir, proc.cwd, proc)
  if (names instanceof Refusal || depth > 40) return []
  return [...names].flatMap((n) => {
    const path = `${dir.replace(/\/$/, '')}/${n}`
    const node = proc.lookup(path, true)
    if (node instanceof Refusal || node.kind === 'symlink') return []
    // Devices are passed over on the way; only those that are named are read.
    if (node.kind === 'special' && node.char) return []
    if (node.kind !== 'dir' && node.kind !== 'virtual-dir') return [path]
    return excluded.some((x) => fnmatch(x, n)) ? [] : walk(proc, path, excluded, depth + 1)
  })
}

const compile = (
  patterns: readonly string[],
  kind: string,
  o: { ignoreCase: boolean; word: boolean; line: boolean },
): RegExp => {
  const flags = 'g' + (o.ignoreCase ? 'i' : '')
  const wrap = (source: string): string =>
    o.line ? `^(?:${source})$` : o.word ? `(?<!\\w)(?:${source})(?!\\w)` : source
  const sources = patterns.map((p) => {
    if (kind === 'F') return wrap(escapeRegExp(p))
    if (kind === 'P') return wrap(perl(p))
    return wrap(compileRegex(p, { extended: kind === 'E' }).source.replace(/^\(\?:\)$/, ''))
  })
  try {
    return new BoundedRegExp(
      sources.length === 1 ? (sources[0] as string) : sources.map((s) => `(?:${s})`).join('|'),
      flags,
    )
  } catch {
    throw new RegexError(kind === 'P' ? 'unrecognized character in pattern' : 'Invalid regular expression')
  }
}

/** PCRE as far as it differs from JavaScript: classes, \A \z \h \K, possessive quantifiers, (?i). */
const perl = (p: string): string =>
  p
    .replace(/\[\[:(\w+):\]\]/g, (_, c: string) => compileRegex(`[[:${c}:]]`).source)
    .replace(/\\A/g, '^')
    .replace(/\\[zZ]/g, '$')
    .replace(/\\h/g, '[ \\t]')
    .replace(/^(.*)\\K/, '(?<=$1)')
    .replace(/([*+?}])\+/g, '$1')
    .replace(/\\Q(.*?)(?:\\E|$)/g, (_, s: string) => escapeRegExp(s))

const COLORS = {
  match: '\x1b[01;31m\x1b[K',
  name: '\x1b[35m\x1b[K',
  number: '\x1b[32m\x1b[K',
  separator: '\x1b[36m\x1b[K',
  end: '\x1b[m\x1b[K',
}

/** Searches one file; whether a line of it was selected. */
function* search(g: Grep, file: OpenFile, name: string, state: State): Task<boolean | Refusal> {
  const { proc, matcher } = g
  const paint = (color: string, s: string): string => (g.color ? color + s + COLORS.end : s)
  const prefix = (n: number, offset: number, mark: ':' | '-'): string => {
    let s = ''
    if (g.names) s += paint(COLORS.name, name) + (g.nullName ? '\0' : paint(COLORS.separator, mark))
    if (g.numbers)
      s +=
        paint(COLORS.number, g.initialTab ? String(n).padStart(4) : String(n)) + paint(COLORS.separator, mark)
    if (g.offsets) s += paint(COLORS.number, String(offset)) + paint(COLORS.separator, mark)
    return g.initialTab && s !== '' ? s + '\t' : s
  }
  const printing = !g.quiet && !g.count && !g.list
  const lines = new Lines(file)
  const waiting: { text: string; n: number; offset: number }[] = []
  let selected = 0
  let offset = 0
  let afterLeft = 0
  let lastShown = 0
  for (let n = 1; ; n++) {
    if (selected >= g.max && afterLeft === 0) break
    const line = yield* lines.next()
    if (line === undefined) break
    const text = line.endsWith('\n') ? line.slice(0, -1) : line
    const at = offset
    offset += line.length
    if (!g.text && text.includes('\0') && printing) {
      matcher.lastIndex = 0
      if (matcher.test(text) === g.invert) continue
      proc.out(`grep: ${name}: binary file matches\n`)
      return true
    }
    matcher.lastIndex = 0
    const hit = selected < g.max && matcher.test(text) !== g.invert
    if (hit) {
      selected++
      if (g.quiet || g.list) break
      if (!printing) continue
      if ((g.before > 0 || g.after > 0) && g.separator !== undefined && !g.only) {
        const from = waiting[0]?.n ?? n
        if (!state.firstGroup && (lastShown === 0 || from > lastShown + 1))
          yield* proc.print(paint(COLORS.separator, g.separator) + '\n')
      }
      state.firstGroup = false
      if (g.only) {
        if (!g.invert) {
          matcher.lastIndex = 0
          for (let m; (m = matcher.exec(text)) !== null;) {
            if (m[0] === '') {
              matcher.lastIndex++
              continue
            }
            yield* proc.print(prefix(n, at + m.index, ':') + paint(COLORS.match, m[0]) + '\n')
          }
        }
      } else {
        for (const w of waiting) yield* proc.print(prefix(w.n, w.offset, '-') + w.text + '\n')
        waiting.length = 0
        matcher.lastIndex = 0
        const shown =
          g.color && !g.invert ? text.replace(matcher, (m) => (m === '' ? '' : paint(COLORS.match, m))) : text
        yield* proc.print(prefix(n, at, ':') + shown + '\n')
        lastShown = n
        afterLeft = g.after
      }
      if (g.lineBuffered) proc.flush()
    } else if (printing && !g.only) {
      if (afterLeft > 0) {
        afterLeft--
        lastShown = n
        yield* proc.print(prefix(n, at, '-') + text + '\n')
      } else if (g.before > 0) {
        waiting.push({ text, n, offset: at })
        if (waiting.length > g.before) waiting.shift()
      }
    }
  }
  if (lines.refusal) return lines.refusal
  const any = selected > 0
  if (g.count && !g.quiet && !g.list)
    proc.out(`${g.names ? paint(COLORS.name, name) + paint(COLORS.separator, ':') : ''}${selected}\n`)
  if (g.list && !g.quiet && any === (g.list === 'l'))
    proc.out(paint(COLORS.name, name) + (g.nullName ? '\0' : '\n'))
  return g.list === 'L' ? !any : any
}
