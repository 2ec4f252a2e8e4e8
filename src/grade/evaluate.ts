import { fromBytes } from '../proc/bytes.ts'
import type { Process } from '../proc/process.ts'
import { getaddrinfo } from '../proc/resolve.ts'
import { PacketSocket } from '../kernel/sock/packet.ts'
import type { LogEntry, Outcome, Ran, World } from '../lab/world.ts'
import { formatIpv4 } from '../wire/ipv4.ts'
import type { Check, Match } from './check.ts'
import { checkNoPing, checkPing, netnsOf } from './probe.ts'
import { say, type Message, type Verdict } from './result.ts'

/** Judges one check on a world that may be used up by it: a fork of the learner's. */
export function* evaluate(world: World, check: Check): Generator<Outcome, Verdict> {
  switch (check.kind) {
    case 'ping':
      return yield* checkPing(world, check)
    case 'noPing':
      return yield* checkNoPing(world, check)
    case 'run':
      return judgeRun(check, yield* world.runIn(check.on, check.command, undefined))
    case 'json':
      return judgeJson(check, yield* world.runIn(check.on, check.command, undefined))
    case 'resolve':
      return yield* resolve(world, check)
    case 'capture':
      return yield* capture(world, check)
    case 'afterReboot':
      yield* world.reboot(check.node)
      return yield* evaluate(world, check.check)
    case 'typed':
      return typed(world.log, check)
    case 'all':
      return yield* all(world, check.checks)
    case 'any':
      return yield* any(world, check.checks)
    case 'not':
      return negate(yield* evaluate(world, check.check))
  }
}

function* all(world: World, checks: readonly Check[]): Generator<Outcome, Verdict> {
  let failed: Verdict | undefined
  for (const c of checks) {
    const v = yield* evaluate(world, c)
    if (v.outcome === 'error') return v
    if (v.outcome === 'fail') failed ??= v
  }
  return failed ?? { outcome: 'pass' }
}

function* any(world: World, checks: readonly Check[]): Generator<Outcome, Verdict> {
  let last: Verdict = { outcome: 'error', why: say('any.empty') }
  for (const c of checks) {
    last = yield* evaluate(world, c)
    if (last.outcome !== 'fail') return last
  }
  return last
}

/** Not of an error is an error: what could not be run says nothing. */
const negate = (v: Verdict): Verdict =>
  v.outcome === 'fail' ? { outcome: 'pass' }
  : v.outcome === 'pass' ? { outcome: 'fail', expected: say('not.expected'), actual: say('not.holds') }
  : v // prettier-ignore

/** Status of a program that is real but not simulated; of one that can't be run at all. */
const NOT_SIMULATED = 125
const NOT_FOUND = 127

const couldNotRun = (command: string, ran: Ran): Verdict | undefined =>
  ran.status === NOT_SIMULATED || ran.status === NOT_FOUND
    ? { outcome: 'error', why: say('run.error', { command, message: fromBytes(ran.stderr).trim() }) }
    : undefined

const fits = (match: Match, text: string): boolean =>
  'equals' in match
    ? text.replace(/\n+$/, '') === match.equals.replace(/\n+$/, '')
    : new RegExp(match.matches, 'm').test(text)

const shorten = (text: string): string => (text.length > 200 ? text.slice(0, 199) + '…' : text)

const printed = (stdout: string, stderr: string): Message => {
  if (stdout !== '') return say('run.stdoutWas', { stdout: shorten(stdout) })
  return stderr === '' ? say('run.stdoutEmpty') : say('run.stderrWas', { stderr: shorten(stderr) })
}

const judgeRun = (check: Extract<Check, { kind: 'run' }>, ran: Ran): Verdict => {
  const wantsStatus = check.exit === NOT_SIMULATED || check.exit === NOT_FOUND
  const error = wantsStatus ? undefined : couldNotRun(check.command, ran)
  if (error) return error
  const stdout = fromBytes(ran.stdout)
  const where = { node: check.on, command: check.command }
  if (check.exit !== undefined && ran.status !== check.exit)
    return {
      outcome: 'fail',
      expected: say('run.exit', { ...where, exit: check.exit }),
      actual: say('run.exitWas', { exit: ran.status }),
    }
  if (check.stdout !== undefined && !fits(check.stdout, stdout)) {
    const wanted = 'equals' in check.stdout ? check.stdout.equals : `/${check.stdout.matches}/`
    return {
      outcome: 'fail',
      expected: say('equals' in check.stdout ? 'run.stdout' : 'run.stdoutMatches', {
        ...where,
        stdout: shorten(wanted.trim()),
      }),
      actual: printed(stdout.trim(), fromBytes(ran.stderr).trim()),
    }
  }
  return { outcome: 'pass' }
}

const judgeJson = (check: Extract<Check, { kind: 'json' }>, ran: Ran): Verdict => {
  const error = couldNotRun(check.command, ran)
  if (error) return error
  const expected = say('json.expected', {
    node: check.on,
    command: check.command,
    path: check.path,
    is: JSON.stringify(check.is),
  })
  if (ran.status !== 0) return { outcome: 'fail', expected, actual: say('run.exitWas', { exit: ran.status }) }
  let value: unknown
  try {
    value = JSON.parse(fromBytes(ran.stdout) || 'null')
  } catch {
    return { outcome: 'error', why: say('json.notJson', { command: check.command }) }
  }
  const found = at(value, check.path)
  if (JSON.stringify(found) === JSON.stringify(check.is)) return { outcome: 'pass' }
  return {
    outcome: 'fail',
    expected,
    actual:
      found === undefined
        ? say('json.absent', { path: check.path })
        : say('json.was', { is: shorten(JSON.stringify(found)) }),
  }
}

/** `[0].addr_info[1].local` or `0.addr_info.1.local` */
const at = (value: unknown, path: string): unknown => {
  let v = value
  for (const part of path.split(/[.[\]]+/).filter((p) => p !== '')) {
    if (typeof v !== 'object' || v === null) return undefined
    v = (v as Record<string, unknown>)[part]
  }
  return v
}

/** Asks as programs do: by nsswitch.conf, /etc/hosts, DNS. */
function* resolve(world: World, check: Extract<Check, { kind: 'resolve' }>): Generator<Outcome, Verdict> {
  const ns = netnsOf(world, check.on, check.netns)
  if (ns === undefined)
    return { outcome: 'error', why: say('netns.missing', { node: check.on, netns: check.netns ?? '' }) }
  const found: string[] = []
  const host = world.host(check.on)
  const ask = host.spawn({
    argv: ['getent'],
    parent: undefined,
    netns: ns,
    pgid: 'own',
    fds: new Map(),
    // eslint-disable-next-line require-yield -- a program that never waits
    main: function* (proc: Process) {
      const answer = getaddrinfo(proc, check.name)
      if (typeof answer === 'number') found.push(formatIpv4(answer))
      return 0
    },
  })
  while (world.advance(() => ask.status !== undefined, world.sim.clock.now + 20e9) === 'external')
    yield 'external'
  const expected = say('resolve.expected', { node: check.on, name: check.name, is: check.is })
  if (found[0] === check.is) return { outcome: 'pass' }
  return {
    outcome: 'fail',
    expected,
    actual:
      found[0] === undefined
        ? say('resolve.unknown', { name: check.name })
        : say('resolve.was', { is: found[0] }),
  }
}

/** Listens at one interface while another check runs. */
function* capture(world: World, check: Extract<Check, { kind: 'capture' }>): Generator<Outcome, Verdict> {
  const [node = '', ifname = ''] = check.on.split(':')
  const dev = world.host(node).kernel.initNetns.device(ifname)
  if (dev === undefined) return { outcome: 'error', why: say('capture.noDevice', { node, dev: ifname }) }
  const { compileFilter } = yield* load(world, () => import('../userland/tcpdump/filter/compile.ts'))
  const filter = compileFilter(check.match)
  if (typeof filter === 'string')
    return { outcome: 'error', why: say('capture.badFilter', { filter: check.match, message: filter }) }
  const socket = new PacketSocket(dev.ns, dev)
  try {
    let seen = 0
    socket.filter = (frame) => {
      if (filter(frame)) seen++
      return false
    }
    const during = yield* evaluate(world, check.while)
    if (during.outcome === 'error') return during
    if (seen > 0) return { outcome: 'pass' }
    return {
      outcome: 'fail',
      expected: say('capture.expected', { on: check.on, filter: check.match }),
      actual: say('capture.nothing', { on: check.on }),
    }
  } finally {
    socket.close()
  }
}

/** Code that is loaded when it is needed: the world stands still meanwhile. */
function* load<T>(world: World, get: () => Promise<T>): Generator<Outcome, T> {
  let loaded: { readonly value: T } | undefined
  world.scheduler.external++
  void get().then((value) => {
    loaded = { value }
    world.scheduler.external--
    world.scheduler.onExternal?.()
  })
  while (loaded === undefined) yield 'external'
  return loaded.value
}

const typed = (log: readonly LogEntry[], check: Extract<Check, { kind: 'typed' }>): Verdict => {
  const lines = log
    .filter((e) => e.key === 'line' && (check.on === undefined || e.node === check.on))
    .map((e) => e.text)
  const first = lines.findIndex((l) => new RegExp(check.match).test(l))
  const expected = say('typed.expected', { command: check.match, node: check.on ?? '' })
  if (first < 0) {
    const elsewhere = log.findLast((e) => e.key === 'line' && new RegExp(check.match).test(e.text))
    const actual =
      elsewhere === undefined
        ? say('typed.never')
        : say('typed.elsewhere', { command: elsewhere.text, node: elsewhere.node, on: check.on ?? '' })
    return { outcome: 'fail', expected, actual }
  }
  if (check.before !== undefined) {
    const other = lines.findIndex((l) => new RegExp(check.before as string).test(l))
    if (other >= 0 && other < first)
      return {
        outcome: 'fail',
        expected: say('typed.expectedBefore', { command: check.match, before: check.before }),
        actual: say('typed.tooLate'),
      }
  }
  return { outcome: 'pass' }
}
