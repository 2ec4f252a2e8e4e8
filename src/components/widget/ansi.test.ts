import { describe, expect, it } from 'vitest'
import { Ansi, widths } from './ansi.ts'

const plain = (text: string) => ({ text, colour: undefined, bold: false })

describe('Ansi', () => {
  it('reads colours as ip -c prints them', () => {
    expect(new Ansi().read('inet \x1b[35m10.0.0.1\x1b[0m/24\n')).toEqual([
      plain('inet '),
      { text: '10.0.0.1', colour: 'magenta', bold: false },
      plain('/24'),
      'newline',
    ])
  })
  it('keeps a sequence that comes in two pieces', () => {
    const ansi = new Ansi()
    expect(ansi.read('a\x1b[3')).toEqual([plain('a')])
    expect(ansi.read('1mb')).toEqual([{ text: 'b', colour: 'red', bold: false }])
  })
  it('shows nothing of what it does not know, and keeps tabs', () => {
    expect(new Ansi().read('\x1b[?25l\x1b]0;title\x07\x1b(B\x00x\ty')).toEqual([
      plain('x'),
      plain('\t'),
      plain('y'),
    ])
  })
  it('tells carriage returns, backspaces and a cleared screen apart', () => {
    expect(new Ansi().read('.\b\r\x1b[H\x1b[2J')).toEqual([plain('.'), 'back', 'return', 'clear'])
  })
  it('does not wait for ever for the end of a sequence', () => {
    const ansi = new Ansi()
    ansi.read('\x1b]' + 'x'.repeat(300))
    expect(ansi.read('y')).toEqual([plain('y')])
  })
})

describe('widths', () => {
  it('cuts Hangul from Latin', () => {
    expect(widths('ping 한국 x')).toEqual([
      { text: 'ping ', wide: false },
      { text: '한국', wide: true },
      { text: ' x', wide: false },
    ])
  })
})
