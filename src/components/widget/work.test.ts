import { describe, expect, it } from 'vitest'
import { NO_EFFORT, parseWork, printWork, withoutLast, type Work } from './work.ts'

const work: Work = {
  ...NO_EFFORT,
  began: 5,
  log: [
    { at: 10, node: 'A', key: 'line', text: 'ip addr' },
    { at: 20, node: 'A', key: 'line', text: 'ping 10.0.0.1' },
    { at: 30, node: 'A', key: 'int', text: '' },
  ],
  now: 40,
}
const nodes = ['A', 'B']

describe('parseWork', () => {
  it('reads back what printWork wrote', () => {
    expect(parseWork(printWork(work, 's'), 's', nodes)).toEqual({ kind: 'work', work })
  })
  it('knows work of another state of the lab', () => {
    expect(parseWork(printWork(work, 's'), 't', nodes).kind).toBe('changed')
  })
  it('has nothing where nothing is stored', () => {
    expect(parseWork(null, 's', nodes)).toEqual({ kind: 'none' })
  })
  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['null', 'null'],
    ['no log', '{"lab":"s","now":1}'],
    ['an unknown node', printWork({ ...work, log: [{ at: 1, node: 'Z', key: 'line', text: '' }] }, 's')],
    ['time that runs backwards', printWork({ ...work, log: [...work.log].reverse() }, 's')],
    ['an end before the last entry', printWork({ ...work, now: 1 }, 's')],
    ['a time that is no number', printWork(work, 's').replace('"at":10', '"at":"10"')],
    ['a fraction of a nanosecond', printWork(work, 's').replace('"at":10', '"at":10.5')],
    ['an unknown key', printWork(work, 's').replace('"key":"int"', '"key":"reboot"')],
    ['two lines in one', printWork(work, 's').replace('ip addr', 'ip addr\\nip link')],
    ['centuries', printWork({ ...work, now: 1e20 }, 's')],
    ['no effort', printWork(work, 's').replace('"tries":0', '"tries":-1')],
  ])('finds damage: %s', (_what, text) => {
    expect(parseWork(text, 's', nodes)).toEqual({ kind: 'damaged', text })
  })
})

describe('withoutLast', () => {
  it('takes back the last line and the keys after it', () => {
    expect(withoutLast(work.log)).toEqual({ log: work.log.slice(0, 1), now: 20 })
  })
  it('has nothing to take back from an empty log', () => {
    expect(withoutLast([])).toBeUndefined()
  })
})
