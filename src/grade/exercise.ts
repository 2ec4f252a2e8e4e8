import { ContentError } from '../lab/content-error.ts'
import type { Lab } from '../lab/lab.ts'
import { parseSession, type Session } from '../lab/session.ts'
import { parseYaml, type YamlNode } from '../lab/yaml.ts'
import { parseCheck, type Check } from './check.ts'

/** A text in both languages of the course. */
export interface Text {
  readonly ko: string
  readonly en: string
}

export interface Goal {
  readonly id: string
  readonly text: Text
  readonly check: Check
}

/** An exercise: what is to be reached in a lab, with hints, and the sessions by which it proves itself. */
export interface Exercise {
  /** `switching/first-ping` */
  readonly id: string
  readonly title: Text
  readonly lab: string
  readonly minutes: number
  readonly goals: readonly Goal[]
  readonly hints: readonly Text[]
  readonly solutions: readonly { readonly session: Session }[]
  readonly wrong: readonly {
    readonly because: Text
    readonly fails: readonly string[]
    readonly session: Session
  }[]
}

/** Reads an exercise file. `labOf(name)` gives the lab, undefined where there is none of that name. */
export const parseExercise = (
  text: string,
  file: string,
  id: string,
  labOf: (name: string) => Lab | undefined,
): Exercise => {
  const top = parseYaml(text, file).map(
    'the exercise',
    ['title', 'lab', 'minutes', 'goals', 'hints', 'solutions', 'wrong'],
    ['title', 'lab', 'goals', 'solutions'],
  )
  const labNode = top.lab as YamlNode
  const name = labNode.text('lab')
  const lab = labOf(name)
  if (lab === undefined)
    return labNode.fail(`no lab "${name}"`, `Put it at content/labs/${name}.clab.yml, or mend the name.`)
  const nodes = lab.nodes.map((n) => n.name)
  const goals = (top.goals as YamlNode).list('goals').map((g) => parseGoal(g, lab))
  if (goals.length === 0) (top.goals as YamlNode).fail('an exercise needs a goal', 'Write at least one.')
  const ids = goals.map((g) => g.id)
  ids.forEach((goal, i) => {
    if (ids.indexOf(goal) !== i)
      (top.goals as YamlNode).fail(`two goals are called "${goal}"`, 'Give each goal an id of its own.')
  })
  const minutes = top.minutes?.number('minutes') ?? 5
  if (!(minutes > 0 && minutes <= 240))
    top.minutes?.fail(`${minutes} is no number of minutes`, 'Write 1 to 240.')
  return {
    id,
    title: parseText(top.title as YamlNode, 'title'),
    lab: name,
    minutes,
    goals,
    hints: top.hints?.list('hints').map((h) => parseText(h, 'a hint')) ?? [],
    solutions: (top.solutions as YamlNode).list('solutions').map((s) => ({
      session: session(s.map('a solution', ['session'], ['session']).session as YamlNode, nodes),
    })),
    wrong: top.wrong?.list('wrong').map((w) => parseWrong(w, nodes, ids)) ?? [],
  }
}

const parseGoal = (node: YamlNode, lab: Lab): Goal => {
  const m = node.map('a goal', ['id', 'text', 'check'], ['id', 'text', 'check'])
  const id = (m.id as YamlNode).text('id')
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id))
    (m.id as YamlNode).fail(`"${id}" is no id of a goal`, 'Use small letters, digits and hyphens.')
  return { id, text: parseText(m.text as YamlNode, 'text'), check: parseCheck(m.check as YamlNode, lab) }
}

const parseWrong = (
  node: YamlNode,
  nodes: readonly string[],
  goals: readonly string[],
): Exercise['wrong'][number] => {
  const m = node.map('a wrong session', ['because', 'fails', 'session'], ['because', 'fails', 'session'])
  const fails = (m.fails as YamlNode).list('fails').map((f) => f.oneOf('goal', goals))
  if (fails.length === 0)
    (m.fails as YamlNode).fail('a wrong session must fail a goal', 'Name the goals that it fails.')
  return {
    because: parseText(m.because as YamlNode, 'because'),
    fails,
    session: session(m.session as YamlNode, nodes),
  }
}

/** `{ ko: …, en: … }`: a missing translation stops the build. */
const parseText = (node: YamlNode, what: string): Text => {
  const m = node.map(what, ['ko', 'en'], ['ko', 'en'])
  const ko = (m.ko as YamlNode).text(`${what}.ko`)
  const en = (m.en as YamlNode).text(`${what}.en`)
  if (ko.trim() === '') (m.ko as YamlNode).fail(`${what} has no Korean text`, 'Write it after "ko:".')
  if (en.trim() === '') (m.en as YamlNode).fail(`${what} has no English text`, 'Write it after "en:".')
  return { ko, en }
}

/** A session within YAML: mistakes are told with the line of the YAML file. */
const session = (node: YamlNode, nodes: readonly string[]): Session => {
  const { file, column } = node.where
  const first = node.contentLine
  try {
    return parseSession(node.string('session'), nodes, file)
  } catch (e) {
    if (!(e instanceof ContentError) || e.line === 0) throw e
    throw new ContentError({ file, line: first + e.line - 1, column: Math.max(1, column) }, e.what, e.todo)
  }
}
