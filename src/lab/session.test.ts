import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ContentError } from './content-error.ts'
import { isKey, keyFollows, parseSession, printSession } from './session.ts'

const parse = (text: string) => parseSession(text, ['A', 'B', 'sw-1'], 'x.session')
const commands = (text: string) => parse(text).commands.map(({ node, text: t, output }) => [node, t, output])

describe('parseSession', () => {
  test('prompts of the lab’s nodes only', () => {
    expect(commands('A$ echo\nC$ no\nsw-1$ ls\nB $ no\nA$\n')).toEqual([
      ['A', 'echo', ['C$ no']],
      ['sw-1', 'ls', ['B $ no', 'A$']],
    ])
  })
  test('continuations only right after the prompt', () => {
    expect(commands('A$ cat <<E\n> a\n>\n>  b\n> E\na\n> c\n')).toEqual([
      ['A', 'cat <<E\na\n\n b\nE', ['a', '> c']],
    ])
  })
  test('comments only right before a prompt', () => {
    const s = parse('## lab: x\n## why\nA$ x\n## out\nline\n## next\nB$ y\n## last\n')
    expect(s.commands.map((c) => c.comments)).toEqual([['## lab: x', '## why'], ['## next']])
    expect(s.commands.map((c) => c.output)).toEqual([['## out', 'line'], ['## last']])
    expect(s.commands.map((c) => c.line)).toEqual([3, 7])
  })
  test('escapes, Ctrl-C and exit status', () => {
    const s = parse('A$ x\n\\A$ y\n\\> z\n\\\\\n\\^C\n^C\n^C 6.2s\n\\[exit 3]\n\n[exit 130]\n')
    expect(s.commands[0]?.output).toEqual([
      'A$ y',
      '> z',
      '\\',
      '^C',
      { ctrlC: null },
      { ctrlC: 6.2 },
      '[exit 3]',
      '',
    ])
    expect(s.commands[0]?.exit).toBe(130)
  })
  test('keys of a second terminal', () => {
    const s = parse('A$ tcpdump\nB$ ping A\nA$ ^C\n1 packet\nB$ ls\n')
    expect(s.commands.map(isKey)).toEqual([false, false, true, false])
    expect(s.commands.map((_, i) => keyFollows(s, i))).toEqual([true, false, false, false])
  })
  test('files from elsewhere: byte order mark, CRLF, no last newline, nothing', () => {
    expect(commands('\ufeffA$ x\r\ny\r\n')).toEqual([['A', 'x', ['y']]])
    expect(commands('A$ x\ny\rz')).toEqual([['A', 'x', ['y\rz']]])
    expect(commands('')).toEqual([])
    expect(commands('\n\nA$ x')).toEqual([['A', 'x', []]])
  })
  test.each([
    [
      'hello\n',
      'x.session:1:1: "hello" stands before the first prompt. Begin with a prompt such as "A$ ip addr"; this lab has A, B, sw-1.',
    ],
    [
      'sw1$ ls\n',
      'x.session:1:1: "sw1$ ls" stands before the first prompt. Did you mean sw-1$ ? This lab has A, B, sw-1.',
    ],
    [
      'A$ x\n[exit x]\n',
      'x.session:2:1: "[exit x]" is no exit status. Write [exit N] with N from 0 to 255, or \\[exit … where the command printed it.',
    ],
    [
      'A$ x\n[exit 256]\n',
      'x.session:2:1: "[exit 256]" is no exit status. Write [exit N] with N from 0 to 255, or \\[exit … where the command printed it.',
    ],
    [
      'A$ x\n[exit 1]\ny\n',
      'x.session:3:1: output follows [exit 1]. Move [exit N] to the end of the output, or write \\[exit … where the command printed it.',
    ],
    [
      'A$ x\n^C 5\n',
      'x.session:2:4: "^C 5" is no time of a Ctrl-C. Write it like ^C 6.2s, or \\^C … where the command printed it.',
    ],
  ])('refuses %j', (text, message) => {
    const parsing = () => parse(text)
    expect(parsing).toThrow(ContentError)
    expect(parsing).toThrow(message)
  })
})

describe('printSession', () => {
  test('escapes what could be read as something else', () => {
    const output = [
      'A$ x',
      'C$ x',
      '> ',
      '>',
      '>>',
      '## x',
      '# x',
      '^C',
      '^',
      '[exit 1]',
      '[1]+',
      '\\',
      '',
      { ctrlC: 2 },
    ]
    const s = {
      nodes: ['A'],
      commands: [{ comments: [], node: 'A', text: 'x\n\ny', output, exit: 0, line: 0 }],
    }
    const printed = printSession(s)
    expect(printed.split('\n').filter((l) => l.startsWith('\\'))).toEqual(
      ['A$ x', '> ', '>', '## x', '^C', '[exit 1]', '\\'].map((l) => '\\' + l),
    )
    expect(parseSession(printed, ['A']).commands[0]).toEqual({ ...s.commands[0], line: 1 })
  })
  test('reads back what it wrote: every recording', async () => {
    let n = 0
    for await (const path of glob('src/**/*.golden')) {
      const text = readFileSync(path, 'utf8')
      const nodes = new Set([...text.matchAll(/^([A-Za-z][\w-]*)\$ /gm)].map((m) => m[1] ?? ''))
      expect(printSession(parseSession(text, nodes, path)), path).toBe(text)
      n++
    }
    expect(n).toBeGreaterThan(20)
  })
  test('reads back what it wrote: lines made by chance', () => {
    let seed = 1
    const next = (n: number) => (seed = (seed * 48271) % 2147483647) % n
    const parts = ['A$ ', 'B$', '> ', '>', '##', '^C', ' 3s', '[exit ', '1]', '\\', ' ', 'x', '한', '\r']
    for (let i = 0; i < 2000; i++) {
      const line = () => Array.from({ length: next(4) }, () => parts[next(parts.length)]).join('')
      const output = Array.from({ length: next(5) }, line)
      const text = ['cmd', ...Array.from({ length: next(3) }, line)].join('\n')
      const command = { comments: [], node: 'A', text, output, line: 1 }
      expect(parseSession(printSession({ nodes: ['A'], commands: [command] }), ['A']).commands).toEqual([
        command,
      ])
    }
  })
})
