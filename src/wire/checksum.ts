/** The Internet checksum (RFC 1071) over `length` bytes from `at`, starting with the partial sum `initial`. */
export const checksum = (b: Uint8Array, at: number, length: number, initial = 0): number => {
  let sum = initial
  const end = at + (length & ~1)
  for (let i = at; i < end; i += 2) sum += ((b[i] as number) << 8) | (b[i + 1] as number)
  if (length & 1) sum += (b[end] as number) << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
