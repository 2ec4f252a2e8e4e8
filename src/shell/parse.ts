import {
  forEachChild,
  parse,
  type HereDocBody,
  type Statement,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash'

/** What became of a text: its commands, and why it ends before its end. */
export interface Parsed {
  readonly text: string
  /** What bash says instead of `near unexpected token`. */
  readonly message?: string
  /** Commands up to the first error. */
  readonly commands: readonly Statement[]
  /** More lines are needed: a quote, a here-document or a compound command is open. */
  readonly incomplete: Incomplete | undefined
  /** `near` is the token that may not stand there. */
  readonly syntaxError: { readonly near: string; readonly line: number; readonly at: number } | undefined
}
export type Incomplete = 'quote' | 'heredoc' | 'command'

const CACHE_SIZE = 500
const cache = new Map<string, Parsed>()

/** Parses a script, the same text only once. Texts are byte strings. */
export const parseScript = (text: string): Parsed => {
  let p = cache.get(text)
  if (p === undefined) {
    p = parseAfresh(text)
    if (cache.size >= CACHE_SIZE) cache.clear()
    cache.set(text, p)
  }
  return p
}

const parseAfresh = (text: string): Parsed => {
  const script = parse(text)
  const error = script.errors?.[0]
  const base = { text, incomplete: undefined, syntaxError: undefined }
  const hidden = text.includes('(') ? hiddenError(script.commands, text) : undefined
  if (hidden !== undefined && (error === undefined || hidden <= error.pos))
    return broken(script.commands, text, hidden)
  if (error === undefined) {
    if (endsInBackslash(text)) return { ...base, commands: [], incomplete: 'command' }
    return {
      ...base,
      commands: script.commands,
      incomplete: openHereDoc(script.commands, text) ? 'heredoc' : undefined,
    }
  }
  const incomplete = (kind: Incomplete): Parsed => ({
    ...base,
    commands: before(script.commands, text, error.pos, true),
    incomplete: kind,
  })
  const unterminated = /^unterminated (.*)/.exec(error.message)
  if (unterminated && !/extended glob/.test(error.message))
    return incomplete(
      /quote|backtick|substitution|expansion/.test(unterminated[1] ?? '') ? 'quote' : 'command',
    )
  // An assignment `x=(1 2` that isn't closed is read on.
  if (unterminated && text.startsWith('=(', error.pos)) return incomplete('command')
  const opener = /^expected command in (?:subshell|brace group)/.test(error.message) ? 1 : 0
  const at = skipBlanks(text, error.pos + opener)
  const message = conditionalError(text, error)
  if (message !== undefined) return { ...broken(script.commands, text, Math.min(at, text.length)), message }
  // The parser has passed the word that stands where `do` should.
  const passed = error.message === "expected 'do'" ? NO_DO.exec(text.slice(0, error.pos))?.[1] : undefined
  if (passed !== undefined) return broken(script.commands, text, error.pos - passed.length)
  if (at < text.length) return broken(script.commands, text, at)
  const misplaced = misplacedIn(error.message, text)
  const near = misplaced?.slice(1).find((g) => g !== undefined)
  if (near !== undefined && misplaced)
    return broken(script.commands, text, misplaced.index + misplaced[0].length - near.length)
  return error.message === 'expected redirect target'
    ? broken(script.commands, text, at)
    : incomplete('command')
}

/** A loop over words that goes on with another word than `do`. */
const NO_DO = /\b(?:for|select)[ \t]+\w+(?:[ \t]+in\b[^;\n]*)?[;\n]\s*(?!do$)([^\s;&|]+)$/

/** A token that may not stand at `at`. */
const broken = (commands: readonly Statement[], text: string, at: number): Parsed => ({
  text,
  commands: before(commands, text, at),
  incomplete: undefined,
  syntaxError: { near: tokenAt(text, at), line: lineOf(text, at), at },
})

/** What bash has run by the time it sees what is wrong at `pos`: it reads lines, so all that ended on lines before. */
const before = (
  commands: readonly Statement[],
  text: string,
  pos: number,
  open = false,
): readonly Statement[] => {
  // A command that is not complete has no length.
  const failing = commands.find(
    (c) => c.end > pos || c.end <= c.pos || (open && text.slice(c.end, pos).trim() === ''),
  )
  const end = Math.min(pos, failing?.pos ?? pos, text.trimEnd().length)
  const start = text.lastIndexOf('\n', end - 1) + 1
  return commands.filter((c) => c.end > c.pos && c.end <= start)
}

/** Errors inside `$(…)`, and functions whose parentheses aren't empty: the parser lets them pass. */
const hiddenError = (commands: readonly Statement[], text: string): number | undefined => {
  let found: number | undefined
  const visit = (node: SyntaxNode): void => {
    if (found !== undefined) return
    if (
      (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') &&
      !node.text.startsWith('`')
    ) {
      const error = node.script?.errors?.[0]
      if (error) found = skipBlanks(text, error.pos)
    } else if (node.type === 'Function') {
      const head = /^[ \t]*\([ \t]*(?!\))/.exec(text.slice(node.name.end))
      if (head) found = node.name.end + head[0].length
    }
    if (found === undefined && !(node.type === 'CommandExpansion' && node.text.startsWith('`')))
      forEachChild(node, visit)
  }
  commands.forEach((c) => visit(c))
  return found
}

/** The last line goes on in the next one (but not a comment). */
const endsInBackslash = (text: string): boolean => {
  const m = /(\\+)\n?$/.exec(text)
  return m !== null && (m[1] as string).length % 2 === 1 && !/(?:^|[\s;])#[^\n]*\n?$/.test(text)
}

/** A keyword that must come next and doesn't; the parser only sees that the command isn't complete. */
const misplacedIn = (message: string, text: string): RegExpExecArray | null => {
  if (
    /^(?:for|select|case|function)[ \t]*(\n|$)/.test(
      text.replace(/^[^]*[;&|({\n]\s*(?=[a-z]+[ \t]*\n?$)/, ''),
    )
  )
    return /(?=\n?$)(\n|$)/.exec(text)
  if (message === "expected 'do'")
    return /\b(?:for|select)[ \t]+\w+(?:[ \t]+in\b[^;\n]*)?[;\n]\s*(?!do\b)([^\s;&|]+)|\b(?:while|until)[ \t]+(done|do)\b|[;\n]\s*(done|fi|esac|then|else)\b/.exec(
      text,
    )
  if (message === "expected 'then'") return /[;\n]\s*(fi|else|elif|done|esac|do)\b/.exec(text)
  if (message === "expected 'in' after 'case' word")
    return /\bcase[ \t]+\S+[ \t]+(?!in\b)([^\s;]+)/.exec(text)
  return null
}

/** What bash says about a `[[` that makes no sense. */
const conditionalError = (text: string, error: { message: string; pos: number }): string | undefined => {
  const open = /(?:^|[\s;&|(])\[\[\s(?![^]*\[\[\s)/.exec(text.slice(0, Math.max(error.pos, 3)))
  if (open === null) return undefined
  const inside = text.slice(open.index + open[0].length)
  if (/^[^\n]*\]\][^\n]*$/m.test(inside) === false) return undefined
  if (error.message === 'expected operand after unary test operator')
    return "unexpected argument `]]' to conditional unary operator"
  if (error.message === "expected ')' to close test group") return "unexpected token `]]', expected `)'"
  if (/^\S+\s+(?:==?|!=|=~|<|>|-[a-z]{2})\s+\]\]/.test(inside))
    return "unexpected argument `]]' to conditional binary operator"
  if (/^unexpected token/.test(error.message)) {
    if (/^\S+\s+(?!==?|!=|=~|<|>|-[a-z]{2}\s|&&|\|\||\]\])\S+/.test(inside))
      return 'conditional binary operator expected'
    if (error.pos <= text.indexOf(']]', open.index)) return 'syntax error in conditional expression'
  }
  return undefined
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** Blanks, newlines and comments before the token that is in the way. */
const skipBlanks = (text: string, pos: number): number => {
  let at = pos
  for (;;) {
    while (/[ \t]/.test(text[at] ?? '')) at++
    if (text[at] === '\\' && text[at + 1] === '\n') at += 2
    else if (text[at] === '#' && (at === 0 || /\s/.test(text[at - 1] ?? ''))) {
      while (at < text.length && text[at] !== '\n') at++
    } else if (text[at] === '\n' && text.slice(at).trim() === '') return text.length
    else return at
  }
}

const tokenAt = (text: string, at: number): string => {
  const rest = text.slice(at)
  if (rest.startsWith('\n')) return 'newline'
  const op = /^(?:;;&|;;|;&|&&|\|\||\|&|&>>|&>|<<<|<<-|<<|>>|>&|<&|<>|>\||[;&|()<>])/.exec(rest)
  if (op) return op[0]
  return /^(?:"[^"]*"|'[^']*'|\\[^]|[^\s;&|()<>])+/.exec(rest)?.[0] ?? 'newline'
}

/** A here-document whose delimiter has not come yet. */
const openHereDoc = (commands: readonly Statement[], text: string): boolean => {
  if (!text.includes('<<')) return false
  let open = false
  const visit = (node: unknown): void => {
    if (open || typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) return node.forEach(visit)
    const n = node as { type?: string; closing?: unknown }
    if (n.type === 'HereDoc') {
      if (n.closing === undefined) open = true
      return
    }
    if (n.type === 'Word') return
    for (const [key, value] of Object.entries(node)) if (key !== 'type') visit(value)
  }
  visit(commands)
  return open
}

const words = new Map<string, Word>()

/** A text as one word of a command: what brace expansion and `[[` build. */
export const parseWord = (text: string): Word => {
  let w = words.get(text)
  if (w === undefined) {
    const command = parse(': ' + text).commands[0]?.command
    const arg = command?.type === 'Command' ? command.suffix[0] : undefined
    w = arg?.type === 'Word' ? arg : { type: 'Word', text, value: text, pos: 0, end: text.length }
    if (words.size >= CACHE_SIZE) words.clear()
    words.set(text, w)
  }
  return w
}

const bodies = new Map<string, HereDocBody>()

/** A text in which only `$` and backticks are special, as in a here-document: arithmetic, prompts. */
export const parseBody = (text: string): readonly WordPart[] | undefined => {
  let b = bodies.get(text)
  if (b === undefined) {
    const command = parse(`: <<\u0001EOF\n${text}\n\u0001EOF\n`).commands[0]?.command
    const doc = command?.type === 'Command' ? command.suffix[0] : undefined
    if (doc?.type !== 'HereDoc') return undefined
    b = doc.body
    if (bodies.size >= CACHE_SIZE) bodies.clear()
    bodies.set(text, b)
  }
  return b.parts
}
