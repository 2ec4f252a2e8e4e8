/**
 * Exercises and labs of the course, read from `content/` when a page or a check asks for them.
 * The one place where the site calls their parsers.
 */
import { existsSync, statSync } from 'node:fs'
import { type Exercise, parseExercise } from '../grade/exercise.ts'
import { type Lab, parseLab } from '../lab/lab.ts'
import { files, read, ROOT } from './files.ts'
import { type Lesson, readLesson } from './lesson.ts'

const EXERCISES = 'content/exercises/'
const LABS = 'content/labs/'
const LAB_END = '.clab.yml'

export const exerciseFile = (id: string): string => `${EXERCISES}${id}.yml`
export const labFile = (name: string): string => `${LABS}${name}${LAB_END}`

export const exerciseIds = (root = ROOT): string[] =>
  files(`${EXERCISES}**/*.yml`, root).map((f) => f.slice(EXERCISES.length, -'.yml'.length))
export const labNames = (root = ROOT): string[] =>
  files(`${LABS}*${LAB_END}`, root).map((f) => f.slice(LABS.length, -LAB_END.length))

/** Files named under `binds` lie beside the labs. */
const bind = (root: string) => (path: string) =>
  existsSync(root + LABS + path) ? read(LABS + path, root) : undefined

/** Parsed once per change of its file: a page asks several times. */
const cache = new Map<string, { readonly stamp: number; readonly value: unknown }>()
function once<T>(file: string, root: string, parser: (text: string, file: string) => T): T {
  const stamp = statSync(root + file).mtimeMs
  const known = cache.get(root + file)
  if (known?.stamp === stamp) return known.value as T
  const value = parser(read(file, root), file)
  cache.set(root + file, { stamp, value })
  return value
}

export const lesson = (file: string, root = ROOT): Lesson => once(file, root, readLesson)

export const exercise = (id: string, root = ROOT): Exercise =>
  once(exerciseFile(id), root, (text, file) =>
    parseExercise(text, file, id, (name) => (hasLab(name, root) ? lab(name, root) : undefined)),
  )
export const lab = (name: string, root = ROOT): Lab =>
  once(labFile(name), root, (text, file) => parseLab(text, file, bind(root)))
export const hasExercise = (id: string, root = ROOT): boolean => existsSync(root + exerciseFile(id))
export const hasLab = (name: string, root = ROOT): boolean => existsSync(root + labFile(name))

/** Nodes with a terminal, in the lab's order. */
export const shellNodes = (lab: Lab): string[] =>
  lab.nodes.filter((n) => n.labels.shell !== 'no').map((n) => n.name)
