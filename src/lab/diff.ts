/** Longest common subsequences: which lines of two texts belong together, and the lines that do not. */

/** Index in `a` -> index in `b`, for equal members, in order and as many as possible. */
export function matchingPairs(a: readonly string[], b: readonly string[]): Map<number, number> {
  const pairs = new Map<number, number>()
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) {
    pairs.set(start, start)
    start++
  }
  let end = 0
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end++
    pairs.set(a.length - end, b.length - end)
  }
  const [n, m] = [a.length - start - end, b.length - start - end]
  // The table would not fit: what stands between equal beginnings and equal ends counts as different.
  if (n * m > 4_000_000) return pairs
  const width = m + 1
  const length = new Uint32Array((n + 1) * width)
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      length[i * width + j] =
        a[start + i] === b[start + j]
          ? (length[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(length[(i + 1) * width + j] ?? 0, length[i * width + j + 1] ?? 0)
    }
  }
  for (let i = 0, j = 0; i < n && j < m;) {
    if (a[start + i] === b[start + j]) {
      pairs.set(start + i++, start + j++)
    } else if ((length[(i + 1) * width + j] ?? 0) >= (length[i * width + j + 1] ?? 0)) i++
    else j++
  }
  return pairs
}

/** The lines that differ: `-` only in `a`, `+` only in `b`; empty where the texts are equal. */
export function diffLines(a: readonly string[], b: readonly string[]): string[] {
  const pairs = matchingPairs(a, b)
  const diff: string[] = []
  let j = 0
  for (const [i, line] of a.entries()) {
    const partner = pairs.get(i)
    if (partner === undefined) {
      diff.push('-' + line)
    } else {
      for (; j < partner; j++) diff.push('+' + (b[j] ?? ''))
      j++
    }
  }
  for (; j < b.length; j++) diff.push('+' + (b[j] ?? ''))
  return diff
}
