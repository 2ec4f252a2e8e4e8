import type { Process } from '../../proc/process.ts'
import { FAMILIES, HARDWARE, titleList } from '../nettools/hardware.ts'

const SYNTAX = `Usage:
  ifconfig [-a] [-v] [-s] <interface> [[<AF>] <address>]
  [add <address>[/<prefixlen>]]
  [del <address>[/<prefixlen>]]
  [[-]broadcast [<address>]]  [[-]pointopoint [<address>]]
  [netmask <address>]  [dstaddr <address>]  [tunnel <address>]
  [outfill <NN>] [keepalive <NN>]
  [hw <HW> <address>]  [mtu <NN>]
  [[-]trailers]  [[-]arp]  [[-]allmulti]
  [multicast]  [[-]promisc]
  [mem_start <NN>]  [io_addr <NN>]  [irq <NN>]  [media <type>]
  [txqueuelen <NN>]
  [name <newname>]
  [[-]dynamic]
  [up|down] ...

  <HW>=Hardware Type.
  List of possible hardware types:
`
const FAMILY_TITLE = `  <AF>=Address family. Default: inet
  List of possible address families:
`

/** The lists go to standard error always, the text only with an error. */
export const usage = (proc: Process, status: number): number => {
  const print = (text: string): void => (status === 0 ? proc.out(text) : proc.err(text))
  print(SYNTAX)
  proc.err(titleList(HARDWARE))
  print(FAMILY_TITLE)
  proc.err(titleList(FAMILIES))
  return status
}
