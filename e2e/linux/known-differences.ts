/**
 * Where the simulator deliberately differs from a recording of real Linux. Each row says why. A row whose command no
 * longer differs fails the test.
 */
export interface KnownDifference {
  /** Below `src`. */
  readonly golden: string
  /** As the golden has it, with its prompt; continuation lines after newlines. All its occurrences are meant. */
  readonly command: string
  readonly reason: string
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    golden: 'kernel/dev/bridge.golden',
    command: 'sw$ ip link set br0 type bridge vlan_filtering 1',
    reason:
      'the recording kernel is built without VLAN filtering, others have it: here it says that it is not simulated',
  },
  {
    golden: 'kernel/dev/bridge.golden',
    command: 'sw$ ip link set br0 type bridge vlan_filtering 0',
    reason: 'the recording kernel is built without VLAN filtering, others have it: here it is off anyway',
  },
  {
    golden: 'userland/ip/neigh.golden',
    command: 'A$ ip neigh show nud all',
    reason: 'the NOARP entries of IPv6 multicast are not simulated: nothing sends to these groups here',
  },
  {
    golden: 'userland/ip/help.golden',
    command: 'A$ ip rule add from 10.0.0.0/8 table 100',
    reason: 'policy rules are real but not simulated, and it says so',
  },
  {
    golden: 'userland/ip/help.golden',
    command: 'A$ ip rule',
    reason: 'follows from the rule above',
  },
  {
    golden: 'userland/ip/help.golden',
    command: 'A$ ip rule del from 10.0.0.0/8 table 100',
    reason: 'policy rules are real but not simulated, and it says so',
  },
  {
    golden: 'userland/ip/link-detail.golden',
    command: 'B$ ip link add dum0 type dummy',
    reason:
      'the recording kernel is built without the dummy device, others have it: here it says that it is not simulated',
  },
  {
    golden: 'userland/ip/route-state.golden',
    command: 'R$ ip route save > /dev/null; echo $?',
    reason: 'a dump for `ip route restore` is real but not simulated, and it says so',
  },
  {
    golden: 'userland/ping-flags.golden',
    command: 'A$ ping -6 -c 1 ::1',
    reason: 'IPv6 is shown but carries no packets yet: ping says so and ends with status 125',
  },
  {
    golden: 'userland/ping-flags.golden',
    command: 'A$ ping -c 1 ::1',
    reason: 'IPv6 is shown but carries no packets yet: ping says so and ends with status 125',
  },
  {
    golden: 'userland/ping-flags.golden',
    command: 'A$ ping -c 1 fe80::1',
    reason: 'IPv6 is shown but carries no packets yet: ping says so and ends with status 125',
  },
  {
    golden: 'userland/ping-flags.golden',
    command: 'A$ ping -c 1 fd00::1',
    reason: 'IPv6 is shown but carries no packets yet: ping says so and ends with status 125',
  },
  {
    golden: 'userland/text/ls-files.golden',
    command: 'host$ df / > /dev/null; echo $?',
    reason: 'df is not among the programs of the machines: their disk is a model without blocks',
  },
]
