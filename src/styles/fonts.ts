/**
 * `npm run fonts`: cuts the site's faces into public/fonts. The packages weigh tens of megabytes, so they are
 * fetched into a temporary folder and only the cuts are committed. Run it when fonts.test.ts names a missing letter.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fontverter from 'fontverter'
import subsetFont from 'subset-font'
import { syllablesInUse } from './letters.ts'
import { renamed } from './sfnt.ts'

const PLEX = '@fontsource/ibm-plex-sans-kr@5.3.0'
const D2 = 'd2coding@1.3.2'
/** Only for the pipe, which D2Coding draws with a gap, as another character. */
const PLEX_MONO = '@fontsource/ibm-plex-mono@5.2.7'
const BAR = '|'
const IBM = 'Copyright 2018 IBM Corp.'
const NHN = 'Copyright 2015-2016 NHN Corporation, designed by FONTRIX Inc.'
/** Beyond what stands in content/ today, so that a writer seldom meets a missing letter. */
const COMMON = 1000

const range = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('')

const LATIN = range(0x20, 0x7e) + range(0xa0, 0xff) + '–—‘’“”…•′″←↑→↓−×≤≥≠⊣'
/** What terminals print besides: lines, blocks, arrows, the replacement character. */
const TERMINAL = LATIN + range(0x2190, 0x2193) + range(0x2500, 0x259f) + '■□▲▼◆○●�'
/** Letters alone and CJK punctuation stand in Korean texts too. */
const KOREAN = range(0x3001, 0x3011) + range(0x3131, 0x3163)

/** Google's slices go from rare to common letters: the last ones first, until there are enough. */
function common(unicode: Readonly<Record<string, string>>, enough: number): string {
  const found = new Set<string>()
  const slices = Object.keys(unicode)
    .filter((k) => k.startsWith('['))
    .sort((a, b) => Number(b.slice(1, -1)) - Number(a.slice(1, -1)))
  for (const slice of slices) {
    if (found.size >= enough) break
    for (const part of (unicode[slice] ?? '').split(',')) {
      const [from = 0, to = from] = part
        .replace('U+', '')
        .split('-')
        .map((h) => parseInt(h, 16))
      for (let c = from; c <= to; c++) if (c >= 0xac00 && c <= 0xd7a3) found.add(String.fromCodePoint(c))
    }
  }
  return [...found].join('')
}

async function cut(
  source: string,
  letters: string,
  file: string,
  names: [string, string, string],
): Promise<void> {
  const sfnt = await subsetFont(readFileSync(source), letters, { targetFormat: 'truetype' })
  const woff2 = await fontverter.convert(renamed(Buffer.from(sfnt), ...names), 'woff2')
  writeFileSync(new URL(`../../public/fonts/${file}`, import.meta.url), woff2)
  console.log(`${file} ${(woff2.length / 1024).toFixed(0)} KB, ${[...letters].length} letters asked for`)
}

const folder = mkdtempSync(join(tmpdir(), 'hop-fonts-'))
try {
  execFileSync('npm', ['init', '-y'], { cwd: folder, stdio: 'ignore' })
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', PLEX, D2, PLEX_MONO], {
    cwd: folder,
    stdio: 'inherit',
  })
  const plex = join(folder, 'node_modules/@fontsource/ibm-plex-sans-kr')
  const unicode = JSON.parse(readFileSync(join(plex, 'unicode.json'), 'utf8')) as Record<string, string>
  const hangul = [...new Set([...common(unicode, COMMON), ...syllablesInUse(), ...KOREAN])].sort().join('')
  for (const [weight, style] of [
    ['400', 'Regular'],
    ['600', 'SemiBold'],
  ] as const) {
    const face = (subset: string) => join(plex, `files/ibm-plex-sans-kr-${subset}-${weight}-normal.woff2`)
    await cut(face('latin'), LATIN, `hop-text-latin-${weight}.woff2`, ['Hop Text', style, IBM])
    await cut(face('korean'), hangul, `hop-text-hangul-${weight}.woff2`, ['Hop Text Hangul', style, IBM])
  }
  const d2 = join(folder, 'node_modules/d2coding/fonts/d2coding-full.ttf')
  await cut(d2, TERMINAL.replace(BAR, ''), 'hop-mono-400.woff2', ['Hop Mono', 'Regular', NHN])
  const mono = join(
    folder,
    'node_modules/@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2',
  )
  await cut(mono, BAR, 'hop-mono-bar-400.woff2', ['Hop Mono Bar', 'Regular', IBM])
  await cut(d2, hangul, 'hop-mono-hangul-400.woff2', ['Hop Mono Hangul', 'Regular', NHN])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
