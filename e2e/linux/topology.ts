/** The lab on the real kernel: nodes, links, addresses of links, and the lab's own `exec` lines. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { Machine } from './machine.ts'

const run = promisify(execFile)

interface LabNode {
  kind?: string
  exec?: string[]
  image?: string
}

interface LabFile {
  topology: { nodes: Record<string, LabNode | null>; links?: { endpoints: [string, string] }[] }
}

/** IPv6 checks for a second that nobody else has its link-local address. */
const DAD = 2200

export class Topology {
  readonly machines: ReadonlyMap<string, Machine>

  private constructor(machines: ReadonlyMap<string, Machine>) {
    this.machines = machines
  }

  static async boot(labFile: string): Promise<Topology> {
    const lab = parse(await readFile(labFile, 'utf8')) as LabFile
    const machines = new Map<string, Machine>()
    const topology = new Topology(machines)
    try {
      for (const [name, node] of Object.entries(lab.topology.nodes)) {
        if (node?.image !== undefined && node.image !== 'host') {
          throw new Error(`${labFile}: only plain hosts can be recorded, ${name} is a ${node.image}`)
        }
        machines.set(name, await Machine.start(name))
      }
      await topology.#wire(lab)
      for (const [name, node] of Object.entries(lab.topology.nodes)) {
        for (const line of node?.exec ?? []) await topology.machine(name).exec(line)
      }
      return topology
    } catch (error) {
      await topology.stop()
      throw error
    }
  }

  machine(name: string): Machine {
    const machine = this.machines.get(name)
    if (!machine) throw new Error(`the lab has no node ${name}`)
    return machine
  }

  async #wire(lab: LabFile): Promise<void> {
    const bridges = Object.entries(lab.topology.nodes).flatMap(([name, n]) =>
      n?.kind === 'bridge' ? [name] : [],
    )
    for (const bridge of bridges) {
      await this.machine(bridge).exec(
        'echo 1 | tee /proc/sys/net/ipv6/conf/{all,default}/disable_ipv6; ' +
          `ip link add ${bridge} type bridge mcast_snooping 0 && ip link set ${bridge} up`,
      )
    }
    const links = lab.topology.links ?? []
    for (const [i, { endpoints }] of links.entries()) {
      const end = (k: 0 | 1) => {
        const [node = '', device = ''] = endpoints[k].split(':')
        const n = 2 * i + k + 1
        const address = `aa:c1:ab:00:${hex(n >> 8)}:${hex(n & 255)}`
        return { node, device, address, netns: String(this.machine(node).pid) }
      }
      const [a, b] = [end(0), end(1)]
      const near = ['link', 'add', a.device, 'address', a.address, 'netns', a.netns, 'type', 'veth']
      await run('ip', [...near, 'peer', 'name', b.device, 'address', b.address, 'netns', b.netns])
      for (const { node, device } of [a, b]) {
        if (bridges.includes(node)) await this.machine(node).exec(`ip link set ${device} master ${node}`)
      }
      for (const { node, device } of [a, b]) await this.machine(node).exec(`ip link set ${device} up`)
    }
    if (links.length > 0) await sleep(DAD)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.machines.values()].map((machine) => machine.stop()))
  }
}

function hex(n: number): string {
  return n.toString(16).padStart(2, '0')
}
