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
]
