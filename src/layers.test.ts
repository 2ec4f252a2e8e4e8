import { globSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

/** Imports point one way: each folder and what it may import besides itself. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  wire: [],
  kernel: ['wire'],
  proc: ['wire', 'kernel'],
  shell: ['wire', 'kernel', 'proc'],
  userland: ['wire', 'kernel', 'proc'],
  lab: ['wire', 'kernel', 'proc', 'shell', 'userland'],
  grade: ['wire', 'kernel', 'proc', 'shell', 'userland', 'lab'],
}
/** Packages that the core may use; everything else is for the command line and the site. */
const PACKAGES: readonly string[] = ['ipaddr.js', 'unbash', 'yaml']

const SRC = import.meta.dirname
const files = Object.keys(MAY)
  .flatMap((layer) => globSync(`${SRC}/${layer}/**/*.ts`))
  .filter((f) => !f.endsWith('.test.ts'))
const imports = (file: string): string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /^\s*(?:import|export)\b[^'"]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
    ),
  ].map((m) => m[1] ?? m[2] ?? '')

it('finds the layers', () => {
  for (const layer of Object.keys(MAY))
    expect(
      files.some((f) => f.startsWith(`${SRC}/${layer}/`)),
      layer,
    ).toBe(true)
})

it.each(files.map((f) => relative(SRC, f)))('%s imports downwards only', (file) => {
  const layer = file.split('/')[0] as string
  for (const to of imports(`${SRC}/${file}`)) {
    if (to.startsWith('.')) {
      const target = relative(SRC, resolve(SRC, dirname(file), to)).split('/')[0] as string
      expect([layer, ...(MAY[layer] ?? [])], `${file} imports ${to}`).toContain(target)
    } else expect(PACKAGES, `${file} imports ${to}`).toContain(to)
  }
})
