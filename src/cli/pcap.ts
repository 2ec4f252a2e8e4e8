import { writeFileSync } from 'node:fs'
import { PacketSocket, type Captured } from '../kernel/sock/packet.ts'
import { bootWorld } from '../lab/boot.ts'
import { drive } from '../lab/console.ts'
import { typeSession } from '../lab/run.ts'
import { EPOCH_SECONDS } from '../proc/epoch.ts'
import { PROGRAMS } from '../userland/table.ts'
import { CliError, loadLab, loadSession, parseArgs } from './files.ts'
import { emitPcap, LINKTYPE_ETHERNET } from '../wire/pcap.ts'

/** hop pcap LAB SCRIPT --on A:eth0 -o FILE: what passed one interface while the script was typed, as Wireshark opens it. */
export const main = async (words: readonly string[]): Promise<number> => {
  const { rest, values } = parseArgs(words, [], ['--on', '-o'])
  const [labName, script] = rest
  const on = values.get('--on')
  const out = values.get('-o')
  if (
    labName === undefined ||
    script === undefined ||
    on === undefined ||
    out === undefined ||
    rest.length > 2
  )
    throw new CliError('a lab, a script, --on NODE:INTERFACE and -o FILE are needed', true)
  const lab = loadLab(labName)
  const session = loadSession(script, lab)
  const [node = '', ifname = ''] = on.split(':')
  if (!lab.nodes.some((n) => n.name === node)) throw new CliError(`no node "${node}" in this lab`)
  const world = await bootWorld(lab, PROGRAMS)
  const dev = world.host(node).kernel.initNetns.device(ifname)
  if (dev === undefined) throw new CliError(`${node} has no interface "${ifname}" when the script starts`)
  const captured: Captured[] = []
  const socket = new PacketSocket(dev.ns, dev)
  socket.filter = (frame, c) => {
    captured.push({ ...c, frame: frame.slice() })
    return false
  }
  await drive(world, typeSession(world, session))
  socket.close()
  world.throwBug()
  const records = captured.map(({ at, frame }) => ({
    seconds: EPOCH_SECONDS + Math.floor(at / 1e9),
    nanoseconds: at % 1e9,
    length: frame.length,
    data: frame,
  }))
  writeFileSync(out, emitPcap(LINKTYPE_ETHERNET, records))
  process.stderr.write(`${captured.length} packets written to ${out}\n`)
  return 0
}
