import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { proveExercise } from '../grade/prove.ts'
import { exercise, exerciseFile, exerciseIds, hasExercise, lab } from '../site/catalog.ts'
import { trueText, untrueBlocks } from '../site/console-blocks.ts'
import { checkContent, lessonFiles } from '../site/content-check.ts'
import { LANGS, read } from '../site/files.ts'
import { readLesson } from '../site/lesson.ts'
import { print, type Problem } from '../site/problem.ts'
import { PROGRAMS } from '../userland/table.ts'
import { parseArgs, ROOT, shown } from './files.ts'

/**
 * hop validate [PATH…]: all content, or what lies below the paths: files that can be read, translations in step, sessions
 * true, exercises proved. Status 1 where something is wrong. With --write, console blocks first get what really comes.
 */
export const main = async (words: readonly string[]): Promise<number> => {
  const { rest, flags } = parseArgs(words, ['--write'])
  const paths = rest.map((p) => shown(p).replace(/\/+$/, ''))
  const asked = (file: string): boolean =>
    paths.length === 0 || paths.some((p) => file === p || file.startsWith(p + '/'))
  const problems: Problem[] = checkContent().filter((p) => asked(p.file))
  let lessons = 0
  let exercises = 0
  for (const file of LANGS.flatMap((lang) => lessonFiles(lang)).filter(asked)) {
    lessons++
    if (flags.has('--write')) await writeTrue(file)
    problems.push(...(await untrueBlocks(readLesson(read(file), file))))
  }
  const broken = new Set(problems.map((p) => p.file))
  for (const id of exerciseIds().filter(
    (id) => asked(exerciseFile(id)) && hasExercise(id) && !broken.has(exerciseFile(id)),
  )) {
    exercises++
    const ex = exercise(id)
    for (const b of await proveExercise(ex, lab(ex.lab), PROGRAMS))
      problems.push({
        file: exerciseFile(id),
        line: b.line ?? 1,
        column: 1,
        what: `${b.of}: ${b.what}`,
        todo: `Try it: npm run -s hop -- grade ${id} SESSION`,
      })
  }
  for (const p of problems) process.stdout.write(print(p) + '\n')
  const found = problems.length === 0 ? 'all true' : `${problems.length} problems`
  process.stdout.write(`${lessons} lessons, ${exercises} exercises: ${found}\n`)
  return problems.length === 0 ? 0 : 1
}

const writeTrue = async (file: string): Promise<void> => {
  const text = read(file)
  const came = await trueText(text, readLesson(text, file))
  if (came === text) return
  writeFileSync(join(ROOT, file), came)
  process.stdout.write(`${file}: console blocks written anew\n`)
}
