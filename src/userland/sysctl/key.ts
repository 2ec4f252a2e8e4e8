/**
 * Names of settings (sysctl(8)): the first separator that is found says whether dots or slashes separate; the other one then
 * stands for itself, so that net.ipv4.conf.eth0/100.forwarding and net/ipv4/conf/eth0.100/forwarding are the same.
 */
const swap = (text: string): string => text.replace(/[./]/g, (c) => (c === '.' ? '/' : '.'))

const slashed = (key: string): boolean => /^[^./]*\//.test(key)

/** The path below /proc/sys/. */
export const keyToPath = (key: string): string => '/proc/sys/' + (slashed(key) ? key : swap(key))

export const pathToKey = (path: string): string => swap(path.slice('/proc/sys/'.length))

/** What procps warns of before it goes on: two separators in a row. */
export const repeatedSeparators = (key: string): string | undefined => /[./][./].*$/s.exec(key)?.[0]
