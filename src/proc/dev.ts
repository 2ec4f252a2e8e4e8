import { Refusal } from '../kernel/refusal.ts'
import { bytesToString } from './bytes.ts'
import { OpenFile, type Chunk } from './file.ts'
import type { Inode, SpecialNode } from './fs.ts'
import type { Host } from './host.ts'
import type { Wait } from './wait.ts'

/** A device without end gives so many bytes at a time, and each piece costs so many trivial commands (see Spin). */
const PIECE = 4096
const READ_WORK = 1000

/**
 * A character device: what each read gives and each write does (null(4), full(4), random(4)). Now and then a reader has to
 * wait a little: one that reads for ever must let time pass.
 */
class CharDevice extends OpenFile {
  readonly #host: Host
  readonly #give: (max: number) => string
  readonly #take: () => Refusal | undefined
  #pause = 0
  #waited = false
  constructor(host: Host, give: (max: number) => string, take: () => Refusal | undefined) {
    super()
    this.#host = host
    this.#give = give
    this.#take = take
  }
  override readonly readable: Wait = (wake) => {
    const { clock } = this.#host.sim
    const timer = clock.schedule(this.#pause, wake)
    this.#pause = 0
    this.#waited = true
    return () => clock.cancel(timer)
  }
  override read(max: number): Chunk {
    if (!this.#waited) this.#pause += this.#host.spin.charge(READ_WORK)
    if (this.#pause > 0) return undefined
    this.#waited = false
    return this.#give(Math.min(max, PIECE))
  }
  override write(): Refusal | undefined {
    return this.#take()
  }
}

const device = (
  host: Host,
  give: (max: number) => string,
  take: () => Refusal | undefined = () => undefined,
): SpecialNode => ({
  kind: 'special',
  char: true,
  mode: 0o666,
  mtime: 0,
  open: () => new CharDevice(host, give, take),
  read: () => give(PIECE),
  write: take,
})

const zeros = (max: number): string => '\0'.repeat(max)

/** The nodes of /dev. */
export const devNodes = (host: Host): [string, Inode][] => {
  const noise = (max: number): string => {
    const bytes = new Uint8Array(max)
    for (let i = 0; i < max; i++) bytes[i] = host.sim.random.below(256)
    return bytesToString(bytes)
  }
  const tty: SpecialNode = {
    ...device(host, () => ''),
    open: () => host.tty,
    write: (bytes) => host.tty.write(bytes),
  }
  const link = (target: string): Inode => ({ kind: 'symlink', mode: 0o777, mtime: 0, target })
  return [
    ['fd', link('/proc/self/fd')],
    ['full', device(host, zeros, () => new Refusal('ENOSPC'))],
    ['null', device(host, () => '')],
    ['random', device(host, noise)],
    ['stderr', link('/proc/self/fd/2')],
    ['stdin', link('/proc/self/fd/0')],
    ['stdout', link('/proc/self/fd/1')],
    ['tty', tty],
    ['urandom', device(host, noise)],
    ['zero', device(host, zeros)],
  ]
}
