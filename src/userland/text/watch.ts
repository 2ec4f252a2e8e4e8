import { Refusal } from '../../kernel/refusal.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import { makePipe } from '../../proc/file.ts'
import type { Main } from '../../proc/process.ts'
import { strftime } from '../../proc/strftime.ts'
import { parseOptions, readChunk } from './program.ts'

/** What the terminal is told before each new view: cursor home, clear to the end (ECMA-48 CUP, ED). */
const HOME = '\x1b[H\x1b[J'

const USAGE = `
Usage:
 watch [options] command

Options:
  -b, --beep             beep if command has a non-zero exit
  -c, --color            interpret ANSI color and style sequences
  -d, --differences[=<permanent>]
                         highlight changes between updates
  -e, --errexit          exit if command has a non-zero exit
  -g, --chgexit          exit when output from command changes
  -q, --equexit <cycles>
                         exit when output from command does not change
  -n, --interval <secs>  seconds to wait between updates
  -p, --precise          attempt run command in precise intervals
  -t, --no-title         turn off header
  -w, --no-wrap          turn off line wrapping
  -x, --exec             pass command to exec instead of "sh -c"

 -h, --help     display this help and exit
 -v, --version  output version information and exit

For more details see watch(1).
`

/** watch(1): runs a command again and again and shows its last output. */
export const watch: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: '+begn:ptxd',
    long: {
      beep: { short: 'b' }, differences: { argument: 'optional', short: 'd' }, errexit: { short: 'e' }, chgexit: { short: 'g' },
      interval: { argument: 'required', short: 'n' }, precise: { short: 'p' }, 'no-title': { short: 't' }, exec: { short: 'x' },
    },
    notSimulated: ['c', 'color', 'equexit=', 'no-rerun', 'no-linewrap'],
  }) // prettier-ignore
  if (o.operands.length === 0) {
    proc.err(USAGE)
    return 1
  }
  const text = o.value('n') ?? '2'
  const seconds = Number(text)
  if (!/^\d*[.,]?\d+$/.test(text) || Number.isNaN(seconds)) {
    proc.err(`watch: failed to parse argument: '${text}': Invalid argument\n`)
    return 1
  }
  const interval = Math.max(0.1, seconds)
  const command = o.operands.join(' ')
  const columns = 120
  let before: string | undefined
  for (;;) {
    const [reader, writer] = makePipe()
    reader.hold()
    writer.hold()
    const argv = o.has('x') ? o.operands : ['sh', '-c', command]
    const found = proc.host.which(argv[0] as string, proc)
    const program = found instanceof Refusal ? found : proc.host.load(found.path, argv, proc)
    if (program instanceof Refusal) {
      proc.err(`watch: unable to execute '${argv[0]}': No such file or directory\n`)
      return 4
    }
    const child = proc.spawn({
      argv: program.argv,
      main: program.main,
      fds: new Map(proc.fds).set(1, writer).set(2, writer),
    })
    writer.drop()
    let shown = ''
    for (;;) {
      const chunk = yield* readChunk(reader)
      if (chunk instanceof Refusal || chunk === '') break
      if (shown.length < 100_000) shown += chunk
    }
    reader.drop()
    const status = yield* proc.waitFor(child)
    const left = `Every ${interval.toFixed(1)}s: ${command}`
    const right = `${proc.host.hostname}: ${strftime('%a %b %e %H:%M:%S %Y', EPOCH_SECONDS + proc.now / 1e9)}`
    const room = columns - right.length - 1
    const title =
      (left.length > room ? left.slice(0, room - 3) + '...' : left).padEnd(columns - right.length) + right
    proc.out(HOME + (o.has('t') ? '' : `${title}\n\n`) + shown)
    proc.flush()
    if (o.has('g') && before !== undefined && before !== shown) return 0
    if (o.has('e') && status !== 0) return 8
    before = shown
    yield* proc.sleep(interval * 1e9)
  }
}

/** clear(1) on xterm */
// eslint-disable-next-line require-yield -- never waits
export const clear: Main = function* (proc) {
  proc.out('\x1b[H\x1b[2J\x1b[3J')
  return 0
}
