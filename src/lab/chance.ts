/**
 * What is chance on a real machine, and only that: two recordings of the same session on real Linux differ in these
 * places, and the simulator may differ from a recording there and nowhere else. One list; every row says why.
 */

interface Row {
  readonly name: string
  readonly why: string
  /** Only in the output of commands that match. */
  readonly when?: RegExp
}

/** A piece of text that any other piece of its kind may stand for. */
export interface Text extends Row {
  readonly kind: 'text'
  readonly find: RegExp
  readonly put: string
}

/** A name drawn at random: any value will do, but the same thing must keep the same name. */
export interface Name extends Row {
  readonly kind: 'name'
  /** What is paired: colons do not count. */
  readonly space: string
  readonly find: RegExp
  readonly put: string
  /** Values that Linux or the lab fixes stay as they are; so do those that somebody typed. */
  readonly fixed?: RegExp
  /** How long the pairing holds. */
  readonly within: 'session' | 'command'
}

/** Lines that come sooner or later. */
export interface Late extends Row {
  readonly kind: 'late'
  readonly find: RegExp
}

/** A table in hash order: its lines may come in any order, after those that match `head`. */
export interface Unordered extends Row {
  readonly kind: 'unordered'
  readonly head?: RegExp
}

export type Chance = Text | Name | Late | Unordered

/** `ip neigh`, however abbreviated and with whatever options. */
const NEIGH = /\bip\b[^;|&]* n(?:ei\w*)?(?= |$)/

export const CHANCE: readonly Chance[] = [
  {
    name: 'MAC address',
    why: 'Linux draws the address of a veth end and of a bridge at random (eth_random_addr)',
    kind: 'name',
    space: 'MAC',
    find: /(?<![0-9a-f:])[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![0-9a-f:])/gi,
    put: '<MAC>',
    // none, all, multicast, and those that the lab gives to the ends of its links
    fixed: /^(?:00:00:00:00:|ff:ff:ff:ff:ff:ff|.[13579bdf]:|aa:c1:ab:00:)/i,
    within: 'session',
  },
  {
    name: 'bridge id',
    why: 'holds the MAC address of the bridge',
    kind: 'name',
    space: 'MAC',
    find: /(?<=\b[0-9a-f]{4}\.)[0-9a-f]{12}\b/g,
    put: '<MAC>',
    fixed: /^(?:0{12}|aac1ab00)/,
    within: 'session',
  },
  {
    name: 'link-local address',
    why: 'derives from the MAC address (RFC 4291 appendix A)',
    kind: 'name',
    space: 'fe80',
    find: /\bfe80::[0-9a-f:]+/g,
    put: '<fe80>',
    fixed: /^fe80::a8c1:abff:fe00:/,
    within: 'session',
  },
  {
    name: 'round-trip time',
    why: 'the speed of the machine',
    kind: 'text',
    find: /\btime[=<][\d.]+ ms/g,
    put: 'time=T ms',
  },
  {
    name: 'total time of a ping',
    why: 'the speed of the machine; whole seconds count',
    kind: 'text',
    find: /, time (?:\d{1,3}|(\d+)\d{3})ms$/g,
    put: ', time $1…ms',
  },
  {
    name: 'round-trip statistics',
    why: 'the speed of the machine; so is how many probes were under way at once',
    kind: 'text',
    find: /^(rtt min\/avg\/max\/mdev = )[\d./]+ ms(?:, pipe \d+)?(, ipg\/ewma )?(?:[\d./]+ ms)?$/g,
    put: '$1T ms$2',
  },
  {
    name: 'probes under way',
    why: 'the speed of the machine',
    kind: 'text',
    find: /^pipe \d+$/g,
    put: 'pipe N',
  },
  {
    name: 'time of a hop',
    why: 'the speed of the machine',
    when: /\btraceroute\b/,
    kind: 'text',
    find: /(?<= )[\d.]+ ms\b/g,
    put: 'T ms',
  },
  {
    name: 'time of a hop, in columns',
    why: 'the speed of the machine',
    when: /\b(?:tracepath|arping)\b/,
    kind: 'text',
    find: / +[\d.]+ms\b/g,
    put: ' Tms',
  },
  {
    name: 'lifetime',
    why: 'counts down',
    kind: 'text',
    find: /\b(valid_lft|preferred_lft|expires) \d+sec\b/g,
    put: '$1 Nsec',
  },
  {
    name: 'duplicate address detection',
    why: 'ends about a second after the address came, sooner or later than one types',
    kind: 'text',
    find: / (scope (?:link|global)) tentative /g,
    put: ' $1 ',
  },
  {
    name: 'duplicate address detection, in JSON',
    why: 'the same',
    kind: 'text',
    find: /"tentative":true,/g,
    put: '',
  },
  {
    name: 'state of a neighbour that answered',
    why: 'REACHABLE lasts a random time (neigh_rand_reach_time), and the states after it depend on that',
    when: NEIGH,
    kind: 'text',
    find: /\b(?:REACHABLE|STALE|DELAY|PROBE)\b/g,
    put: 'SEEN',
  },
  {
    name: 'age of a neighbour',
    why: 'seconds since it was used, confirmed and updated, and how often it was asked',
    when: NEIGH,
    kind: 'text',
    find: /\b(?:ref \d+ )?used \d+\/\d+\/\d+ probes \d+/g,
    put: 'used N',
  },
  {
    name: 'age of an FDB entry',
    why: 'the speed of typing',
    when: /\bshowmacs\b|\bbridge\b.*\bfdb\b/,
    kind: 'text',
    find: /\s+\d+\.\d\d$|(?<=used )\d+\/\d+/g,
    put: ' N',
  },
  {
    name: 'bridge timer',
    why: 'counts down',
    when: /\bshowstp\b|\bip\b.* -\w*d/,
    kind: 'text',
    find: /(timer(?:\t+| )) *\d+\.\d\d/g,
    put: '$1N',
  },
  {
    name: 'counters of a device',
    why: 'IPv6 and the switch send what they like in the background',
    when: /\bip\b.* -\w*s|\bifconfig\b|\bnetstat\b/,
    kind: 'text',
    find: /^ +\d+(?: +\d+)+ *$|(?<=[RT]X packets )\d+  bytes \d+ \([\d.]+ [KMG]?i?B\)|(?<=^\S+ +\d+) +\d+(?: +\d+)+(?= [A-Z]+$)/g,
    put: ' N',
  },
  {
    name: 'columns of counters',
    why: 'are as wide as the numbers',
    when: /\bip\b.* -\w*s/,
    kind: 'text',
    find: /(?<=^ +[RT]X(?: errors)?:.*) +/g,
    put: ' ',
  },
  {
    name: 'process id',
    why: 'counts up on the whole machine',
    kind: 'text',
    find: /^(\[\d+\]) \d+$/g,
    put: '$1 PID',
  },
  {
    name: 'notice of an ended job',
    why: 'bash gives it at the first prompt after it heard of it, sooner or later than one types',
    when: /^(?!.*\bjobs\b)/s,
    kind: 'late',
    find: /^\[\d+\][+-]? +(?:Done|Exit \d+|Terminated|Killed|Interrupt)\b/,
  },
  { name: 'time stamp', why: 'the clock', kind: 'text', find: /^\d\d:\d\d:\d\d\.\d{6} /g, put: 'STAMP ' },
  {
    name: 'identification of a packet or of an echo',
    why: 'starts at random (ip_idents_reserve), or is a process id',
    kind: 'text',
    find: /\b(id |ident=)\d+(?=, (?:seq|offset)| ttl=)/g,
    put: '$1N',
  },
  {
    name: 'ephemeral port',
    why: 'starts at random (RFC 6056); the ports that traceroute asks for do not',
    kind: 'name',
    space: 'port',
    find: /(?<=\bIP (?:.* > )?(?:\d+\.){3}\d+\.)(?!33[45]\d\d)(?:3[2-9]\d{3}|[45]\d{4}|60\d{3})(?=[ :])/g,
    put: '<PORT>',
    within: 'command',
  },
  {
    name: 'order of neighbours',
    why: 'the kernel keeps them by a hash with a random key',
    when: new RegExp(`^(?!.*\\|)(?:.*[;&]\\s*|.*exec \\S+ )?(?:${NEIGH.source}|arp\\b)`, 's'),
    kind: 'unordered',
    head: /^Address /,
  },
  {
    name: 'order of FDB entries',
    why: 'the kernel keeps them by a hash with a random key',
    when: /^(?!.*\|).*(?:\bbridge\b.*\bfdb\b|\bbrctl showmacs\b)/s,
    kind: 'unordered',
    head: /^port no/,
  },
]
