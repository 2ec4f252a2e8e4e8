import type { Process } from '../../proc/process.ts'
import { gaiStrerror, getaddrinfo, type GaiError } from '../../proc/resolve.ts'

export type LookupError = GaiError | 'IDN_ENCODE'

/** getaddrinfo(3) with AI_IDN: without a locale, a name of other letters than ASCII can't be encoded. */
export const lookup = (
  proc: Process,
  name: string,
  family: 'unspec' | 'inet' = 'unspec',
): number | LookupError => (/[^\x00-\x7f]/.test(name) ? 'IDN_ENCODE' : getaddrinfo(proc, name, family))

export const lookupError = (e: LookupError): string =>
  e === 'IDN_ENCODE' ? 'Parameter string not correctly encoded' : gaiStrerror(e)
