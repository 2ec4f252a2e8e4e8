import { IFF_UP } from '../../kernel/netdevice.ts'
import type { Main } from '../../proc/process.ts'
import { configure } from './configure.ts'
import { cut, interfaces, named, SHORT_TITLE, showLong, showShort } from './show.ts'
import { usage } from './usage.ts'

/** ifconfig(8) of net-tools 2.10 */
export const ifconfig: Main = function* (proc) {
  const words = proc.argv.slice(1)
  let all = false
  let short = false
  while (words[0]?.startsWith('-')) {
    const option = words.shift() as string
    switch (option) {
      case '-a':
        all = true
        break
      case '-s':
        short = true
        break
      case '-v':
        break
      case '-V':
      case '-version':
      case '--version':
        proc.out('net-tools 2.10\n')
        return 0
      case '-?':
      case '-h':
      case '-help':
      case '--help':
        return usage(proc, 0)
      default:
        proc.err(
          `ifconfig: option \`${option}' not recognised.\nifconfig: \`--help' gives usage information.\n`,
        )
        return 1
    }
  }
  const [name, ...rest] = words
  if (rest.length > 0) return configure(proc, cut(name as string), rest)
  if (short) proc.out(SHORT_TITLE)
  if (name === undefined) {
    for (const iface of interfaces(proc)) {
      if (!all && !(iface.dev.flags & IFF_UP)) continue
      if (short) showShort(proc, iface)
      else yield* showLong(proc, iface)
    }
    return 0
  }
  const iface = named(proc, name)
  if (iface === undefined) {
    proc.err(`${cut(name)}: error fetching interface information: Device not found\n`)
    return 1
  }
  if (short) showShort(proc, iface)
  else yield* showLong(proc, iface)
  return 0
}
