import { Refusal } from '../kernel/refusal.ts'
import { bytesToString } from './bytes.ts'
import { OpenFile, type Chunk } from './file.ts'
import type { Inode, SpecialNode } from './fs.ts'
import type { Host } from './host.ts'

/** A character device: what each read gives and each write does (null(4), full(4), random(4)). */
class CharDevice extends OpenFile {
  readonly #give: (max: number) => string
  readonly #take: () => Refusal | undefined
  constructor(give: (max: number) => string, take: () => Refusal | undefined) {
    super()
    this.#give = give
    this.#take = take
  }
  override read(max: number): Chunk {
    return this.#give(max)
  }
  override write(): Refusal | undefined {
    return this.#take()
  }
}

/** What a reader who asks for the whole endless device gets. */
const ALL = 4096

const device = (
  give: (max: number) => string,
  take: () => Refusal | undefined = () => undefined,
): SpecialNode => ({
  kind: 'special',
  char: true,
  mode: 0o666,
  mtime: 0,
  open: () => new CharDevice(give, take),
  read: () => give(ALL),
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
    ...device(() => ''),
    open: () => host.tty,
    write: (bytes) => host.tty.write(bytes),
  }
  const link = (target: string): Inode => ({ kind: 'symlink', mode: 0o777, mtime: 0, target })
  return [
    ['fd', link('/proc/self/fd')],
    ['full', device(zeros, () => new Refusal('ENOSPC'))],
    ['null', device(() => '')],
    ['random', device(noise)],
    ['stderr', link('/proc/self/fd/2')],
    ['stdin', link('/proc/self/fd/0')],
    ['stdout', link('/proc/self/fd/1')],
    ['tty', tty],
    ['urandom', device(noise)],
    ['zero', device(zeros)],
  ]
}
