import { neighAdd, neighDel } from '../../kernel/neigh/nud.ts'
import { routeOutput } from '../../kernel/ipv4/route.ts'
import { IFF_LOOPBACK, type NetDevice } from '../../kernel/netdevice.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { sameMac } from '../../wire/ethernet.ts'
import { readEther } from '../nettools/hardware.ts'
import { resolve } from '../nettools/inet.ts'
import type { Arp } from './arp.ts'

/** `arp -s` and `arp -d`, and the ioctls behind them (arp(7), net/ipv4/arp.c: arp_ioctl()). */

const FAILED = 255
/** What the words after the host say. */
interface Words {
  temporary: boolean
  published: boolean
  /** Flags that the kernel takes for proxy entries only. */
  masked: boolean
  device: string | undefined
}

/** Reads `pub`, `temp`, `netmask …`, `dev …`; undefined where a usage text is due. */
const readWords = (arp: Arp, words: readonly string[]): Words | undefined => {
  const w: Words = { temporary: false, published: false, masked: false, device: arp.device }
  for (let i = 0; i < words.length; i++) {
    switch (words[i]) {
      case 'pub':
        w.published = true
        break
      case 'temp':
        w.temporary = true
        break
      case 'dontpub':
        w.masked = true
        break
      case 'trail':
      case 'priv':
        break
      case 'dev':
      case 'netmask': {
        const value = words[i + 1]
        if (value === undefined) return undefined
        if (words[i] === 'dev') w.device = value
        else if (value !== '255.255.255.255') w.masked = true
        i++
        break
      }
      default:
        return undefined
    }
  }
  return w
}

const lookup = (proc: Process, name: string): number | undefined => {
  const found = resolve(proc, name, true)
  if ('address' in found) return found.address
  proc.err(`${name === '' ? '' : `${name}: `}${found.unknown}\n`)
  return undefined
}

const perror = (proc: Process, what: string, refusal: Refusal): number => {
  proc.err(`${what}: ${strerror(refusal.errno)}\n`)
  return FAILED
}

/**
 * The device that the kernel would use: the one that is named, or that on whose link the address lies, for it looks up with
 * RT_SCOPE_LINK (net/ipv4/arp.c: arp_req_set()) and finds no way through a gateway, nor one that refuses.
 */
const deviceFor = (proc: Process, name: string | undefined, address: number): NetDevice | Refusal => {
  if (name !== undefined) return proc.netns.device(name) ?? new Refusal('ENODEV')
  const route = routeOutput(proc.netns, address, {})
  return route instanceof Refusal || route.gateway !== 0 ? new Refusal('ENETUNREACH') : route.dev
}

/** arp_set(): an entry of one's own, or one to answer for others (`pub`). Status 0, or what `arp -s` exits with. */
export const set = (arp: Arp, words: readonly string[]): number | 'usage' => {
  const { proc } = arp
  const [name, hardware, ...rest] = words
  if (name === undefined) return complain(proc, 'need host name')
  const address = lookup(proc, name)
  if (address === undefined) return FAILED
  if (hardware === undefined) return complain(proc, 'need hardware address')
  // The address of the host lies where the hardware address is read to: bytes that are not given keep it.
  const seed = Uint8Array.of(
    0,
    0,
    address >>> 24,
    (address >>> 16) & 255,
    (address >>> 8) & 255,
    address & 255,
  )
  let mac: Uint8Array | undefined
  if (arp.useDevice) {
    mac = proc.netns.device(hardware)?.mac
    if (mac === undefined) {
      proc.err(`arp: cant get HW-Address for \`${hardware}': ${strerror('ENODEV')}.\n`)
      return FAILED
    }
  } else mac = readEther(hardware, seed)
  if (mac === undefined) return complain(proc, 'invalid hardware address')
  const w = readWords(arp, rest)
  if (w === undefined) return 'usage'
  if (arp.verbose) proc.err('arp: SIOCSARP()\n')
  const refusal = request(proc, address, mac, w)
  return refusal === undefined ? 0 : perror(proc, 'SIOCSARP', refusal)
}

const complain = (proc: Process, text: string): number => {
  proc.err(`arp: ${text}\n`)
  return FAILED
}

/** arp_req_set() and arp_req_set_public() */
const request = (proc: Process, address: number, mac: Uint8Array, w: Words): Refusal | undefined => {
  const { netns } = proc
  if (w.masked) return new Refusal('EINVAL')
  if (w.published) {
    const devices = [...netns.devices.values()]
    const dev = w.device === undefined ? devices.find((d) => sameMac(d.mac, mac)) : netns.device(w.device)
    if (dev === undefined) return new Refusal('ENODEV')
    return neighAdd(netns, { address, dev, proxy: true }, { create: true })
  }
  const dev = deviceFor(proc, w.device, address)
  if (dev instanceof Refusal) return dev
  if (dev.flags & IFF_LOOPBACK) return new Refusal('EINVAL')
  const state = w.temporary ? 'STALE' : 'PERMANENT'
  return neighAdd(netns, { address, dev, mac, state }, { create: true, replace: true })
}

/** arp_del() */
export const del = (arp: Arp, words: readonly string[]): number | 'usage' => {
  const { proc } = arp
  const [name, ...rest] = words
  if (name === undefined) return complain(proc, 'need host name')
  const address = lookup(proc, name)
  if (address === undefined) return FAILED
  const w = readWords(arp, rest)
  if (w === undefined) return 'usage'
  const kind = w.published ? 'pub' : 'dontpub'
  if (arp.verbose) proc.err(`arp: SIOCDARP(${kind})\n`)
  const noEntry = (): number => {
    proc.out(`No ARP entry for ${name}\n`)
    return FAILED
  }
  if (w.published) {
    const dev = w.device === undefined ? undefined : proc.netns.device(w.device)
    if (w.device !== undefined && dev === undefined)
      return perror(proc, `SIOCDARP(${kind})`, new Refusal('ENODEV'))
    return dev === undefined || neighDel(proc.netns, { address, dev, proxy: true }) !== undefined
      ? noEntry()
      : 0
  }
  const dev = deviceFor(proc, w.device, address)
  if (dev instanceof Refusal)
    return dev.errno === 'EINVAL' ? noEntry() : perror(proc, `SIOCDARP(${kind})`, dev)
  return neighDel(proc.netns, { address, dev }) === undefined ? 0 : noEntry()
}

/** arp_file(): one entry a line, as `arp -s` takes it. */
export const setFromFile = (arp: Arp, path: string): number => {
  const { proc } = arp
  const text = proc.readFile(path)
  if (text instanceof Refusal && text.errno !== 'EISDIR') {
    proc.err(`arp: cannot open etherfile ${path} !\n`)
    return FAILED
  }
  const lines = text instanceof Refusal ? [] : text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined)
  for (const [i, line] of lines.entries()) {
    if (arp.verbose) proc.out(`>> ${line}\n`)
    const words = line.split(/[ \t]+/).filter((w) => w !== '')
    if (words.length === 0 || line.startsWith('#')) continue
    if (words.length < 2) proc.err(`arp: format error on line ${i + 1} of etherfile ${path} !\n`)
    else if (set(arp, words) !== 0)
      proc.err(`arp: cannot set entry on line ${i + 1} of etherfile ${path} !\n`)
  }
  return 0
}
