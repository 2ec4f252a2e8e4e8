import type { NudState } from '../../kernel/neigh/neigh.ts'
import { parseNumber } from './args.ts'

/** NUD states by their bits (include/uapi/linux/neighbour.h) in the order in which ip prints them. */
const STATES: readonly (readonly [bit: number, state: NudState])[] = [
  [0x01, 'INCOMPLETE'],
  [0x02, 'REACHABLE'],
  [0x04, 'STALE'],
  [0x08, 'DELAY'],
  [0x10, 'PROBE'],
  [0x20, 'FAILED'],
  [0x40, 'NOARP'],
  [0x80, 'PERMANENT'],
]

export const nudBit = (state: NudState): number => STATES.find(([, name]) => name === state)?.[0] ?? 0

/** A state by its lower-case name or a number of bits; undefined for anything else. */
export const nudBits = (word: string): number | undefined => {
  if (word === 'none') return 0
  const row = STATES.find(([, state]) => state.toLowerCase() === word)
  if (row !== undefined) return row[0]
  const n = parseNumber(word)
  return n !== undefined && n >= 0 && n <= 0xff ? n : undefined
}

/** The state that a number stands for; several bits at once are no state that we have. */
export const nudState = (bits: number): NudState | undefined =>
  bits === 0 ? 'NONE' : STATES.find(([bit]) => bit === bits)?.[1]

export const NUD_NOARP = 0x40
export const NUD_PERMANENT = 0x80
export const NUD_ALL = 0xff
