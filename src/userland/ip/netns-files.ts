import type { Netns } from '../../kernel/netns.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { FileNode } from '../../proc/fs.ts'
import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'

/** Namespaces by name are files of this folder, each a pin of one (man ip-netns(8)). */
export const NETNS_RUN_DIR = '/run/netns'

/** The names, in the order of readdir(3). */
export const netnsNames = (proc: Process): readonly string[] => {
  const names = proc.host.fs.readdir(NETNS_RUN_DIR, proc.cwd, proc)
  return names instanceof Refusal ? [] : names
}

/** The file of that name, if there is one. */
export const netnsFile = (proc: Process, name: string): FileNode | undefined => {
  const node = proc.lookup(`${NETNS_RUN_DIR}/${name}`)
  return node instanceof Refusal || node.kind !== 'file' ? undefined : node
}

export const netnsNamed = (proc: Process, name: string): Netns | undefined => netnsFile(proc, name)?.netns

/** The first name that a namespace has. */
export const netnsNameOf = (proc: Process, ns: Netns): string | undefined =>
  netnsNames(proc).find((name) => netnsNamed(proc, name) === ns)

/** setns(2) to the namespace of that name, or what is wrong with it (netns_switch()). */
export const switchNetns = (proc: Process, name: string): boolean => {
  const node = proc.lookup(name.startsWith('/') ? name : `${NETNS_RUN_DIR}/${name}`)
  if (node instanceof Refusal) {
    proc.err(`Cannot open network namespace "${name}": ${strerror(node.errno)}\n`)
    return false
  }
  if (node.kind !== 'file' || node.netns === undefined) {
    proc.err(`setting the network namespace "${name}" failed: ${strerror('EINVAL')}\n`)
    return false
  }
  proc.netns = node.netns
  return true
}
