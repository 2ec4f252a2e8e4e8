import { FIDELITY } from '../../src/userland/fidelity.ts'
import { PROGRAMS } from '../../src/userland/table.ts'
import { mangle } from './mangle.ts'
import type { Chance } from './random.ts'

/** Random command lines: made by a small grammar from the words of all programs, or by spoiling lines that people typed. */

const NUMBERS = [
  '0', '1', '2', '-1', '7', '24', '32', '33', '64', '255', '256', '1500', '65535', '65536', '2147483648', '4294967296', '99999999999999999999',
  '0x10', '010', '1e9', '.5', '1.5', '-0', '',
] as const // prettier-ignore

const ADDRESSES = [
  '10.0.0.1', '10.0.0.2', '10.1.0.1', '10.2.0.2', '192.168.1.10/24', '10.0.0.1/24', '10.9.0.0/16', '0.0.0.0', '0.0.0.0/0', '255.255.255.255',
  '127.0.0.1', '224.0.0.1', '240.0.0.1', '169.254.1.1', '10.0.0.300', '1.2.3', '10.0.0.1/33', '10.0.0.1/255.255.255.0', 'default', 'localhost', 'nosuch',
  '::1', 'fe80::1', '2001:db8::1/64', '255.255.255.0', '255.0.255.0', '02:00:00:00:00:01', 'ff:ff:ff:ff:ff:ff', '2:3', 'zz:zz',
] as const // prettier-ignore

const DEVICES = [
  'eth0',
  'eth1',
  'lo',
  'br0',
  'veth0',
  'veth1',
  'v0',
  'eth9',
  'eth0:1',
  'averyveryverylongname',
  'a b',
  '',
  'all',
  'sw',
  'p1',
] as const

const FILES = [
  '/etc/hosts', '/etc/sysctl.conf', '/tmp/x', '/tmp', '/', '.', '..', '/nosuch', '/proc/sys/net/ipv4/ip_forward', '/proc/net/arp', '/proc/net/route',
  '/proc/self/status', '/proc/self/fd/1', '/sys/class/net/eth0/mtu', '/sys/class/net', '/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/tty',
  '/etc', '/run/netns/red', '~', '*', '/etc/*', '-', '/proc/self/ns/net', '/proc/1/x',
] as const // prettier-ignore

const WORDS = [
  'add', 'del', 'show', 'set', 'replace', 'change', 'flush', 'get', 'list', 'link', 'addr', 'address', 'route', 'neigh', 'netns', 'exec', 'dev', 'via', 'up', 'down',
  'type', 'veth', 'bridge', 'peer', 'name', 'master', 'nomaster', 'mtu', 'metric', 'scope', 'proto', 'src', 'table', 'lladdr', 'brd', 'label', 'red', 'blue', 'help',
  'gw', 'netmask', '-net', '-host', 'on', 'off', 'br0', 'fdb', 'vlan', 'a', 'foo', 'net.ipv4.ip_forward', 'net.ipv4.ip_forward=1', 'net.ipv4.conf.*.rp_filter=1',
  'icmp', 'arp', 'host', 'port', 'and', 'or', 'not', 'true', 'false', '1', 'x=1', 'UP', '{print $1}', 's/a/b/g', 's/a/', '/eth/p', '^a.*b$', '[a-', '%s\\n', '%d', '%', '\\(a\\)\\1',
] as const // prettier-ignore

const OPTIONS = [
  '-n', '-c', '-i', '-a', '-e', '-v', '-s', '-d', '-r', '-t', '-w', '-W', '-l', '-o', '-j', '-br', '-4', '-6', '-p', '-f', '-q', '-D', '-I', '-A', '-h', '--help', '--version', '-V',
  '-E', '-P', '-F', '-x', '-m', '-M', '-T', '-S', '-b', '-L', '-R', '-Q', '-N', '--', '-', '-ne', '-c1', '-c 1', '-W 1', '-n 1', '--nosuch', '-z', '-rf', '-1', '-all', '-json', '-details', '-batch',
] as const // prettier-ignore

const VARIABLES = ['$x', '$?', '$$', '$!', '$@', '$*', '$#', '$1', '${x}', '${x:-y}', '${x:=y}', '${x:?no}', '${#x}', '${x%.*}', '${x#*.}', '${x/a/b}', '${x^^}', '${x:1:2}', '${!x}', '${x[@]}', '$(( 1 + 2 ))', '$((x++))', '$((1/0))', '$((2**99))', '$(hostname)', '`hostname`', '$(<\u002fetc/hosts)', '"$x"', "'$x'", '$\'\\x41\'', '{1..3}', '{a,b}', '~', '*', '?', '[a-z]*', '<(ip link)'] as const // prettier-ignore

const NAMES = PROGRAMS.map((p) => p.path.slice(p.path.lastIndexOf('/') + 1))
const BUILTINS = [
  'cd', 'echo', 'printf', 'read', 'export', 'unset', 'set', 'test', '[', '[[', 'let', 'declare', 'local', 'shift', 'trap', 'type', 'alias', 'unalias', 'history', 'jobs', 'fg', 'bg',
  'wait', 'kill', 'exit', 'return', 'break', 'continue', 'source', '.', 'eval', 'exec', 'command', 'builtin', 'pwd', 'true', ':', 'umask', 'getopts', 'mapfile', 'times', 'ulimit', 'shopt', 'help', 'hash', 'pushd', 'popd', 'dirs', 'time', '!', 'nosuchprogram',
] as const // prettier-ignore

/** What a program knows by its own table. */
const KNOWN = new Map(
  PROGRAMS.map(({ path }) => [
    path.slice(path.lastIndexOf('/') + 1),
    [...(FIDELITY[path]?.supports ?? []), ...(FIDELITY[path]?.notSimulated ?? [])],
  ]),
)

export class Lines {
  readonly #c: Chance
  /** Lines that people typed: of goldens, recordings and exercises. */
  readonly #corpus: readonly string[]
  constructor(chance: Chance, corpus: readonly string[]) {
    this.#c = chance
    this.#corpus = corpus
  }

  line(): string {
    const c = this.#c
    const kind = c.next()
    if (kind < 0.42) return this.#list(3)
    if (kind < 0.72) return this.#spoiled()
    if (kind < 0.997) return mangle(c, c.chance(0.5) ? c.pick(this.#corpus) : this.#list(2))
    return this.#monster()
  }

  #word(): string {
    const c = this.#c
    switch (c.below(12)) {
      case 0:
      case 1:
        return c.pick(ADDRESSES)
      case 2:
      case 3:
        return c.pick(DEVICES) || "''"
      case 4:
        return c.pick(NUMBERS) || '""'
      case 5:
        return c.pick(FILES)
      case 6:
        return c.pick(VARIABLES)
      case 7:
      case 8:
        return c.pick(OPTIONS)
      case 9:
        return `'${c.pick(WORDS)}'`
      default:
        return c.pick(WORDS)
    }
  }

  #simple(): string {
    const c = this.#c
    const name = c.chance(0.75) ? c.pick(NAMES) : c.pick(BUILTINS)
    const known = KNOWN.get(name) ?? []
    const words = c.some(0, 6, () => (known.length > 0 && c.chance(0.35) ? c.pick(known) : this.#word()))
    const assignment = c.chance(0.05) ? `x=${this.#word()} ` : ''
    const redirect = c.chance(0.15)
      ? ` ${c.pick(['>', '>>', '<', '2>', '&>', '2>&1', '<<<', '>|', '<>', '>&2', '2>&-', '3<'])} ${c.pick(FILES)}`
      : ''
    const nested = c.chance(0.05)
      ? `ip netns exec ${c.pick(['red', 'blue'])} `
      : c.chance(0.03)
        ? 'sudo '
        : ''
    return `${assignment}${nested}${[name, ...words].join(' ')}${redirect}`
  }

  #list(depth: number): string {
    const c = this.#c
    if (depth <= 0 || c.chance(0.55)) return this.#simple()
    const below = (): string => this.#list(depth - 1)
    switch (c.below(14)) {
      case 0:
        return `${below()}; ${below()}`
      case 1:
        return `${below()} && ${below()}`
      case 2:
        return `${below()} || ${below()}`
      case 3:
      case 4:
        return `${below()} | ${below()}`
      case 5:
        return `for i in ${this.#word()} ${this.#word()}; do ${below()}; done`
      case 6:
        return `if ${below()}; then ${below()}; else ${below()}; fi`
      case 7:
        return `( ${below()} )`
      case 8:
        return `{ ${below()}; }`
      case 9:
        return `case ${this.#word()} in ${this.#word()}) ${below()};; *) ${below()};; esac`
      case 10:
        return `echo "$(${below()})"`
      case 11:
        return `f() { ${below()}; }; f ${this.#word()}`
      case 12:
        return `${below()} <<E\n${this.#word()}\n${c.chance(0.8) ? 'E' : 'F'}`
      default:
        return `${below()} &`
    }
  }

  /** A line that somebody typed, with words taken out, doubled, swapped or put in, numbers changed, or two lines made one. */
  #spoiled(): string {
    const c = this.#c
    const words = c.pick(this.#corpus).split(' ')
    for (let n = 1 + c.below(3); n > 0; n--) {
      const at = c.below(words.length + 1)
      switch (c.below(7)) {
        case 0:
          words.splice(at, 1)
          break
        case 1:
          words.splice(at, 0, this.#word())
          break
        case 2:
          words[at] = this.#word()
          break
        case 3:
          words.splice(at, 0, words[at] ?? '')
          break
        case 4:
          return `${words.join(' ')}${c.pick([' | ', '; ', ' && ', ' & ', '|', '\n', ' || '])}${c.pick(this.#corpus)}`
        case 5:
          words[at] = (words[at] ?? '').replace(/\d+/, () => c.pick(NUMBERS))
          break
        default:
          words.splice(at, 1, c.pick(this.#corpus).split(' ')[0] ?? '')
      }
    }
    return words.join(' ')
  }

  /** Huge words, deep nesting, long pipelines, loops without end: rare, because each takes its time. */
  #monster(): string {
    const c = this.#c
    const n = 10 ** (1 + c.below(4))
    const small = Math.min(n, 300)
    switch (c.below(22)) {
      case 0:
        return 'echo ' + 'x'.repeat(n)
      case 1:
        return 'x'.repeat(n)
      case 2:
        return 'echo ' + '$('.repeat(small) + 'hostname' + ')'.repeat(small)
      case 3:
        return '('.repeat(small) + 'true' + ')'.repeat(small)
      case 4:
        return '{ '.repeat(small) + 'true' + '; }'.repeat(small)
      case 5:
        return Array.from({ length: Math.min(n, 60) }, () => 'cat').join(' | ')
      case 6:
        return `echo {1..${n}} | wc`
      case 7:
        return `echo $((${'('.repeat(small)}1${')'.repeat(small)}))`
      case 8:
        return `while ${c.pick([':', 'true', 'ip link > /dev/null', 'sleep 0'])}; do ${c.pick([':', 'x=$x$x.', 'echo y', 'let i++'])}; done`
      case 9:
        return `yes | head -${n}`
      case 10:
        return `seq ${n} | ${c.pick(['sort -r | tail -1', 'wc -l', 'awk "{s+=\\$1} END {print s}"', 'sed -n 3p', 'grep -c 1', 'tac', 'head -2'])}`
      case 11:
        return 'ip ' + '-'.repeat(n)
      case 12:
        return `[[ ${'! '.repeat(small)} a ]]`
      case 13:
        return `x=${'a'.repeat(small)}; echo \${x//${c.pick(['a', 'a*', '+(a)', '*(*(a))'])}/b}`
      case 14:
        return `f() { f; }; f`
      case 15:
        return `cat ${c.pick(['/dev/zero', '/dev/random', '/dev/urandom'])} | head -c ${n}`
      case 16:
        return '"'.repeat(n) + "'"
      case 17:
        return `echo ${'a'.repeat(40)}! | ${c.pick(['grep -E', 'sed -E -n', 'awk'])} ${c.pick(["'/^(a+)+$/'", "'^(a+)+$'", "'^(a|aa)+$'", "'/(a*)*b/p'"])}`
      case 18:
        return `: | ${'tee | '.repeat(Math.min(n, 40))} cat`
      case 19:
        return `for i in $(seq ${n}); do ${c.pick([':', 'x=$i', 'echo $i', 'ip netns add n$i', 'ip addr add 10.77.$((i / 250)).$((i % 250))/32 dev lo', 'hostname > /dev/null'])}; done`
      case 20:
        return `${c.pick(['', 'timeout 3 '])}ping -i 0.002 -c ${small} ${c.pick(ADDRESSES)}`
      default:
        return `cat <<${'E'.repeat(small)}\n${'$('.repeat(Math.min(small, 50))}\n`
    }
  }
}
