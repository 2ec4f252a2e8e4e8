import { ETHERNET, OutOfPacket } from './generate.ts'
import { FilterError } from './lex.ts'
import type { FilterContext } from './identifier.ts'
import { Parser } from './parse.ts'
import { rejectsAll, type Packet } from './test.ts'

/** Says of a frame, from its link header on, whether the expression matches. */
export type Filter = (frame: Uint8Array, about?: Partial<Omit<Packet, 'b'>>) => boolean

const ALONE: FilterContext = {
  link: ETHERNET,
  netmask: 0,
  live: true,
  host: () => [],
  port: () => undefined,
}

/**
 * Compiles an expression of pcap-filter(7); a string says what is wrong with it, in libpcap's words. Without a context it
 * is for Ethernet, and hosts and ports are numbers.
 */
export const compileFilter = (expression: string, context: FilterContext = ALONE): Filter | string => {
  try {
    const test = new Parser(expression, context).parse()
    if (rejectsAll(test)) return 'expression rejects all packets'
    return (frame, about) => {
      const p: Packet = {
        b: frame,
        length: about?.length ?? frame.length,
        outgoing: about?.outgoing ?? false,
        ifindex: about?.ifindex ?? 0,
      }
      try {
        return test(p)
      } catch (e) {
        if (e instanceof OutOfPacket) return false
        throw e
      }
    }
  } catch (e) {
    if (e instanceof FilterError) return e.message
    throw e
  }
}
