import { nearest } from './content-error.ts'
import { parseYaml, type YamlNode } from './yaml.ts'

/** A lab: machines and the wires between them, as its file describes them (a subset of containerlab's topology file). */
export interface Lab {
  readonly name: string
  readonly nodes: readonly LabNode[]
  readonly links: readonly LabLink[]
}
export interface LabNode {
  readonly name: string
  /** `bridge`: a plain switch, one Linux bridge named like the node. */
  readonly kind: 'linux' | 'bridge'
  readonly image: Image
  /** Commands that a shell runs before the learner sees anything. */
  readonly exec: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** Files put into the machine: path inside → bytes. */
  readonly files: Readonly<Record<string, string>>
}
export interface LabEnd {
  readonly node: string
  readonly ifname: string
}
export interface LabLink {
  readonly ends: readonly [LabEnd, LabEnd]
}

const IMAGES = ['host', 'docker', 'k8s-control-plane', 'k8s-worker', 'internet'] as const
export type Image = (typeof IMAGES)[number]
/** Images of formats.md that this version cannot boot yet. */
const NOT_YET: ReadonlySet<Image> = new Set(['docker', 'k8s-control-plane', 'k8s-worker', 'internet'])

/** Reads a lab file. `readBind(path)` gives the bytes of a file named under `binds`, relative to the lab. */
export const parseLab = (
  text: string,
  file: string,
  readBind?: (path: string) => string | undefined,
): Lab => {
  const top = parseYaml(text, file).map('the lab', ['name', 'topology'], ['name', 'topology'])
  const name = (top.name as YamlNode).text('name')
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    (top.name as YamlNode).fail(`"${name}" is no name of a lab`, 'Use small letters, digits and hyphens.')
  const topology = (top.topology as YamlNode).map('topology', ['nodes', 'links'], ['nodes'])
  const nodes = (topology.nodes as YamlNode)
    .entries('nodes')
    .map(([n, node, at]) => parseNode(n, node, at, readBind))
  const links =
    topology.links === undefined || topology.links.isEmpty ? [] : parseLinks(topology.links, nodes)
  return { name, nodes, links }
}

const parseNode = (
  name: string,
  node: YamlNode,
  at: YamlNode,
  readBind?: (path: string) => string | undefined,
): LabNode => {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name))
    at.fail(`"${name}" is no name of a node`, 'Use letters, digits and hyphens; begin with a letter.')
  const keys = node.isEmpty ? {} : node.map(`node ${name}`, ['kind', 'image', 'exec', 'labels', 'binds'])
  const kind = keys.kind?.oneOf('kind', ['linux', 'bridge']) ?? 'linux'
  const labels: Record<string, string> = {}
  for (const [key, value] of keys.labels?.entries(`labels of ${name}`) ?? [])
    labels[key] = value.text(`label ${key}`)
  // The recorded labs say `docker: "true"` for what `image: docker` is.
  const image = keys.image?.oneOf('image', IMAGES) ?? (labels['docker'] === 'true' ? 'docker' : 'host')
  if (NOT_YET.has(image))
    (keys.image ?? keys.labels ?? at).fail(`image "${image}" is not simulated yet`, 'Use "host".')
  const exec = keys.exec?.list(`exec of ${name}`).map((line) => line.text('a command')) ?? []
  if (kind === 'bridge' && name.length > 15)
    at.fail(`"${name}" is too long for a bridge`, 'A device name has at most 15 characters.')
  const files: Record<string, string> = {}
  for (const bind of keys.binds?.list(`binds of ${name}`) ?? []) {
    const [from, to] = bind.text('a bind').split(':')
    if (!from || !to?.startsWith('/'))
      return bind.fail('a bind must read FILE:/PATH', 'Write it as "files/Corefile:/etc/coredns/Corefile".')
    const bytes = readBind?.(from)
    if (bytes === undefined)
      return bind.fail(`no such file ${from}`, 'Put it beside the lab; the path is relative to the lab file.')
    files[to] = bytes
  }
  return { name, kind, image, exec, labels, files }
}

const parseLinks = (links: YamlNode, nodes: readonly LabNode[]): LabLink[] => {
  const names = nodes.map((n) => n.name)
  const taken = new Set<string>()
  return links.list('links').map((link) => {
    const ends = (link.map('a link', ['endpoints'], ['endpoints']).endpoints as YamlNode).list('endpoints')
    if (ends.length !== 2)
      link.fail(`a link has two ends, this one ${ends.length}`, 'Write endpoints: ["A:eth0", "B:eth0"].')
    const parsed = ends.map((end) => {
      const text = end.text('an endpoint')
      const [node, ifname, more] = text.split(':')
      if (!node || !ifname || more !== undefined)
        return end.fail(`"${text}" is no endpoint`, 'Write NODE:INTERFACE, as in "A:eth0".')
      if (!names.includes(node)) {
        const near = nearest(node, names)
        end.fail(`no node "${node}"`, `${near ? `Did you mean "${near}"? ` : ''}Nodes: ${names.join(', ')}.`)
      }
      if (ifname.length > 15 || /[\s/]/.test(ifname) || ifname === 'lo')
        end.fail(`"${ifname}" is no interface name`, 'Use at most 15 characters, as eth0.')
      if (taken.has(text))
        end.fail(`"${text}" is on two links`, 'An interface has one cable; use another name.')
      taken.add(text)
      return { node, ifname }
    })
    return { ends: parsed as unknown as readonly [LabEnd, LabEnd] }
  })
}
