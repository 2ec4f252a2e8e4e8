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

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = []
