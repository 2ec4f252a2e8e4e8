import { expect, it } from 'vitest'
import { trueText, untrueBlocks } from './console-blocks.ts'
import { lessonFiles } from './content-check.ts'
import { LANGS, read } from './files.ts'
import { readLesson } from './lesson.ts'
import { print } from './problem.ts'

const lessons = LANGS.flatMap((lang) => lessonFiles(lang)).map((file) => readLesson(read(file), file))

it('finds console blocks', () => {
  expect(lessons.flatMap((l) => l.consoles).length).toBeGreaterThan(0)
})

it.each(lessons.filter((l) => l.consoles.length > 0))('what $file shows really comes', async (lesson) => {
  expect((await untrueBlocks(lesson)).map(print)).toEqual([])
})

const page = (block: string) => readLesson(`---\ntitle: T\n---\n\nText.\n\n${block}\n`, 'content/en/x.mdx')

it('says where a block is untrue', async () => {
  const lesson = page('```console lab=two-hosts\nA$ echo one\none\nA$ echo two\nthree\n```')
  expect((await untrueBlocks(lesson)).map(print)).toEqual([
    'content/en/x.mdx:11:1: this console block is not true: A$ echo two\n    It says      three\n    really comes two',
  ])
})

it('wants a lab, and something to go on from', async () => {
  expect((await untrueBlocks(page('```console\nA$ true\n```'))).map((p) => p.line)).toEqual([7])
  expect(
    (await untrueBlocks(page('```console lab=two-hosts continue\nA$ true\n```'))).map((p) => p.what),
  ).toEqual(['`continue` needs a block of the same lab before it'])
})

it('writes what really comes, and leaves the rest as it stands', async () => {
  const text =
    '---\ntitle: T\nlab: two-hosts\n---\n\nText.\n\n- Item\n\n  ```console\n  A$ echo one\n  two\n  three\n  A$ true\n  ```\n\n```console\nA$ hostname\n```\n'
  const lesson = readLesson(text, 'content/en/x.mdx')
  expect(await trueText(text, lesson)).toBe(
    text.replace('  two\n  three\n', '  one\n').replace('A$ hostname\n', 'A$ hostname\nA\n'),
  )
})
