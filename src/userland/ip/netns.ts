import type { Netns } from '../../kernel/netns.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { FileNode } from '../../proc/fs.ts'
import { putNetns } from '../../proc/netns.ts'
import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { answered, type Args, die, notSimulated, parseNumber, quit, rowFor } from './args.ts'
import { netnsOf, unknownCommand, type Command, type CommandTable, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { NETNS_RUN_DIR, netnsFile, netnsNamed, netnsNameOf, netnsNames, switchNetns } from './netns-files.ts'

const noName = (ip: Ip): never => die(ip.proc, 1, 'No netns name specified')

/** A name must be usable as one file's name. */
const isNetnsName = (name: string): boolean =>
  name !== '' && name.length < 256 && !name.includes('/') && name !== '.' && name !== '..'

const usage: Command = (ip) => {
  ip.proc.err(HELP.netns)
  return 255
}

/** The id by which the namespace of this process knows another, where it has been given one. */
const idOf = (ip: Ip, ns: Netns): number | undefined => netnsOf(ip).nsids.get(ns)

const list: Command = (ip) => {
  const { out, proc } = ip
  const names = netnsNames(proc)
  if (names.length === 0) return 0
  out.list(() => {
    for (const name of names)
      out.object(undefined, () => {
        out.field('name', name, name)
        const ns = netnsNamed(proc, name)
        if (ns === undefined)
          proc.err('Error: Peer netns reference is invalid.\nError: Peer netns reference is invalid.\n')
        const id = ns === undefined ? undefined : idOf(ip, ns)
        if (id !== undefined) out.field('id', id, ` (id: ${id})`)
        out.text('\n')
      })
  })
  return 0
}

/** The name in `args`; the words after it are not looked at, as ip does not. */
const checkedName = (ip: Ip, name: string): string =>
  isNetnsName(name) ? name : die(ip.proc, 255, `Invalid netns name "${name}"`)

const pin = (ip: Ip, name: string, ns: Netns): number => {
  const { proc } = ip
  const { fs } = proc.host
  if (fs.lookup(NETNS_RUN_DIR, '/', proc) instanceof Refusal) fs.mkdir(NETNS_RUN_DIR, '/', proc)
  const file: FileNode = { kind: 'file', mode: 0o444, mtime: proc.now, data: '', netns: ns }
  const refusal = fs.add(`${NETNS_RUN_DIR}/${name}`, file, '/', proc)
  if (refusal === undefined) return 0
  return die(proc, 1, `Cannot create namespace file "${NETNS_RUN_DIR}/${name}": ${strerror(refusal.errno)}`)
}

const add: Command = (ip, args) => {
  const name = checkedName(ip, args.shift() ?? noName(ip))
  if (netnsFile(ip.proc, name) !== undefined) return pin(ip, name, netnsOf(ip))
  return pin(ip, name, ip.proc.host.kernel.newNetns())
}

const attach: Command = (ip, args) => {
  const [name, pid] = [args.shift(), args.shift()]
  if (name === undefined || pid === undefined) return die(ip.proc, 1, 'No netns name and PID specified')
  checkedName(ip, name)
  const ns = netnsOfPid(ip.proc, parseNumber(pid) ?? -1)
  if (parseNumber(pid) === undefined) return args.invalid(pid, 'Invalid "pid" value\n')
  if (ns === undefined)
    return die(
      ip.proc,
      1,
      `Bind /proc/${pid}/ns/net -> ${NETNS_RUN_DIR}/${name} failed: ${strerror('ENOENT')}`,
    )
  return pin(ip, name, ns)
}

const netnsOfPid = (proc: Process, pid: number): Netns | undefined =>
  pid === 1 ? proc.host.kernel.initNetns : proc.host.processes.get(pid)?.netns

const remove = (ip: Ip, name: string): number => {
  const { proc } = ip
  const ns = netnsNamed(proc, name)
  const path = `${NETNS_RUN_DIR}/${name}`
  const refusal = proc.host.fs.unlink(path, '/', proc)
  if (refusal) {
    proc.err(`Cannot remove namespace file "${path}": ${strerror(refusal.errno)}\n`)
    return 1
  }
  if (ns !== undefined) putNetns(proc.host, ns)
  return 0
}

const del: Command = (ip, args) => {
  if (ip.opt.all) {
    for (const name of netnsNames(ip.proc)) remove(ip, name)
    return 0
  }
  return remove(ip, checkedName(ip, args.shift() ?? noName(ip)))
}

/** `ip netns identify [PID]`: the names of the namespace that a process is in. */
const identify: Command = (ip, args) => {
  const { proc } = ip
  const pid = args.shift()
  if (pid !== undefined && !/^\d+$/.test(pid)) return die(proc, 1, `Specified string '${pid}' is not a pid`)
  const ns = pid === undefined ? proc.netns : netnsOfPid(proc, Number(pid))
  if (ns === undefined) return die(proc, 1, `Cannot open network namespace: ${strerror('ENOENT')}`)
  for (const name of netnsNames(proc)) if (netnsNamed(proc, name) === ns) proc.out(name + '\n')
  if (netnsNameOf(proc, ns) === undefined) proc.out('\n')
  return 0
}

const pids: Command = (ip, args) => {
  const { proc } = ip
  const name = args.shift() ?? noName(ip)
  if (args.left > 0) return die(proc, 1, 'extra arguments specified')
  const ns = netnsNamed(proc, checkedName(ip, name))
  if (ns === undefined) return die(proc, 1, `Cannot open network namespace: ${strerror('ENOENT')}`)
  for (const p of proc.host.processes.values())
    if (p.netns === ns && p.status === undefined && p !== proc) proc.out(`${p.pid}\n`)
  return 0
}

/** `ip netns set NAME NETNSID` */
const set: Command = (ip, args) => {
  const name = checkedName(ip, args.shift() ?? noName(ip))
  const word = args.shift()
  if (word === undefined) return die(ip.proc, 1, 'No nsid specified')
  const n = word === 'auto' ? -1 : parseNumber(word)
  if (n === undefined || (n < 0 && word !== 'auto')) return args.invalid(word, 'Invalid "netnsid" value')
  const ns = netnsNamed(ip.proc, name)
  if (ns === undefined)
    return die(ip.proc, 1, `Cannot open network namespace "${name}": ${strerror('ENOENT')}`)
  const { nsids } = netnsOf(ip)
  if (nsids.has(ns)) return answered(ip.proc, new Refusal('EEXIST', 'Peer netns already has a nsid assigned'))
  if (n < 0) {
    netnsOf(ip).nsidOf(ns)
    return 0
  }
  if ([...nsids.values()].includes(n))
    return answered(ip.proc, new Refusal('EEXIST', 'The specified nsid is already used'))
  nsids.set(ns, n)
  return 0
}

const listId: Command = (ip, args) => {
  const { out, proc } = ip
  let only: number | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'nsid') only = args.number('"nsid" value is invalid')
    else if (word === 'target-nsid') return notSimulated(proc, 'netns list-id target-nsid')
    else return usage(ip, args)
  }
  const rows = [...netnsOf(ip).nsids].map(([ns, id]) => ({ ns, id })).sort((a, b) => a.id - b.id)
  if (only !== undefined && !rows.some((r) => r.id === only))
    return answered(proc, new Refusal('EINVAL', 'Peer netns reference is invalid'))
  out.list(() => {
    for (const { ns, id } of rows) {
      if (only !== undefined && id !== only) continue
      out.object(undefined, () => {
        out.field('nsid', id, `nsid ${id} `)
        const name = netnsNameOf(proc, ns)
        if (name !== undefined) out.field('name', name, `(iproute2 netns name: ${name})`)
        out.text('\n')
      })
    }
  })
  return 0
}

/** execvp(3) of the words; what comes back is the program's own status, or 1 where there is none. */
function* execute(proc: Process, words: readonly string[]): Task<number> {
  const name = words[0] ?? ''
  const found = name === '' ? new Refusal('ENOENT') : proc.host.which(name, proc)
  const program = found instanceof Refusal ? found : proc.host.load(found.path, words, proc)
  if (program instanceof Refusal) return quit(proc, 1, `exec of "${name}" failed: ${strerror(program.errno)}`)
  return yield* proc.exec(program.main, program.argv)
}

const exec: Command = (ip, args) => {
  const { proc } = ip
  if (ip.opt.all) return execAll(ip, args)
  const name = args.shift() ?? noName(ip)
  if (args.left === 0) return die(proc, 1, 'No command specified')
  checkedName(ip, name)
  if (!switchNetns(proc, name)) return proc.exit(255)
  return execute(proc, args.rest())
}

/** `ip -all netns exec`: in each namespace, one after the other. */
function* execAll(ip: Ip, args: Args): Task<number> {
  const { proc } = ip
  const words = args.rest()
  if (words.length === 0) return die(proc, 1, 'No command specified')
  for (const name of netnsNames(proc)) {
    proc.out(`\nnetns: ${name}\n`)
    proc.flush()
    const ns = netnsNamed(proc, name)
    if (ns === undefined) {
      proc.err(`setting the network namespace "${name}" failed: ${strerror('EINVAL')}\n`)
      continue
    }
    const child = proc.spawn({ argv: words, netns: ns, main: (p) => execute(p, words) })
    yield* proc.waitFor(child)
  }
  return 0
}

/** `ip netns …`; the first row that the word begins is taken. */
const commands: CommandTable = [
  ['list', list],
  ['show', list],
  ['lst', list],
  ['list-id', listId],
  ['help', usage],
  ['add', add],
  ['set', set],
  ['delete', del],
  ['identify', identify],
  ['pids', pids],
  ['exec', exec],
  ['monitor', (ip) => notSimulated(ip.proc, 'netns monitor')],
  ['attach', attach],
]

export const netns: Command = (ip, args) => {
  const word = args.shift()
  if (word === undefined) return list(ip, args)
  const row = rowFor(commands, word)
  return row === undefined ? unknownCommand(ip, word, 'netns') : row[1](ip, args)
}
