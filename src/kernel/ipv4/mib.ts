/** SNMP counters of a namespace (struct netns_mib, net/ipv4/proc.c), by their names in /proc/net/snmp. */
export class Mib {
  readonly ip = {
    InReceives: 0, InHdrErrors: 0, InAddrErrors: 0, ForwDatagrams: 0, InUnknownProtos: 0, InDiscards: 0, InDelivers: 0, OutRequests: 0,
    OutDiscards: 0, OutNoRoutes: 0, ReasmTimeout: 0, ReasmReqds: 0, ReasmOKs: 0, ReasmFails: 0, FragOKs: 0, FragFails: 0, FragCreates: 0,
    OutTransmits: 0,
  } // prettier-ignore
  readonly icmp = { InErrors: 0, InCsumErrors: 0, OutErrors: 0, OutRateLimitGlobal: 0, OutRateLimitHost: 0 }
  /** ICMP messages that came and went, by type. */
  readonly icmpIn = new Map<number, number>()
  readonly icmpOut = new Map<number, number>()
  readonly udp = {
    InDatagrams: 0, NoPorts: 0, InErrors: 0, OutDatagrams: 0, RcvbufErrors: 0, SndbufErrors: 0, InCsumErrors: 0, IgnoredMulti: 0,
    MemErrors: 0,
  } // prettier-ignore
}

export const countType = (counters: Map<number, number>, type: number): void =>
  void counters.set(type, (counters.get(type) ?? 0) + 1)
