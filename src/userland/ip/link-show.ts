import { die, matches } from './args.ts'
import { findDevice, netnsOf, type Command } from './context.ts'
import { HELP } from './help.ts'
import { filterDevice, filterWord, kernelFilters, listed, newLinkFilter } from './link-filter.ts'
import { printBrief, printLink } from './link-print.ts'

const VIEW = { link: true, inet6: false } as const

/** `ip link [ show ]` */
export const linkShow: Command = (ip, args) => {
  const filter = newLinkFilter()
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (filterWord(ip, args, filter, word)) continue
    if (matches(word, 'help')) {
      ip.proc.err(HELP.link)
      return 255
    }
    filterDevice(args, filter, word)
  }
  const ns = netnsOf(ip)
  const only = filter.dev === undefined ? undefined : ns.device(filter.dev)
  // The name itself is asked for, and an alias is the name of no device.
  if (filter.dev !== undefined && only === undefined && findDevice(ip, filter.dev) !== undefined)
    return die(ip.proc, 1, 'RTNETLINK answers: No such device\nCannot send link get request: No such device')
  if (filter.dev !== undefined && only === undefined)
    return die(ip.proc, 1, `Device "${filter.dev}" does not exist.`)
  const { out, opt } = ip
  out.list(() => {
    for (const dev of only === undefined ? ns.devices.values() : [only]) {
      if (!listed(filter, dev)) {
        if (only === undefined && filter.type !== undefined && !kernelFilters(filter.type))
          out.object(undefined, () => undefined)
        continue
      }
      out.object(undefined, () => {
        // ip takes any family here for the link's own (`ip -4 link`).
        if (opt.brief) printBrief(ip, dev, VIEW, 'packet')
        else {
          printLink(ip, dev, VIEW, 'packet')
          out.text('\n')
        }
      })
    }
  })
  return 0
}
