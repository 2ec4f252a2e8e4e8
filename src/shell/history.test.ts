import { expect, test } from 'vitest'
import { joinHistory } from './history.ts'
import { parseScript } from './parse.ts'

/** The line of history that bash made of these lines, as `history` printed it. */
const RECORDED: readonly (readonly [lines: string, kept: string])[] = [
  ['if true\nthen echo x\nelse\necho y\nfi\n', 'if true; then echo x; else echo y; fi'],
  ['for i in 1 2\ndo\necho $i\ndone\n', 'for i in 1 2; do echo $i; done'],
  ['f() {\necho a\n}\n', 'f() { echo a; }'],
  ['echo a &&\necho b\n', 'echo a && echo b'],
  ['echo a |\ncat\n', 'echo a | cat'],
  ['echo one \\\ntwo\n', 'echo one two'],
  ['case x in\nx) echo ex\n;;\nesac\n', 'case x in x) echo ex; ;; esac'],
  ['(echo a\necho b)\n', '(echo a; echo b)'],
  ['while true; do\nbreak # out\ndone\n', 'while true; do break # out\ndone'],
  ['echo "p\nq" && (\necho r)\n', 'echo "p\nq" && ( echo r)'],
]

test.each(RECORDED)('%j', (lines, kept) => {
  let [text, joined] = ['', '']
  for (const line of lines.match(/.*\n/g) ?? []) {
    joined = joinHistory(joined, text === '' ? undefined : parseScript(text).incomplete, line)
    text += line
  }
  expect(joined).toBe(kept)
})
