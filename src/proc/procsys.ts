import { sysctlNames, sysctlRead, sysctlStat, sysctlWrite } from '../kernel/procsys.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Inode, SpecialNode, VirtualDirNode } from './fs.ts'
import type { Host } from './host.ts'
import { KERNEL } from './release.ts'

/** /proc/sys: the network's knobs belong to the namespace of who looks; the few others of a machine are here. */

/** path below /proc/sys, value, r = read-only. Values of the recorded machine; nothing here has an effect. */
const OTHERS = `
fs/file-max 2466160
fs/inotify/max_user_instances 128
fs/inotify/max_user_watches 192536
fs/nr_open 1048576
fs/protected_fifos 1
fs/protected_hardlinks 1
fs/protected_regular 2
fs/protected_symlinks 1
kernel/arch ${KERNEL.machine} r
kernel/cap_last_cap 40 r
kernel/core_pattern core
kernel/core_uses_pid 0
kernel/ctrl-alt-del 1
kernel/dmesg_restrict 1
kernel/domainname ${KERNEL.domainname}
kernel/hostname -
kernel/keys/root_maxbytes 25000000
kernel/keys/root_maxkeys 1000000
kernel/ngroups_max 65536 r
kernel/osrelease ${KERNEL.release} r
kernel/ostype ${KERNEL.sysname} r
kernel/overflowgid 65534
kernel/overflowuid 65534
kernel/panic 1
kernel/panic_on_oops 0
kernel/pid_max 32768
kernel/printk 4\t4\t1\t7
kernel/randomize_va_space 2
kernel/tainted 0
kernel/threads-max 192729
kernel/version ${KERNEL.version} r
vm/max_map_count 65530
vm/overcommit_memory 0
vm/panic_on_oom 0
vm/swappiness 60
`

interface Knob {
  value: string
  readonly writable: boolean
}

const knobs = (): Map<string, Knob> => {
  const found = new Map<string, Knob>()
  for (const line of OTHERS.trim().split('\n')) {
    const [, path, value, flag] = /^(\S+) (.*?)( r)?$/.exec(line) as RegExpExecArray
    found.set(path as string, { value: value as string, writable: flag === undefined })
  }
  return found
}

/** The folder /proc/sys of one machine. */
export const procSys = (host: Host): VirtualDirNode => {
  let all: Map<string, Knob> | undefined
  const others = (): Map<string, Knob> => (all ??= knobs())
  return dir(host, others, '')
}

const dir = (host: Host, others: () => Map<string, Knob>, path: string): VirtualDirNode => {
  const below = (name: string): string => (path === '' ? name : `${path}/${name}`)
  return {
    kind: 'virtual-dir',
    mode: 0o555,
    mtime: 0,
    list(view) {
      const net = /^net(\/|$)(.*)/.exec(path)
      if (net) return sysctlNames(view.netns, net[2] as string)
      const names = new Set<string>(path === '' ? ['net'] : [])
      for (const key of others().keys())
        if (path === '' || key.startsWith(path + '/'))
          names.add(key.slice(path === '' ? 0 : path.length + 1).split('/')[0] as string)
      return [...names].sort()
    },
    lookup(name, view): Inode | undefined {
      const at = below(name)
      if (at === 'net') return dir(host, others, at)
      if (at.startsWith('net/')) {
        const stat = sysctlStat(view.netns, at.slice(4))
        if (stat === undefined) return undefined
        return stat === 'dir' ? dir(host, others, at) : netFile(at, stat)
      }
      const knob = others().get(at)
      if (knob !== undefined) return at === 'kernel/hostname' ? hostnameFile(host) : keptFile(knob)
      for (const key of others().keys()) if (key.startsWith(at + '/')) return dir(host, others, at)
      return undefined
    },
  }
}

const netFile = (path: string, mode: number): SpecialNode => ({
  kind: 'special',
  mode,
  mtime: 0,
  read(view) {
    const value = sysctlRead(view.netns, path)
    return value instanceof Refusal ? value : value + '\n'
  },
  write: (bytes, view) => sysctlWrite(view.netns, path, bytes),
})

const keptFile = (knob: Knob): SpecialNode => ({
  kind: 'special',
  mode: knob.writable ? 0o644 : 0o444,
  mtime: 0,
  read: () => knob.value + '\n',
  write(bytes) {
    const value = bytes.trim()
    if (/^-?\d+(\s-?\d+)*$/.test(knob.value) && !/^-?\d+(\s+-?\d+)*$/.test(value))
      return new Refusal('EINVAL')
    knob.value = value.replace(/\s+/g, '\t')
    return undefined
  },
})

const HOST_NAME_MAX = 64
const hostnameFile = (host: Host): SpecialNode => ({
  kind: 'special',
  mode: 0o644,
  mtime: 0,
  read: () => host.hostname + '\n',
  write(bytes) {
    host.hostname = (bytes.split('\n')[0] as string).slice(0, HOST_NAME_MAX)
    return undefined
  },
})
