/** Contrast of every pair in use, computed from tokens.css (WCAG 2.2, 1.4.3 and 1.4.11). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

function colours(selector: string): Map<string, string> {
  const found = new Map<string, string>()
  const blocks = css.matchAll(/([^{}]+)\{([^{}]*)\}/g)
  for (const [, head = '', body = ''] of blocks) {
    if (head.replace(/\/\*[\s\S]*?\*\//g, '').trim() !== selector) continue
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})\b/g))
      found.set(name, value)
  }
  return found
}

const light = colours(':root')
const dark = new Map([...light, ...colours(":root[data-theme='dark']")])

/** Relative luminance, WCAG 2.2 "relative luminance". */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [hi = 0, lo = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (hi + 0.05) / (lo + 0.05)
}

const GROUNDS = ['--paper', '--surface', '--sunken', '--line-wash']
const TEXT: [string, readonly string[]][] = [
  ['--ink', GROUNDS],
  ['--ink-2', GROUNDS],
  ['--line', GROUNDS],
  ['--packet', ['--paper', '--surface', '--sunken', '--packet-wash']],
  ['--stop', ['--paper', '--surface', '--sunken', '--stop-wash']],
  ['--paper', ['--line']],
  ['--live-ink', ['--live', '--live-2']],
  ['--live-ink-2', ['--live', '--live-2']],
  ['--live-line', ['--live', '--live-2']],
  ['--live-stop', ['--live', '--live-2']],
]
const UI: [string, readonly string[]][] = [
  ['--edge', ['--paper', '--surface', '--sunken']],
  ['--packet-fill', ['--paper', '--surface', '--sunken']],
  ['--focus', GROUNDS],
  ['--live-focus', ['--live', '--live-2']],
  ['--live-edge', ['--live', '--live-2']],
]

describe.each([
  ['light', light],
  ['dark', dark],
])('%s', (_, theme) => {
  const of = (name: string): string => {
    const value = theme.get(name)
    if (value === undefined) throw new Error(`tokens.css has no ${name}`)
    return value
  }
  it.each(TEXT)('%s is readable on %j', (name, grounds) => {
    for (const ground of grounds) {
      if (ground === name) continue
      expect([ground, contrast(of(name), of(ground)) >= 4.5]).toEqual([ground, true])
    }
  })
  it.each(UI)('%s is visible on %j', (name, grounds) => {
    for (const ground of grounds)
      expect([ground, contrast(of(name), of(ground)) >= 3]).toEqual([ground, true])
  })
})

it('takes every colour of the site from here', () => {
  for (const file of ['site', 'home', 'lesson', 'exercise']) {
    const text = readFileSync(new URL(`./${file}.css`, import.meta.url), 'utf8').replace(
      /@media print \{[\s\S]*$/,
      '',
    )
    expect([file, text.match(/#[0-9a-f]{3,8}\b/gi) ?? []]).toEqual([file, []])
  }
})
