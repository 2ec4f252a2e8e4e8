import { Refusal } from '../kernel/refusal.ts'
import { WaitQueue, type Wait } from './wait.ts'

/** What `read` gives: bytes (see bytes.ts), '' at the end of the file, undefined where it would block. */
export type Chunk = string | undefined

/**
 * An open file description (open(2)): shared by every descriptor that was inherited or duplicated from it, closed when
 * the last one is. `read` and `write` never block; `readable` and `writable` say when to try again.
 */
export abstract class OpenFile {
  readonly isTty: boolean = false
  refs = 0
  abstract read(max: number): Chunk | Refusal
  abstract write(bytes: string): Refusal | undefined
  /** True where a polite writer waits for `writable` first (a full pipe). */
  full(): boolean {
    return false
  }
  /** fstat(2): the size of a regular file; undefined for pipes, terminals and devices. */
  get regularSize(): number | undefined {
    return undefined
  }
  readonly readable: Wait = NEVER
  readonly writable: Wait = NEVER
  /** Somebody wrote to the file or cut it (inotify(7), IN_MODIFY): what waits at the end of a file waits for. */
  readonly modified: Wait = NEVER
  /** The last descriptor is gone. */
  protected released(): void {}

  hold(): this {
    this.refs++
    return this
  }
  drop(): void {
    if (--this.refs === 0) this.released()
  }
}

const NEVER: Wait = () => () => {}

/** Bytes a pipe holds before its writer has to wait (pipe(7)). */
const PIPE_CAPACITY = 65536

/** Two ends of a pipe: [read end, write end]. */
export const makePipe = (): [OpenFile, OpenFile] => {
  const pipe = {
    data: [] as string[],
    size: 0,
    readers: true,
    writers: true,
    read: new WaitQueue(),
    write: new WaitQueue(),
  }
  const reader = new (class extends OpenFile {
    override readonly readable = pipe.read.wait
    override read(max: number): Chunk {
      const first = pipe.data[0]
      if (first === undefined) return pipe.writers ? undefined : ''
      const chunk = first.length <= max ? first : first.slice(0, max)
      if (chunk === first) pipe.data.shift()
      else pipe.data[0] = first.slice(max)
      pipe.size -= chunk.length
      pipe.write.wakeAll()
      return chunk
    }
    override write(): Refusal {
      return new Refusal('EBADF')
    }
    protected override released(): void {
      pipe.readers = false
      pipe.data = []
      pipe.write.wakeAll()
    }
  })()
  const writer = new (class extends OpenFile {
    override readonly writable = pipe.write.wait
    override read(): Refusal {
      return new Refusal('EBADF')
    }
    override write(bytes: string): Refusal | undefined {
      if (!pipe.readers) return new Refusal('EPIPE')
      if (bytes === '') return undefined
      pipe.data.push(bytes)
      pipe.size += bytes.length
      pipe.read.wakeAll()
      return undefined
    }
    override full(): boolean {
      return pipe.readers && pipe.size >= PIPE_CAPACITY
    }
    protected override released(): void {
      pipe.writers = false
      pipe.read.wakeAll()
    }
  })()
  return [reader, writer]
}
