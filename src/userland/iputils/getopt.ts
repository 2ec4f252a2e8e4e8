/** One step of getopt(3): an option with its argument, or what is wrong with it. */
export type Option = { readonly opt: string; readonly arg: string } | { readonly bad: string }

export interface Options {
  readonly options: readonly Option[]
  readonly operands: readonly string[]
}

/**
 * getopt(3) of glibc with short options: `spec` names them, a colon after those that take an argument. Operands may stand
 * anywhere; `--` ends the options. What is wrong is given as getopt words it, without the program's name; callers stop there.
 */
export const getopt = (words: readonly string[], spec: string): Options => {
  const options: Option[] = []
  const operands: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (word === '--') {
      operands.push(...words.slice(i + 1))
      break
    }
    if (word.length < 2 || word.charCodeAt(0) !== 45) {
      operands.push(word)
      continue
    }
    for (let c = 1; c < word.length; c++) {
      const opt = word[c] as string
      const at = opt === ':' ? -1 : spec.indexOf(opt)
      if (at < 0) {
        options.push({ bad: `invalid option -- '${opt}'` })
        continue
      }
      if (spec[at + 1] !== ':') {
        options.push({ opt, arg: '' })
        continue
      }
      const arg = c + 1 < word.length ? word.slice(c + 1) : words[++i]
      options.push(arg === undefined ? { bad: `option requires an argument -- '${opt}'` } : { opt, arg })
      break
    }
  }
  return { options, operands }
}
