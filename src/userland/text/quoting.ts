import { quoteName } from './program.ts'

/** How ls writes names (quotearg of gnulib): the words of --quoting-style. */
export const QUOTING_STYLES = [
  'literal', 'shell', 'shell-always', 'shell-escape', 'shell-escape-always', 'c', 'c-maybe', 'escape', 'locale', 'clocale',
] as const // prettier-ignore
export type QuotingStyle = (typeof QUOTING_STYLES)[number]

/* eslint-disable no-control-regex -- control characters are what this is about */
const UNPRINTABLE = /[\x00-\x1f\x7f-\xff]/g
const NAMED: Readonly<Record<string, string>> = {
  '\n': 'n', '\t': 't', '\r': 'r', '\b': 'b', '\f': 'f', '\v': 'v', '\x07': 'a',
} // prettier-ignore

const escapes = (name: string, more: RegExp): string =>
  name
    .replace(more, '\\$&')
    .replace(UNPRINTABLE, (c) => '\\' + (NAMED[c] ?? c.charCodeAt(0).toString(8).padStart(3, '0')))
/* eslint-enable no-control-regex */

/** `hide`: what cannot be printed is a question mark, in the styles that have no escapes. */
export const quoteIn = (style: QuotingStyle, name: string, hide: boolean): string => {
  const plain = hide ? name.replace(UNPRINTABLE, '?') : name
  switch (style) {
    case 'literal':
      return plain
    case 'shell':
      return quoteName(plain)
    case 'shell-always':
    case 'shell-escape-always': {
      const inside = style === 'shell-always' ? plain : name
      const quoted = quoteName(inside)
      return quoted === inside ? `'${inside}'` : quoted
    }
    case 'shell-escape':
      return quoteName(name)
    case 'c':
      return `"${escapes(name, /["\\]/g)}"`
    case 'c-maybe':
      return escapes(name, /["\\]/g) === name ? name : `"${escapes(name, /["\\]/g)}"`
    case 'escape':
      return escapes(name, /[\\ ]/g)
    case 'locale':
    case 'clocale':
      return `'${escapes(name, /['\\]/g)}'`
  }
}

/** Styles that quote only where it is needed: beside names in quotes, others get a blank. */
export const quotesSome = (style: QuotingStyle): boolean =>
  style === 'shell' || style === 'shell-escape' || style === 'c-maybe'
