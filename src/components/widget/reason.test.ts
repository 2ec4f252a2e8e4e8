import { expect, test } from 'vitest'
import { bootWorld } from '../../lab/boot.ts'
import { topology } from '../../lab/topology.ts'
import { lab, labNames } from '../../site/catalog.ts'
import { PROGRAMS } from '../../userland/table.ts'
import { placeReason } from './reason.ts'
import { tall } from './tall.ts'
import { wide } from './wide.ts'

const LONG = 'ARP 요청에 아무도 답하지 않았습니다 (찾는 주소: 192.168.1.12, 인터페이스: eth0)'

test.each(labNames())(
  'in %s the reason of a stop at a machine covers no switch and no name',
  async (name) => {
    const scene = wide(topology(await bootWorld(lab(name), PROGRAMS)))
    const reasons = scene.boxes
      .filter((b) => b.kind === 'host')
      .map((b) => placeReason(scene, { x: b.x + b.w / 2, y: b.y + b.h / 2 }, LONG))
      .filter((r) => r !== undefined)
    expect(reasons).not.toEqual([])
    for (const { lines, x, y } of reasons) {
      expect(lines.join(' ')).toBe(LONG)
      expect(x).toBeGreaterThan(0)
      const [top, bottom] = [y - 13, y + 17 * (lines.length - 1) + 5]
      const over = (o: { x: number; y: number }, w: number, h: number): boolean =>
        o.y < bottom - 4 && o.y + h > top + 4 && x < o.x && x + 150 > o.x + w
      expect(scene.bars.filter((b) => over(b, b.w, b.h)).map((b) => b.key)).toEqual([])
      expect(scene.labels.filter((l) => over({ x: l.x, y: l.y - 13 }, 0, 18)).map((l) => l.text)).toEqual([])
    }
  },
)

test('in a narrow drawing the reason stands below only', async () => {
  const t = topology(await bootWorld(lab('two-hosts'), PROGRAMS))
  const scene = tall(t)
  const [box] = scene.boxes
  expect(placeReason(scene, { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20 }, LONG)).toBeUndefined()
})
