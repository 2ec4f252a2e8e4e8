import type { NetDevice } from '../../kernel/netdevice.ts'
import { matches, type Args } from './args.ts'
import type { Ip } from './context.ts'
import { groupNamed } from './names.ts'

/** Which devices `ip link show` and `ip address show` list. */
export interface LinkFilter {
  dev: string | undefined
  up: boolean
  master: NetDevice | undefined
  nomaster: boolean
  /** The kernel picks by a type that it has; of another one ip makes a list without anything in it. */
  type: string | undefined
  group: number | undefined
}

export const newLinkFilter = (): LinkFilter => ({
  dev: undefined,
  up: false,
  master: undefined,
  nomaster: false,
  type: undefined,
  group: undefined,
})

/** One of the words that both have; false where it is none of them. */
export const filterWord = (ip: Ip, args: Args, f: LinkFilter, word: string): boolean => {
  switch (word) {
    case 'up':
      f.up = true
      return true
    case 'master': {
      const name = args.value()
      f.master = ip.proc.netns.device(name) ?? args.invalid(name, 'Device does not exist\n')
      return true
    }
    case 'nomaster':
      f.nomaster = true
      return true
    case 'vrf':
      return args.invalid(args.value(), 'Not a valid VRF name\n')
    case 'type':
      f.type = args.value()
      return true
    case 'group': {
      const text = args.value()
      f.group = groupNamed(text) ?? args.invalid(text, 'Invalid "group" value\n')
      return true
    }
    default:
      return false
  }
}

/** The device's name, with or without `dev`. */
export const filterDevice = (args: Args, f: LinkFilter, word: string): void => {
  const name = word === 'dev' ? args.value() : word
  if (f.dev !== undefined) args.garbage('dev', name)
  f.dev = name
}

/** link_kind_filtered() and what ip itself looks at. */
export const listed = (f: LinkFilter, dev: NetDevice): boolean => {
  if (f.up && !dev.up) return false
  if (f.master !== undefined && dev.master !== f.master) return false
  if (f.nomaster && dev.master !== undefined) return false
  if (f.group !== undefined && dev.group !== f.group) return false
  return f.type === undefined || ofType(f.type, dev)
}

const ofType = (type: string, dev: NetDevice): boolean => {
  if (type.endsWith('_slave')) return dev.port !== undefined && matches('bridge_slave', type)
  return dev.kind === type
}

/** Types that this kernel has: of them it lists only what fits; for others ip opens an empty object per device. */
export const kernelFilters = (type: string): boolean =>
  type === 'veth' || type === 'bridge' || type.endsWith('_slave')
