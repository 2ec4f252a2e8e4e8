import { OpenFile, type Chunk } from '../proc/file.ts'
import { Refusal } from '../kernel/refusal.ts'

/** Bytes that one command without a terminal may print. */
const MAX_TAPE = 1 << 20

/** An open file that keeps what is written to it: the output of a command that has no terminal. */
export class Tape extends OpenFile {
  text = ''
  override read(): Refusal {
    return new Refusal('EBADF')
  }
  override write(bytes: string): Refusal | undefined {
    if (this.text.length + bytes.length > MAX_TAPE) return new Refusal('EPIPE')
    this.text += bytes
    return undefined
  }
}

/** Standard input of such a command: at its end from the start (/dev/null). */
export class Empty extends OpenFile {
  override read(): Chunk {
    return ''
  }
  override write(): Refusal | undefined {
    return undefined
  }
}
