/** A lab on the real kernel: nodes, links, addresses of links, and the lab's own `exec` lines. */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Lab, LabEnd } from '../../src/lab/lab.ts'
import { Machine } from './machine.ts'

const run = promisify(execFile)

/** IPv6 checks for a second that nobody else has its link-local address. */
const DAD = 2200
/** What `exec` lines set off, such as gratuitous ARP, is over by then. */
const SETTLE = 300

export class Topology {
  readonly machines: ReadonlyMap<string, Machine>

  private constructor(machines: ReadonlyMap<string, Machine>) {
    this.machines = machines
  }

  static async boot(lab: Lab): Promise<Topology> {
    const machines = new Map<string, Machine>()
    const topology = new Topology(machines)
    try {
      for (const { name, image, files } of lab.nodes) {
        if (image !== 'host') throw new Error(`only plain hosts can be recorded, ${name} is a ${image}`)
        if (Object.keys(files).length > 0) throw new Error(`${name}: binds cannot be recorded`)
        machines.set(name, await Machine.start(name))
      }
      await topology.#wire(lab)
      for (const { name, exec } of lab.nodes) {
        for (const line of exec) await topology.machine(name).exec(line)
      }
      if (lab.nodes.some((n) => n.exec.length > 0)) await sleep(SETTLE)
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

  async #wire(lab: Lab): Promise<void> {
    const bridges = lab.nodes.filter((n) => n.kind === 'bridge').map((n) => n.name)
    for (const bridge of bridges) {
      await this.machine(bridge).exec(
        'echo 1 | tee /proc/sys/net/ipv6/conf/{all,default}/disable_ipv6; ' +
          `ip link add ${bridge} type bridge mcast_snooping 0 && ip link set ${bridge} up`,
      )
    }
    for (const [i, { ends }] of lab.links.entries()) {
      const [a, b] = ends
      const near = [
        'link',
        'add',
        a.ifname,
        'address',
        mac(2 * i + 1),
        'netns',
        this.#netns(a),
        'type',
        'veth',
      ]
      await run('ip', [...near, 'peer', 'name', b.ifname, 'address', mac(2 * i + 2), 'netns', this.#netns(b)])
      for (const { node, ifname } of ends) {
        if (bridges.includes(node)) await this.machine(node).exec(`ip link set ${ifname} master ${node}`)
      }
      for (const { node, ifname } of ends) await this.machine(node).exec(`ip link set ${ifname} up`)
    }
    if (lab.links.length > 0) await sleep(DAD)
  }

  #netns(end: LabEnd): string {
    return String(this.machine(end.node).pid)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.machines.values()].map((machine) => machine.stop()))
  }
}

/** The address of the n-th end of a link, from 1, in the order of the lab file. */
function mac(n: number): string {
  const hex = (byte: number) => byte.toString(16).padStart(2, '0')
  return `aa:c1:ab:00:${hex(n >> 8)}:${hex(n & 255)}`
}
