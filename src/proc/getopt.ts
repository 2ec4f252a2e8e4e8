/** An option that was found: its short letter, or the name of a long one that has no letter. */
export interface Option {
  readonly name: string
  readonly value: string | undefined
}

/** `required` and `optional` say what a long option's argument is; `short` the letter it stands for. */
export interface LongOption {
  readonly argument?: 'required' | 'optional'
  readonly short?: string
}

export type Options =
  | { readonly options: readonly Option[]; readonly operands: readonly string[] }
  /** What getopt(3) of glibc would say, without the program's name in front. */
  | { readonly error: string }

/**
 * getopt_long(3). `short` is a string of letters, with `:` behind those that have an argument and `::` where it is optional; a `+`
 * in front ends the options at the first operand. Long names may be cut as long as they are unambiguous.
 */
export const getopt = (
  argv: readonly string[],
  short: string,
  long: Readonly<Record<string, LongOption>> = {},
): Options => {
  const inOrder = short.startsWith('+')
  const options: Option[] = []
  const operands: string[] = []
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string
    if (word === '--') {
      operands.push(...argv.slice(i + 1))
      break
    }
    if (word.startsWith('--')) {
      const eq = word.indexOf('=')
      const typed = eq < 0 ? word.slice(2) : word.slice(2, eq)
      const given = eq < 0 ? undefined : word.slice(eq + 1)
      const names = Object.keys(long).filter((n) => n.startsWith(typed))
      const exact = names.includes(typed)
      const [first] = names
      const same = names.every(
        (n) => long[n]?.short !== undefined && long[n].short === long[first ?? '']?.short,
      )
      if (first === undefined) return { error: `unrecognized option '${word}'` }
      if (!exact && names.length > 1 && !same) {
        const all = names.map((n) => `'--${n}'`).join(' ')
        return { error: `option '${word}' is ambiguous; possibilities: ${all}` }
      }
      const name = exact ? typed : first
      const o = long[name] as LongOption
      let value = given
      if (value !== undefined && o.argument === undefined)
        return { error: `option '--${name}' doesn't allow an argument` }
      if (value === undefined && o.argument === 'required') {
        value = argv[++i]
        if (value === undefined) return { error: `option '--${name}' requires an argument` }
      }
      options.push({ name: o.short ?? name, value })
      continue
    }
    if (!word.startsWith('-') || word === '-') {
      if (inOrder) {
        operands.push(...argv.slice(i))
        break
      }
      operands.push(word)
      continue
    }
    for (let k = 1; k < word.length; k++) {
      const c = word[k] as string
      const at = c === ':' || c === '+' ? -1 : short.indexOf(c)
      if (at < 0) return { error: `invalid option -- '${c}'` }
      if (short[at + 1] !== ':') {
        options.push({ name: c, value: undefined })
        continue
      }
      const rest = word.slice(k + 1)
      if (rest !== '' || short[at + 2] === ':')
        options.push({ name: c, value: rest === '' ? undefined : rest })
      else {
        const next = argv[++i]
        if (next === undefined) return { error: `option requires an argument -- '${c}'` }
        options.push({ name: c, value: next })
      }
      break
    }
  }
  return { options, operands }
}
