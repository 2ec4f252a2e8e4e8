import { Refusal } from '../../kernel/refusal.ts'
import type { Process } from '../../proc/process.ts'

interface Service {
  readonly name: string
  readonly port: number
  readonly protocol: string
  readonly aliases: readonly string[]
}

/** The lines of /etc/services (services(5)). */
const services = (proc: Process): Service[] => {
  const text = proc.readFile('/etc/services')
  if (text instanceof Refusal) return []
  const found: Service[] = []
  for (const line of text.split('\n')) {
    const [name, where, ...aliases] = line.replace(/#.*/, '').split(/\s+/)
    const m = /^(\d+)\/(\w+)$/.exec(where ?? '')
    if (name !== undefined && m !== null)
      found.push({
        name,
        port: Number(m[1]),
        protocol: m[2] as string,
        aliases: aliases.filter((a) => a !== ''),
      })
  }
  return found
}

/** Names of ports, by `53/udp`. */
export const servicesOf = (proc: Process): ReadonlyMap<string, string> => {
  const names = new Map<string, string>()
  for (const s of services(proc)) {
    const key = `${s.port}/${s.protocol}`
    if (!names.has(key)) names.set(key, s.name)
  }
  return names
}

/** The port of a name, and the protocols that it is for. */
export const portNumber = (
  proc: Process,
  name: string,
): { readonly port: number; readonly protocols: readonly string[] } | undefined => {
  const found = services(proc).filter((s) => s.name === name || s.aliases.includes(name))
  const [first] = found
  return first === undefined ? undefined : { port: first.port, protocols: found.map((s) => s.protocol) }
}
