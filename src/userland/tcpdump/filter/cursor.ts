import { FilterError, SYNTAX, type Token } from './lex.ts'

/** Reads the tokens of an expression one after the other. */
export class Cursor {
  readonly tokens: readonly Token[]
  at = 0
  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }
  fail(): never {
    throw new FilterError(SYNTAX)
  }
  get token(): Token | undefined {
    return this.tokens[this.at]
  }
  is(text: string): boolean {
    const t = this.token
    return t !== undefined && (t.kind === 'word' || t.kind === 'symbol') && t.text === text
  }
  take(text: string): boolean {
    if (!this.is(text)) return false
    this.at++
    return true
  }
  expect(text: string): void {
    if (!this.take(text)) this.fail()
  }
  number(): number {
    const t = this.token
    if (t?.kind !== 'number') return this.fail()
    this.at++
    return t.value
  }
}
