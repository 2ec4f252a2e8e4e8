import { Refusal } from '../../kernel/refusal.ts'
import type { OpenFile } from '../../proc/file.ts'
import type { Main } from '../../proc/process.ts'
import { fileError, parseOptions, readChunk } from './program.ts'

/** tee(1) */
export const tee: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'aip',
    long: {
      append: { short: 'a' },
      'ignore-interrupts': { short: 'i' },
      'output-error': { argument: 'optional', short: 'p' },
    },
  })
  if (o.has('i')) proc.onSignal('INT', 'ignore')
  let status = 0
  const outputs: { name: string; file: OpenFile }[] = []
  for (const name of o.operands) {
    const file = proc.open(
      name,
      o.has('a')
        ? { write: true, create: true, append: true }
        : { write: true, create: true, truncate: true },
    )
    if (file instanceof Refusal) status = fileError(proc, name, file)
    else outputs.push({ name, file })
  }
  const input = proc.fds.get(0)
  if (input === undefined) return 1
  for (;;) {
    const chunk = yield* readChunk(input)
    if (chunk instanceof Refusal || chunk === '') return status
    yield* proc.print(chunk)
    proc.flush()
    for (const { name, file } of outputs) {
      const refusal = file.write(chunk)
      if (refusal) status = fileError(proc, name, refusal)
    }
  }
}
