import type { DropReason } from '../kernel/trace.ts'
import type { Lab } from '../lab/lab.ts'
import type { YamlNode } from '../lab/yaml.ts'
import { parseIpv4 } from '../wire/ipv4.ts'

/** Where a probe starts: a node, and perhaps one of its network namespaces. */
export interface Probe {
  readonly from: string
  readonly netns?: string
  /** IPv4 address in dotted notation. */
  readonly to: string
}

/** What a goal asks of the network (formats.md, Exercise). */
export type Check =
  | ({ readonly kind: 'ping'; readonly by?: string; readonly count: number } & Probe)
  | ({ readonly kind: 'noPing'; readonly because: DropReason } & Probe)
  | {
      readonly kind: 'resolve'
      readonly on: string
      readonly netns?: string
      readonly name: string
      readonly is: string
    }
  | {
      readonly kind: 'run'
      readonly on: string
      readonly command: string
      readonly stdout?: Match
      readonly exit?: number
    }
  | {
      readonly kind: 'json'
      readonly on: string
      readonly command: string
      readonly path: string
      readonly is: unknown
    }
  | { readonly kind: 'capture'; readonly on: string; readonly while: Check; readonly match: string }
  | { readonly kind: 'afterReboot'; readonly node: string; readonly check: Check }
  | { readonly kind: 'typed'; readonly on?: string; readonly match: string; readonly before?: string }
  | { readonly kind: 'all' | 'any'; readonly checks: readonly Check[] }
  | { readonly kind: 'not'; readonly check: Check }

/** Text that must be equal (trailing newline aside), or a regular expression written /like this/. */
export type Match = { readonly equals: string } | { readonly matches: string }

const KINDS = [
  'ping',
  'noPing',
  'resolve',
  'run',
  'json',
  'capture',
  'afterReboot',
  'typed',
  'all',
  'any',
  'not',
] as const
/** Checks of formats.md whose programs are not simulated yet. */
const NOT_YET = ['tcp', 'noTcp', 'http'] as const

/** Drop reasons that a `noPing` may name. */
const REASONS: readonly DropReason[] = [
  'NO_SOCKET', 'PKT_TOO_BIG', 'OTHERHOST', 'IP_RPFILTER', 'IP_OUTNOROUTES', 'IP_INNOROUTES', 'IP_INVALID_SOURCE', 'IP_INVALID_DEST',
  'IP_LOCAL_SOURCE', 'IP_TTL', 'IP_FORWARDING_OFF', 'NEIGH_FAILED', 'DEV_READY', 'LOCAL_BLACKHOLE', 'BRIDGE_NO_EGRESS_PORT',
  'BRIDGE_INGRESS_STP_STATE', 'BRIDGE_STORM', 'FULL_RING',
] // prettier-ignore

export const parseCheck = (node: YamlNode, lab: Lab): Check => {
  const entries = node.entries('check')
  const [first] = entries
  if (entries.length !== 1 || first === undefined)
    return node.fail(
      `a check is one of ${KINDS.join(', ')}; here are ${entries.length}`,
      'Write one; combine several with "all: [ … ]".',
    )
  const [word, body, at] = first
  if ((NOT_YET as readonly string[]).includes(word))
    at.fail(`the check "${word}" is not simulated yet`, 'Use one of ' + KINDS.join(', ') + '.')
  const kind = at.oneOf('check', KINDS)
  const parse = parsers(lab)
  return parse[kind](body)
}

const parsers = (lab: Lab): Readonly<Record<(typeof KINDS)[number], (body: YamlNode) => Check>> => {
  const nodes = lab.nodes.map((n) => n.name)
  const nodeName = (n: YamlNode): string => n.oneOf('node of this lab', nodes)
  const address = (n: YamlNode): string => {
    const text = n.text('an address')
    if (parseIpv4(text) === undefined) n.fail(`"${text}" is no IPv4 address`, 'Write it like 192.168.1.11.')
    return text
  }
  const netns = (n: YamlNode | undefined) => (n === undefined ? {} : { netns: n.text('netns') })
  const many =
    (kind: 'all' | 'any') =>
    (body: YamlNode): Check => {
      const list = body.list(kind)
      if (list.length === 0) body.fail(`"${kind}" needs at least one check`, 'Write it as a list.')
      return { kind, checks: list.map((c) => parseCheck(c, lab)) }
    }
  return {
    ping: (body) => {
      const m = body.map('ping', ['from', 'to', 'by', 'netns', 'count'], ['from', 'to'])
      const count = m.count?.number('count') ?? 1
      if (!Number.isInteger(count) || count < 1 || count > 20)
        m.count?.fail(`${count} is no number of probes`, 'Write 1 to 20.')
      if (m.by !== undefined) {
        const [by = ''] = m.by.text('by').split('/')
        if (!nodes.includes(by)) m.by.fail(`no node "${by}"`, 'Write NODE, or NODE/NAMESPACE.')
      }
      return {
        kind: 'ping', from: nodeName(m.from as YamlNode), to: address(m.to as YamlNode), count, ...netns(m.netns),
        ...(m.by === undefined ? {} : { by: m.by.text('by') }),
      } // prettier-ignore
    },
    noPing: (body) => {
      const m = body.map('noPing', ['from', 'to', 'because', 'netns'], ['from', 'to', 'because'])
      return {
        kind: 'noPing', from: nodeName(m.from as YamlNode), to: address(m.to as YamlNode), ...netns(m.netns),
        because: (m.because as YamlNode).oneOf('drop reason', REASONS),
      } // prettier-ignore
    },
    resolve: (body) => {
      const m = body.map('resolve', ['on', 'name', 'type', 'is', 'netns'], ['on', 'name', 'is'])
      if (m.type !== undefined) m.type.oneOf('record type', ['A'])
      return {
        kind: 'resolve',
        on: nodeName(m.on as YamlNode),
        name: (m.name as YamlNode).text('name'),
        is: address(m.is as YamlNode),
        ...netns(m.netns),
      }
    },
    run: (body) => {
      const m = body.map('run', ['on', 'command', 'stdout', 'exit'], ['on', 'command'])
      if (m.stdout === undefined && m.exit === undefined)
        body.fail('a run check must ask for something', 'Add "stdout: …" or "exit: 0".')
      return {
        kind: 'run', on: nodeName(m.on as YamlNode), command: (m.command as YamlNode).text('command'),
        ...(m.stdout === undefined ? {} : { stdout: parseMatch(m.stdout) }), ...(m.exit === undefined ? {} : { exit: m.exit.number('exit') }),
      } // prettier-ignore
    },
    json: (body) => {
      const m = body.map('json', ['on', 'command', 'path', 'is'], ['on', 'command', 'path', 'is'])
      return {
        kind: 'json', on: nodeName(m.on as YamlNode), command: (m.command as YamlNode).text('command'),
        path: (m.path as YamlNode).text('path'), is: (m.is as YamlNode).value(),
      } // prettier-ignore
    },
    capture: (body) => {
      const m = body.map('capture', ['on', 'while', 'match'], ['on', 'while', 'match'])
      const on = m.on as YamlNode
      const [node = '', dev] = on.text('on').split(':')
      if (!nodes.includes(node) || dev === undefined)
        on.fail(`"${on.text('on')}" is no place to listen`, 'Write NODE:INTERFACE, as A:eth0.')
      return {
        kind: 'capture',
        on: on.text('on'),
        while: parseCheck(m.while as YamlNode, lab),
        match: (m.match as YamlNode).text('match'),
      }
    },
    afterReboot: (body) => {
      const m = body.map('afterReboot', ['node', 'check'], ['node', 'check'])
      return {
        kind: 'afterReboot',
        node: nodeName(m.node as YamlNode),
        check: parseCheck(m.check as YamlNode, lab),
      }
    },
    typed: (body) => {
      const m = body.map('typed', ['on', 'match', 'before'], ['match'])
      const pattern = (n: YamlNode): string => {
        const source = n.text('a pattern')
        try {
          return new RegExp(source).source
        } catch {
          return n.fail(
            `"${source}" is no regular expression`,
            'Mend it; quote special characters with a backslash.',
          )
        }
      }
      return {
        kind: 'typed', match: pattern(m.match as YamlNode), ...(m.on === undefined ? {} : { on: nodeName(m.on) }),
        ...(m.before === undefined ? {} : { before: pattern(m.before) }),
      } // prettier-ignore
    },
    all: many('all'),
    any: many('any'),
    not: (body) => ({ kind: 'not', check: parseCheck(body, lab) }),
  }
}

const parseMatch = (node: YamlNode): Match => {
  const text = node.text('stdout')
  const pattern = /^\/(.*)\/$/s.exec(text)?.[1]
  if (pattern === undefined) return { equals: text }
  try {
    return { matches: new RegExp(pattern, 'm').source }
  } catch {
    return node.fail(
      `/${pattern}/ is no regular expression`,
      'Mend it; quote special characters with a backslash.',
    )
  }
}
