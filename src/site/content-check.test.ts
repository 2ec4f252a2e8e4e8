/** Every kind of mistake an instructor makes stops the build with file, line, column, what, and what to do. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkContent, contentCheck } from './content-check.ts'
import { print } from './problem.ts'

const roots: string[] = []
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

const LAB = `name: two-hosts
topology:
  nodes:
    A: { kind: linux }
    B: { kind: linux }
  links:
    - endpoints: ["A:eth0", "B:eth0"]
`
const EXERCISE = `title: { ko: 첫 ping, en: First ping }
lab: two-hosts
minutes: 5
goals:
  - id: reach
    text: { ko: A에서 B로 ping이 된다, en: A can ping B }
    check: { ping: { from: A, to: 192.168.1.11 } }
hints:
  - { ko: 주소가 없습니다, en: There is no address }
solutions:
  - session: |
      A$ ip addr add 192.168.1.10/24 dev eth0
      B$ ip addr add 192.168.1.11/24 dev eth0
wrong: []
`
const LESSON = `---
title: 두 기계
---

## 하나

<Exercise id="switching/first-ping">

하세요.

</Exercise>
`
const RIGHT: Readonly<Record<string, string>> = {
  'content/labs/two-hosts.clab.yml': LAB,
  'content/exercises/switching/first-ping.yml': EXERCISE,
  'content/ko/switching/two-machines.mdx': LESSON,
  'content/en/switching/two-machines.mdx': LESSON,
}

/** A course that has these files (undefined: not there) in place of the right ones. */
function course(change: Readonly<Record<string, string | undefined>>): string {
  const root = `${mkdtempSync(join(tmpdir(), 'hop-content-'))}/`
  roots.push(root)
  for (const [file, text] of Object.entries({ ...RIGHT, ...change })) {
    if (text === undefined) continue
    mkdirSync(dirname(root + file), { recursive: true })
    writeFileSync(root + file, text)
  }
  return root
}

/** What is said about it. */
const said = (change: Readonly<Record<string, string | undefined>>): string[] =>
  checkContent(course(change)).map(print)

/** What `astro build` does with it. */
const build = async (change: Readonly<Record<string, string | undefined>>): Promise<void> => {
  const setup = contentCheck(course(change)).hooks['astro:config:setup'] as unknown as (o: {
    command: 'build'
  }) => Promise<void>
  await setup({ command: 'build' })
}

/** The same wrong lesson in both languages; what is said about the Korean one. */
const lesson = (text: string): string[] =>
  said({
    'content/ko/switching/two-machines.mdx': text,
    'content/en/switching/two-machines.mdx': text,
  }).filter((p) => p.startsWith('content/ko/'))

const ko = 'content/ko/switching/two-machines.mdx'

describe('a right course', () => {
  it('has no mistakes', async () => {
    expect(said({})).toEqual([])
    await build({})
  })
})

describe('a lesson', () => {
  it('that names an unknown exercise', () => {
    expect(lesson(LESSON.replace('first-ping', 'frist-ping'))).toEqual([
      `${ko}:7:1: <Exercise id="switching/frist-ping">: there is no content/exercises/switching/frist-ping.yml\n` +
        '    Did you mean `switching/first-ping`?',
    ])
  })
  it('that names an unknown component', () => {
    expect(lesson(LESSON.replaceAll('Exercise', 'Excercise'))).toEqual([
      `${ko}:7:1: unknown component <Excercise>\n    Did you mean \`Exercise\`?`,
    ])
  })
  it('that misspells an attribute', () => {
    expect(lesson(LESSON.replace('id=', 'ids='))).toEqual([
      `${ko}:7:1: <Exercise> has no attribute \`ids\`\n    Did you mean \`id\`?`,
      `${ko}:7:1: <Exercise> needs the attribute \`id\`\n    Write id="…".`,
    ])
  })
  it('that names an unknown lab, in a component and in a fence', () => {
    const text = `${LESSON}\n<Lab lab="two-host" />\n\n\`\`\`console lab=tow-hosts\nA$ true\n\`\`\`\n`
    expect(lesson(text)).toEqual([
      `${ko}:13:1: <Lab lab="two-host">: there is no content/labs/two-host.clab.yml\n    Did you mean \`two-hosts\`?`,
      `${ko}:15:1: lab=tow-hosts: there is no content/labs/tow-hosts.clab.yml\n    Did you mean \`two-hosts\`?`,
    ])
  })
  it('with an unknown key in its frontmatter', () => {
    expect(lesson(LESSON.replace('title:', 'minuts: 5\ntitle:'))).toEqual([
      `${ko}:2:1: unknown key \`minuts\` in the frontmatter\n    Did you mean \`minutes\`?`,
    ])
  })
  it('without a title, or without frontmatter', () => {
    expect(lesson(LESSON.replace('title: 두 기계', 'minutes: 5'))).toEqual([
      `${ko}:2:1: the frontmatter has no \`title\`\n    Add \`title: …\`.`,
    ])
    expect(lesson(LESSON.slice(LESSON.indexOf('##')))[0]).toMatch(`${ko}:1:1: a page begins with frontmatter`)
  })
  it('with a tag that is not closed', () => {
    expect(lesson(LESSON.replace('</Exercise>', ''))[0]).toMatch(new RegExp(`^${ko}:7:1: .*<Exercise>`))
  })
  it('with a choice outside a question', () => {
    expect(lesson(`${LESSON}\n<Choice>x</Choice>\n`)).toEqual([
      `${ko}:13:1: <Choice> stands inside <Quiz> or <Predict> only`,
    ])
  })
})

describe('a link', () => {
  it('to a page that does not exist', () => {
    expect(
      lesson(`${LESSON}\n[x](/ko/switching/two-machine/) [y](/ko/switching/two-machines) [z](/ko/)\n`),
    ).toEqual([
      `${ko}:13:1: there is no page /ko/switching/two-machine/\n    Did you mean \`/ko/switching/two-machines/\`?`,
      `${ko}:13:33: there is no page /ko/switching/two-machines\n    End it with a slash: /ko/switching/two-machines/`,
    ])
  })
  it('in `needs`', () => {
    expect(lesson(LESSON.replace('title:', 'needs: [switching/two-machine]\ntitle:'))).toEqual([
      `${ko}:2:1: \`needs\` names switching/two-machine, and there is no content/ko/switching/two-machine.mdx\n` +
        '    Did you mean `switching/two-machines`?',
    ])
  })
})

describe('translations', () => {
  it('of a page that exists in one language only', () => {
    expect(said({ 'content/en/switching/two-machines.mdx': undefined })).toEqual([
      `${ko}:1:1: missing translation: content/en/switching/two-machines.mdx\n` +
        '    Write content/en/switching/two-machines.mdx.',
    ])
    expect(said({ 'content/ko/switching/two-machines.mdx': undefined })).toEqual([
      `content/en/switching/two-machines.mdx:1:1: missing translation: ${ko}\n    Write ${ko}.`,
    ])
  })
  it('of a page that lacks an exercise', () => {
    expect(said({ 'content/en/switching/two-machines.mdx': '---\ntitle: Two\n---\n' })).toEqual([
      'content/en/switching/two-machines.mdx:1:1: the translation lacks <Exercise id="switching/first-ping">\n' +
        `    It stands at ${ko}:7.`,
    ])
  })
})

describe('a lab', () => {
  const file = 'content/labs/two-hosts.clab.yml'
  it('with a misspelt key', () => {
    expect(said({ [file]: LAB.replace('topology', 'topologie') })[0]).toMatch(
      new RegExp(`^${file}:2:1: unknown key "topologie".*\n.*Did you mean "topology"`),
    )
  })
  it('whose link names no node', () => {
    expect(said({ [file]: LAB.replace('"B:eth0"', '"C:eth0"') })[0]).toMatch(`${file}:7:29: no node "C"`)
  })
})

describe('the build stops', () => {
  it('at any of these', async () => {
    await expect(build({ 'content/en/switching/two-machines.mdx': undefined })).rejects.toThrow(
      'content/ko/switching/two-machines.mdx:1:1: ',
    )
  })
  it('at a console block that is not true', async () => {
    const text = `${LESSON}\n\`\`\`console lab=two-hosts\nA$ hostname\nB\n\`\`\`\n`
    await expect(build({ [ko]: text, [ko.replace('/ko/', '/en/')]: text })).rejects.toThrow(
      `${ko}:15:1: this console block is not true: A$ hostname\n    It says      B\n    really comes A`,
    )
  })
})
