import { expect, test } from 'vitest'
import { bootWorld } from '../../lab/boot.ts'
import { topology } from '../../lab/topology.ts'
import { lab, labNames } from '../../site/catalog.ts'
import { PROGRAMS } from '../../userland/table.ts'
import { placeReason } from './reason.ts'
import { tall } from './tall.ts'
import { wide } from './wide.ts'

const LONG = 'ARP 요청에 아무도 답하지 않았습니다 (찾는 주소: 192.168.1.12, 인터페이스: eth0)'

test.each(labNames())('in %s the reason of a stop at a machine covers no switch', async (name) => {
  const t = topology(await bootWorld(lab(name), PROGRAMS))
  for (const scene of [wide(t), tall(t)])
    for (const box of scene.boxes.filter((b) => b.kind === 'host')) {
      const { lines, x, y } = placeReason(scene, { x: box.x + box.w / 2, y: box.y + box.h / 2 }, LONG)
      expect(lines.join(' ')).toBe(LONG)
      expect(x).toBeGreaterThan(0)
      const [top, bottom] = [y - 13, y + 17 * (lines.length - 1) + 5]
      // Wide drawings have room enough; in the narrow one a machine may stand so close to a switch that there is none.
      if (scene.form === 'tall') continue
      const covered = scene.bars.filter(
        (b) => b.y < bottom && b.y + b.h > top && x < b.x && x + 150 > b.x + b.w,
      )
      expect(
        covered.map((b) => b.key),
        `${scene.form} ${box.key}`,
      ).toEqual([])
    }
})
