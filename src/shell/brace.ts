/** Words that one brace expansion may give: keeps `{1..99999999}` from eating the page. */
const MAX_WORDS = 100_000

/** Brace expansion of one word of the source, quotes and all (bash(1), Brace Expansion). */
export const expandBraces = (text: string): string[] => {
  const budget = { left: MAX_WORDS }
  return expand(text, budget)
}

const expand = (text: string, budget: { left: number }): string[] => {
  for (let i = 0; i < text.length; i = skip(text, i)) {
    if (text[i] !== '{') continue
    const body = group(text, i)
    if (body === undefined) continue
    const items =
      body.parts.length > 1
        ? body.parts.flatMap((p) => expand(p, budget))
        : sequence(body.parts[0] ?? '', budget)
    if (items === undefined) continue
    const before = text.slice(0, i)
    const after = expand(text.slice(body.end), budget)
    const out: string[] = []
    for (const item of items) {
      for (const rest of after) {
        if (budget.left-- <= 0) return out
        out.push(before + item + rest)
      }
    }
    return out
  }
  return [text]
}

/** The next character that may be special: quotes and `${…}`, `$(…)` are passed over whole. */
const skip = (s: string, i: number): number => {
  const c = s[i]
  if (c === '\\') return i + 2
  if (c === "'") {
    const end = s.indexOf("'", i + 1)
    return end < 0 ? s.length : end + 1
  }
  if (c === '"' || c === '`') {
    let j = i + 1
    while (j < s.length && s[j] !== c) j += s[j] === '\\' ? 2 : 1
    return j + 1
  }
  if (c === '$' && (s[i + 1] === '{' || s[i + 1] === '(')) {
    const close = s[i + 1] === '{' ? '}' : ')'
    const open = s[i + 1] as string
    let depth = 0
    for (let j = i + 1; j < s.length; j++) {
      if (s[j] === '\\') j++
      else if (s[j] === open) depth++
      else if (s[j] === close && --depth === 0) return j + 1
    }
  }
  return i + 1
}

const group = (s: string, open: number): { parts: string[]; end: number } | undefined => {
  const parts: string[] = []
  let depth = 0
  let from = open + 1
  for (let i = open; i < s.length; i = skip(s, i)) {
    if (s[i] === '{') depth++
    else if (s[i] === '}' && --depth === 0) {
      parts.push(s.slice(from, i))
      return { parts, end: i + 1 }
    } else if (s[i] === ',' && depth === 1) {
      parts.push(s.slice(from, i))
      from = i + 1
    }
  }
  return undefined
}

const sequence = (body: string, budget: { left: number }): string[] | undefined => {
  const m = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(body)
  if (m === null) return undefined
  const [, a = '', b = '', s] = m
  const letters = /^[A-Za-z]$/.test(a)
  if (letters !== /^[A-Za-z]$/.test(b)) return undefined
  const from = letters ? a.charCodeAt(0) : Number(a)
  const to = letters ? b.charCodeAt(0) : Number(b)
  const step = Math.abs(Number(s ?? 1)) || 1
  const padded = !letters && (/^-?0\d/.test(a) || /^-?0\d/.test(b))
  const width = padded ? Math.max(a.length, b.length) : 0
  const out: string[] = []
  for (let n = from; from <= to ? n <= to : n >= to; n += from <= to ? step : -step) {
    if (budget.left-- <= 0) break
    if (letters) out.push(String.fromCharCode(n))
    else
      out.push(
        width === 0
          ? String(n)
          : n < 0
            ? '-' + String(-n).padStart(width - 1, '0')
            : String(n).padStart(width, '0'),
      )
  }
  return out
}
