import { getopt, type LongOption } from '../../proc/getopt.ts'
import type { Main, Process } from '../../proc/process.ts'
import { FAMILIES, HARDWARE } from '../nettools/hardware.ts'
import { E_USAGE, resolve } from '../nettools/inet.ts'
import { version } from '../nettools/version.ts'
import { del, set, setFromFile } from './set.ts'
import { show } from './show.ts'
import { HARDWARE_LIST, USAGE } from './usage.ts'

/** arp(8) of net-tools 2.10 */
export interface Arp {
  readonly proc: Process
  verbose: boolean
  numeric: boolean
  style: 'linux' | 'bsd'
  device: string | undefined
  hardware: string | undefined
  /** `-D`: hardware addresses are names of devices. */
  useDevice: boolean
}

const LONG: Readonly<Record<string, LongOption>> = {
  verbose: { short: 'v' },
  version: { short: 'V' },
  all: { short: 'a' },
  delete: { short: 'd' },
  file: { short: 'f' },
  numeric: { short: 'n' },
  set: { short: 's' },
  protocol: { short: 'A', argument: 'required' },
  'hw-type': { short: 'H', argument: 'required' },
  device: { short: 'i', argument: 'required' },
  help: { short: 'h' },
  'use-device': { short: 'D' },
  symbolic: { short: 'N' },
}

const FAILED = 255

const usage = (proc: Process, status: number): number => {
  if (status === 0) proc.out(USAGE)
  else proc.err(USAGE)
  proc.err(HARDWARE_LIST)
  return status
}

export const arp: Main = function* (proc) {
  const found = getopt(proc.argv, 'A:H:adfp:nsei:t:vhDNV', LONG)
  if ('error' in found) {
    proc.err(`arp: ${found.error}\n`)
    return usage(proc, E_USAGE)
  }
  const a: Arp = {
    proc, verbose: false, numeric: false, style: 'linux', device: undefined, hardware: undefined, useDevice: false,
  } // prettier-ignore
  let verb: 'show' | 'set' | 'del' | 'file' = 'show'
  const complain = (text: string): number => {
    proc.err(`arp: ${text}\n`)
    return FAILED
  }
  for (const o of found.options) {
    const value = o.value ?? ''
    switch (o.name) {
      case 'a':
        a.style = 'bsd'
        break
      case 'e':
        a.style = 'linux'
        break
      case 'n':
        a.numeric = true
        break
      case 'N':
        complain('-N not yet supported.')
        break
      case 'v':
        a.verbose = true
        break
      case 'D':
        a.useDevice = true
        break
      case 'i':
        a.device = value
        break
      case 's':
        verb = 'set'
        break
      case 'd':
        verb = 'del'
        break
      case 'f':
        verb = 'file'
        break
      case 'A':
      case 'p':
        if (!FAMILIES.some(([name]) => name === value)) return complain(`${value}: unknown address family.`)
        if (value !== 'inet') return complain(`${value}: kernel only supports 'inet'.`)
        break
      case 'H':
      case 't': {
        const hardware = HARDWARE.find(([name]) => name === value)
        if (hardware === undefined) return complain(`${value}: unknown hardware type.`)
        if (!hardware[2]) return complain(`${value}: hardware type without ARP support.`)
        a.hardware = value
        break
      }
      case 'V':
        proc.out(version('', '(ether)'))
        return 0
      case 'h':
        return usage(proc, 0)
    }
  }
  const { operands } = found
  switch (verb) {
    case 'set':
      return done(proc, set(a, operands))
    case 'del':
      return done(proc, del(a, operands))
    case 'file':
      return setFromFile(a, operands[0] ?? '/etc/ethers')
    case 'show': {
      const [name] = operands
      if (name === undefined) return show(a, undefined, undefined)
      const host = resolve(proc, name, true)
      if ('address' in host) return show(a, name, host.address)
      proc.err(`${name === '' ? '' : `${name}: `}${host.unknown}\n`)
      return FAILED
    }
  }
}

const done = (proc: Process, status: number | 'usage'): number =>
  status === 'usage' ? usage(proc, E_USAGE) : status
