import type { Main } from '../../proc/process.ts'
import { PAGES, type Page } from './man-pages.ts'

const WIDTH = 80

const wrapped = (text: string, indent: number): string =>
  text
    .split('\n')
    .map((paragraph) => {
      const lines: string[] = []
      let line = ''
      for (const word of paragraph.split(' ')) {
        if (line !== '' && indent + visible(line) + 1 + visible(word) > WIDTH) {
          lines.push(line)
          line = word
        } else line = line === '' ? word : `${line} ${word}`
      }
      lines.push(line)
      return lines.map((l) => (l === '' ? '' : ' '.repeat(indent) + l)).join('\n')
    })
    .join('\n')

/** Marks of bold text take no room. */
// eslint-disable-next-line no-control-regex -- the marks of bold text
const visible = (s: string): number => s.replace(/[\x01\x02]/g, '').length

const render = (name: string, p: Page, bold: boolean): string => {
  const title = `${name.toUpperCase()}(${p.section})`
  const middle = 'Hop by Hop'
  const left = Math.floor((WIDTH - middle.length) / 2) - title.length
  const header =
    title + ' '.repeat(left) + middle + ' '.repeat(WIDTH - title.length * 2 - left - middle.length) + title
  const section = (head: string, body: string): string => `\x01${head}\x02\n${body}\n\n`
  const text =
    `${header}\n\n` +
    section('NAME', wrapped(`${name} - ${p.summary}`, 7)) +
    section('SYNOPSIS', p.synopsis.map((s) => wrapped(s, 7)).join('\n')) +
    (p.text === undefined ? '' : section('DESCRIPTION', wrapped(p.text.trim(), 7)))
  // eslint-disable-next-line no-control-regex -- the marks of bold text
  return (
    text
      .trimEnd()
      .replace(/\x01/g, bold ? '\x1b[1m' : '')
      .replace(/\x02/g, bold ? '\x1b[0m' : '') + '\n'
  )
}

/** man(1), apropos(1), whatis(1), with our own short pages. */
// eslint-disable-next-line require-yield -- never waits
export const main: Main = function* (proc) {
  const name = proc.name.replace(/^.*\//, '')
  let words = proc.argv.slice(1)
  let mode = name === 'apropos' ? 'k' : name === 'whatis' ? 'f' : ''
  if (words[0] === '-k' || words[0] === '--apropos') mode = 'k'
  else if (words[0] === '-f' || words[0] === '--whatis') mode = 'f'
  words = words.filter((w) => !/^-/.test(w))
  const section = /^\d$/.test(words[0] ?? '') && words.length > 1 ? Number(words.shift()) : undefined
  if (words.length === 0) {
    if (mode === '') proc.err("What manual page do you want?\nFor example, try 'man man'.\n")
    else proc.err(`${mode === 'k' ? 'apropos' : 'whatis'} what?\n`)
    return 1
  }
  let status = 0
  for (const word of words) {
    if (mode !== '') {
      const found = Object.entries(PAGES).filter(([n, p]) =>
        mode === 'f' ? n === word : `${n} ${p.summary}`.toLowerCase().includes(word.toLowerCase()),
      )
      for (const [n, p] of found) proc.out(`${`${n} (${p.section})`.padEnd(20)} - ${p.summary}\n`)
      if (found.length > 0) continue
      proc.err(`${word}: nothing appropriate.\n`)
      status = 16
      continue
    }
    const page = Object.hasOwn(PAGES, word) ? PAGES[word] : undefined
    if (page === undefined || (section !== undefined && page.section !== section)) {
      proc.err(`No manual entry for ${word}${section === undefined ? '' : ` in section ${section}`}\n`)
      status = 16
      continue
    }
    proc.out(render(word, page, proc.fds.get(1)?.isTty === true))
  }
  return status
}
