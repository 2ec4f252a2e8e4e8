import { describe, expect, it } from 'vitest'
import { parseLab } from '../lab/lab.ts'
import { truth } from './truth.ts'

const LAB = parseLab(
  `name: three
topology:
  nodes:
    A: { kind: linux, exec: ["ip addr add 10.0.0.1/24 dev eth0"] }
    B: { kind: linux, exec: ["ip addr add 10.0.0.2/24 dev eth0"] }
    C: { kind: linux, exec: ["ip addr add 10.0.0.3/24 dev eth0"] }
    sw: { kind: bridge }
  links:
    - endpoints: ["A:eth0", "sw:eth1"]
    - endpoints: ["B:eth0", "sw:eth2"]
    - endpoints: ["C:eth0", "sw:eth3"]
`,
  'three.clab.yml',
)
const hosts = (wires: readonly string[]) => wires.filter((w) => w.endsWith(':eth0')).sort()

describe('the truth of a prediction', () => {
  it('is what the last command printed', async () => {
    const { printed } = await truth(LAB, 'A$ ip addr flush dev eth0\nA$ ping -c 1 10.0.0.2', undefined)
    expect(printed).toBe('ping: connect: Network is unreachable')
  })
  it('is where frames passed during the last command', async () => {
    const request = await truth(LAB, 'A$ ping -c 1 10.0.0.2', 'arp and ether broadcast')
    expect(hosts(request.wires)).toEqual(['A:eth0', 'B:eth0', 'C:eth0'])
    const reply = await truth(LAB, 'A$ ping -c 1 10.0.0.2', 'arp and not ether broadcast')
    expect(hosts(reply.wires)).toEqual(['A:eth0', 'B:eth0'])
    const known = await truth(LAB, 'A$ ping -c 1 10.0.0.2\nA$ ping -c 1 10.0.0.2', 'arp and ether broadcast')
    expect(hosts(known.wires)).toEqual([])
  })
  it('refuses an expression that is none', async () => {
    await expect(truth(LAB, 'A$ true', 'arp adn')).rejects.toThrow(RangeError)
  })
})
