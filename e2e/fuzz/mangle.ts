import type { Chance } from './random.ts'

/** Text that nobody types: control bytes, other scripts, halves of surrogate pairs, things that look like syntax. */
const ODD = [
  '\0', '\x01', '\x03', '\x04', '\x07', '\b', '\t', '\v', '\r', '\x1b[31m', '\x1b]0;x\x07', '\x7f', '\x80', '\xff', '\u00e9', '한글', '한', '日本', '🙂', '\u200b', '\u2028', '\ud800', '\udfff',
  '\ufeff', '“', '’', '–', '$', '`', '"', "'", '\\', '|', '||', '&', '&&', ';', ';;', '(', ')', '((', '))', '{', '}', '[', ']', '[[', ']]', '<', '>', '<<', '<<<', '>&', '!', '!!', '!$', '#', '*', '?', '~', '%',
  '$(', '${', '$((', '`', '=', '+=', '\n', '\\\n', ' ', '  ', '-', '--', '/', '//', '..', ',', ':', '::', '@',
] as const // prettier-ignore

/** Spoils a text by bytes: some taken out, put in, doubled, replaced or moved; sometimes only cut short. */
export const mangle = (c: Chance, text: string): string => {
  let t = text
  for (let n = 1 + c.below(6); n > 0; n--) {
    const at = c.below(t.length + 1)
    switch (c.below(7)) {
      case 0:
        t = t.slice(0, at) + t.slice(at + 1 + c.below(4))
        break
      case 1:
        t = t.slice(0, at) + c.pick(ODD) + t.slice(at)
        break
      case 2:
        t = t.slice(0, at) + c.pick(ODD) + t.slice(at + 1)
        break
      case 3:
        t = t.slice(0, at) + String.fromCharCode(c.below(0x250)) + t.slice(at + 1)
        break
      case 4:
        t = t.slice(0, at) + t.slice(Math.max(0, at - c.below(12)))
        break
      case 5:
        t = t.slice(0, at)
        break
      default:
        t = t.slice(at) + t.slice(0, at)
    }
  }
  return t
}
