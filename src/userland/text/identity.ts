import { Refusal } from '../../kernel/refusal.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { complain, parseOptions, programName, quote, tryHelp } from './program.ts'

interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** An account of /etc/passwd, by name or number. */
const userOf = (proc: Process, who: string): User | undefined => {
  const passwd = proc.readFile('/etc/passwd')
  if (passwd instanceof Refusal) return who === 'root' || who === '0' ? ROOT : undefined
  for (const line of passwd.split('\n')) {
    const [name = '', , uid, gid] = line.split(':')
    if (name !== '' && (name === who || uid === who)) return { name, uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}
const ROOT: User = { name: 'root', uid: 0, gid: 0 }

const groupName = (proc: Process, gid: number): string => {
  const text = proc.readFile('/etc/group')
  const line =
    text instanceof Refusal ? undefined : text.split('\n').find((l) => l.split(':')[2] === String(gid))
  return line?.split(':')[0] ?? (gid === 0 ? 'root' : String(gid))
}

/** id(1): everyone here is root. */
// eslint-disable-next-line require-yield -- never waits
export const id: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'aGgnruz',
    long: { group: { short: 'g' }, groups: { short: 'G' }, name: { short: 'n' }, real: { short: 'r' }, user: { short: 'u' } },
    notSimulated: ['Z', 'context'],
  }) // prettier-ignore
  const kinds = [o.has('u'), o.has('g'), o.has('G')].filter(Boolean).length
  if (kinds > 1) {
    complain(proc, 'cannot print "only" of more than one choice')
    return 1
  }
  if (kinds === 0 && (o.has('n') || o.has('r'))) {
    complain(proc, 'cannot print only names or real IDs in default format')
    return 1
  }
  let status = 0
  for (const who of o.operands.length > 0 ? o.operands : [proc.user]) {
    const user = userOf(proc, who)
    if (user === undefined) {
      complain(proc, `${quote(who)}: no such user`)
      status = 1
      continue
    }
    const group = groupName(proc, user.gid)
    if (o.has('u')) proc.out(`${o.has('n') ? user.name : user.uid}\n`)
    else if (o.has('g') || o.has('G')) proc.out(`${o.has('n') ? group : user.gid}\n`)
    else proc.out(`uid=${user.uid}(${user.name}) gid=${user.gid}(${group}) groups=${user.gid}(${group})\n`)
  }
  return status
}

/** groups(1) */
// eslint-disable-next-line require-yield -- never waits
export const groups: Main = function* (proc) {
  const o = parseOptions(proc, { short: '' })
  if (o.operands.length === 0) {
    const user = userOf(proc, proc.user)
    proc.out(`${groupName(proc, user?.gid ?? 0)}\n`)
    return 0
  }
  let status = 0
  for (const who of o.operands) {
    const user = userOf(proc, who)
    if (user === undefined) {
      complain(proc, `${quote(who)}: no such user`)
      status = 1
    } else proc.out(`${user.name} : ${groupName(proc, user.gid)}\n`)
  }
  return status
}

/** whoami(1), logname(1) */
// eslint-disable-next-line require-yield -- never waits
export const whoami: Main = function* (proc) {
  const o = parseOptions(proc, { short: '' })
  if (o.operands.length > 0) return tryHelp(proc, `extra operand ${quote(o.operands[0] ?? '')}`)
  if (programName(proc) === 'logname') {
    proc.err('logname: no login name\n')
    return 1
  }
  proc.out(proc.user + '\n')
  return 0
}

const SUDO_USAGE = [
  '-h | -K | -k | -V',
  '-v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]',
  '-l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user] [-u user] [command [arg ...]]',
  '[-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] [VAR=value] [-i | -s] [command [arg ...]]',
  '-e [-ABkNnS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] file ...',
]

/** The usage of sudo, folded to the terminal's width. */
const sudoUsage = (columns: number): string =>
  SUDO_USAGE.map((line) => {
    let out = ''
    let at = 'usage: sudo'
    for (const word of line.match(/\[VAR=value\]|\[(?:[^[\]]|\[[^\]]*\])*\]|\S+/g) ?? []) {
      if (at.length + 1 + word.length > columns - 1) {
        out += at + '\n'
        at = ' '.repeat(11)
      }
      at += ' ' + word
    }
    return out + at + '\n'
  }).join('')

/** sudo(8): the learner is root already, so it runs the command and nothing else changes. */
export const sudo: Main = function* (proc) {
  const args = [...proc.argv.slice(1)]
  const width = proc.fds.get(2)?.isTty ? proc.host.tty.columns : 80
  let shell = false
  for (;;) {
    const a = args[0]
    if (a === undefined || !a.startsWith('-') || a === '-') break
    args.shift()
    if (a === '--') break
    if (/^-[EHnSbPk]+$/.test(a) || a === '--preserve-env') continue
    if (a === '-i' || a === '-s' || a === '--login' || a === '--shell') shell = true
    else if (a === '-v' || a === '-K') return 0
    else if (a === '-u' || a === '--user' || /^-u./.test(a)) {
      const user = a.length > 2 && !a.startsWith('--') ? a.slice(2) : (args.shift() ?? '')
      if (userOf(proc, user.replace(/^#/, '')) === undefined) {
        proc.err(`sudo: unknown user ${user}\nsudo: error initializing audit plugin sudoers_audit\n`)
        return 1
      }
      proc.user = userOf(proc, user.replace(/^#/, ''))?.name ?? 'root'
    } else if (/^-[AlVeghpUrtCDRT]|^--/.test(a)) {
      proc.err(`sudo: ${a} is real but not simulated\n`)
      return 125
    } else {
      proc.err(`sudo: invalid option -- '${a[1]}'\n${sudoUsage(width)}`)
      return 1
    }
  }
  while (/^[A-Za-z_]\w*=/.test(args[0] ?? '')) {
    const [name = '', ...value] = (args.shift() as string).split('=')
    proc.env.set(name, value.join('='))
  }
  if (args.length === 0) {
    if (!shell) {
      proc.err(sudoUsage(width))
      return 1
    }
    args.push('/bin/bash')
  } else if (shell) args.splice(0, args.length, '/bin/bash', '-c', args.join(' '))
  for (const [k, v] of [['SUDO_USER', 'root'], ['SUDO_UID', '0'], ['SUDO_GID', '0'], ['SUDO_COMMAND', args.join(' ')]] as const) proc.env.set(k, v) // prettier-ignore
  const [name = ''] = args
  const found = proc.host.which(name, proc)
  if (found instanceof Refusal) {
    proc.err(
      found.errno === 'ENOENT' || name.includes('/') === false
        ? `sudo: ${name}: command not found\n`
        : `sudo: unable to execute ${name}: ${strerror(found.errno)}\n`,
    )
    return 1
  }
  const program = proc.host.load(found.path, args, proc)
  if (program instanceof Refusal) {
    proc.err(`sudo: unable to execute ${name}: ${strerror(program.errno)}\n`)
    return 1
  }
  return yield* proc.exec(program.main, program.argv)
}
