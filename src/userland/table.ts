import type { Main } from '../proc/process.ts'
import type { Program } from './program.ts'
import { lazy } from './text/lazy.ts'
import { falseMain, trueMain } from './text/true.ts'
import { completeBridge, completeIp } from './ip/complete.ts'

/** Files that are fetched when one of their programs is first run: a page starts with little more than bash. */
const arpingFile = () => import('./arping.ts')
const tracepathFile = () => import('./tracepath.ts')
const tracerouteFile = () => import('./traceroute/traceroute.ts')
const arpFile = () => import('./arp/arp.ts')
const brctlFile = () => import('./brctl/brctl.ts')
const ifconfigFile = () => import('./ifconfig/ifconfig.ts')
const sysctlFile = () => import('./sysctl/sysctl.ts')
const netstatFile = () => import('./netstat/netstat.ts')
const routeFile = () => import('./route/route.ts')
const hostnameFile = () => import('./hostname/hostname.ts')
const whichFile = () => import('./text/which.ts')
const catFile = () => import('./text/cat.ts')
const filesFile = () => import('./text/files.ts')
const watchFile = () => import('./text/watch.ts')
const echoFile = () => import('./text/echo.ts')
const testFile = () => import('./text/test.ts')
const cutFile = () => import('./text/cut.ts')
const dateFile = () => import('./text/date.ts')
const diffFile = () => import('./text/diff.ts')
const exprFile = () => import('./text/expr.ts')
const findFile = () => import('./text/find.ts')
const dumpFile = () => import('./text/dump.ts')
const pagerFile = () => import('./text/pager.ts')
const statFile = () => import('./text/stat.ts')
const xargsFile = () => import('./text/xargs.ts')
const grepFile = () => import('./text/grep.ts')
const headFile = () => import('./text/head.ts')
const foldFile = () => import('./text/fold.ts')
const identityFile = () => import('./text/identity.ts')
const systemFile = () => import('./text/system.ts')
const procpsFile = () => import('./text/procps.ts')
const lsFile = () => import('./text/ls.ts')
const nlFile = () => import('./text/nl.ts')
const sleepFile = () => import('./text/sleep.ts')
const sortFile = () => import('./text/sort.ts')
const teeFile = () => import('./text/tee.ts')
const trFile = () => import('./text/tr.ts')
const uniqFile = () => import('./text/uniq.ts')
const wcFile = () => import('./text/wc.ts')
const ipFile = () => import('./ip/ip.ts')
const pingFile = () => import('./ping/ping.ts')
const bridgeFile = () => import('./bridge/bridge.ts')

const from = <K extends string>(file: () => Promise<Readonly<Record<K, Main>>>, name: K): Main =>
  lazy(async () => ({ main: (await file())[name] }))

/** Every program of the machines, by package. One row a line; the order is that of the fidelity page. */
export const PROGRAMS: readonly Program[] = [
  // coreutils 9.1
  { path: '/usr/bin/[', package: 'coreutils', main: from(testFile, 'test') },
  { path: '/usr/bin/arch', package: 'coreutils', main: from(systemFile, 'uname') },
  { path: '/usr/bin/basename', package: 'coreutils', main: from(whichFile, 'basename') },
  { path: '/usr/bin/cat', package: 'coreutils', main: from(catFile, 'cat') },
  { path: '/usr/bin/chmod', package: 'coreutils', main: from(filesFile, 'chmod') },
  { path: '/usr/bin/comm', package: 'coreutils', main: from(diffFile, 'comm') },
  { path: '/usr/bin/cp', package: 'coreutils', main: from(filesFile, 'cp') },
  { path: '/usr/bin/cut', package: 'coreutils', main: from(cutFile, 'cut') },
  { path: '/usr/bin/date', package: 'coreutils', main: from(dateFile, 'date') },
  { path: '/usr/bin/dirname', package: 'coreutils', main: from(whichFile, 'dirname') },
  { path: '/usr/bin/echo', package: 'coreutils', main: from(echoFile, 'echo') },
  { path: '/usr/bin/env', package: 'coreutils', main: from(whichFile, 'env') },
  { path: '/usr/bin/expr', package: 'coreutils', main: from(exprFile, 'expr') },
  { path: '/usr/bin/false', package: 'coreutils', main: falseMain },
  { path: '/usr/bin/head', package: 'coreutils', main: from(headFile, 'head') },
  { path: '/usr/bin/fold', package: 'coreutils', main: from(foldFile, 'fold') },
  { path: '/usr/bin/groups', package: 'coreutils', main: from(identityFile, 'groups') },
  { path: '/usr/bin/id', package: 'coreutils', main: from(identityFile, 'id') },
  { path: '/usr/bin/ln', package: 'coreutils', main: from(filesFile, 'ln') },
  { path: '/usr/bin/logname', package: 'coreutils', main: from(identityFile, 'whoami') },
  { path: '/usr/bin/ls', package: 'coreutils', main: from(lsFile, 'ls') },
  { path: '/usr/bin/mkdir', package: 'coreutils', main: from(filesFile, 'mkdir') },
  { path: '/usr/bin/mv', package: 'coreutils', main: from(filesFile, 'mv') },
  { path: '/usr/bin/nl', package: 'coreutils', main: from(nlFile, 'nl') },
  { path: '/usr/bin/nohup', package: 'coreutils', main: from(sleepFile, 'nohup') },
  { path: '/usr/bin/nproc', package: 'coreutils', main: from(systemFile, 'nproc') },
  { path: '/usr/bin/od', package: 'coreutils', main: from(dumpFile, 'od') },
  { path: '/usr/bin/paste', package: 'coreutils', main: from(diffFile, 'paste') },
  { path: '/usr/bin/printenv', package: 'coreutils', main: from(whichFile, 'printenv') },
  { path: '/usr/bin/printf', package: 'coreutils', main: from(echoFile, 'printfMain') },
  { path: '/usr/bin/pwd', package: 'coreutils', main: from(whichFile, 'pwd') },
  { path: '/usr/bin/readlink', package: 'coreutils', main: from(whichFile, 'readlink') },
  { path: '/usr/bin/realpath', package: 'coreutils', main: from(whichFile, 'readlink') },
  { path: '/usr/bin/rm', package: 'coreutils', main: from(filesFile, 'rm') },
  { path: '/usr/bin/rmdir', package: 'coreutils', main: from(filesFile, 'rmdir') },
  { path: '/usr/bin/seq', package: 'coreutils', main: from(echoFile, 'seq') },
  { path: '/usr/bin/sleep', package: 'coreutils', main: from(sleepFile, 'sleep') },
  { path: '/usr/bin/sort', package: 'coreutils', main: from(sortFile, 'sort') },
  { path: '/usr/bin/stat', package: 'coreutils', main: from(statFile, 'stat') },
  { path: '/usr/bin/tac', package: 'coreutils', main: from(catFile, 'tac') },
  { path: '/usr/bin/tail', package: 'coreutils', main: from(headFile, 'tail') },
  { path: '/usr/bin/tee', package: 'coreutils', main: from(teeFile, 'tee') },
  { path: '/usr/bin/test', package: 'coreutils', main: from(testFile, 'test') },
  { path: '/usr/bin/timeout', package: 'coreutils', main: from(sleepFile, 'timeout') },
  { path: '/usr/bin/touch', package: 'coreutils', main: from(filesFile, 'touch') },
  { path: '/usr/bin/tr', package: 'coreutils', main: from(trFile, 'tr') },
  { path: '/usr/bin/true', package: 'coreutils', main: trueMain },
  { path: '/usr/bin/tty', package: 'coreutils', main: from(systemFile, 'ttyMain') },
  { path: '/usr/bin/uname', package: 'coreutils', main: from(systemFile, 'uname') },
  { path: '/usr/bin/uniq', package: 'coreutils', main: from(uniqFile, 'uniq') },
  { path: '/usr/bin/wc', package: 'coreutils', main: from(wcFile, 'wc') },
  { path: '/usr/bin/whoami', package: 'coreutils', main: from(identityFile, 'whoami') },
  { path: '/usr/bin/yes', package: 'coreutils', main: from(echoFile, 'yes') },

  // sed 4.9, mawk 1.3.4: each in a chunk of its own
  { path: '/usr/bin/awk', package: 'mawk', main: lazy(() => import('./awk/awk.ts')) },
  { path: '/usr/bin/mawk', package: 'mawk', main: lazy(() => import('./awk/awk.ts')) },
  { path: '/usr/bin/sed', package: 'sed', main: lazy(() => import('./sed/sed.ts')) },

  // grep 3.8
  { path: '/usr/bin/egrep', package: 'grep', main: from(grepFile, 'grep') },
  { path: '/usr/bin/fgrep', package: 'grep', main: from(grepFile, 'grep') },
  { path: '/usr/bin/grep', package: 'grep', main: from(grepFile, 'grep') },

  // diffutils 3.8, findutils 4.9.0
  { path: '/usr/bin/cmp', package: 'diffutils', main: from(diffFile, 'cmp') },
  { path: '/usr/bin/diff', package: 'diffutils', main: from(diffFile, 'diff') },
  { path: '/usr/bin/find', package: 'findutils', main: from(findFile, 'find') },
  { path: '/usr/bin/xargs', package: 'findutils', main: from(xargsFile, 'xargs') },

  // procps 4.0.2
  { path: '/usr/bin/kill', package: 'procps', main: from(procpsFile, 'kill') },
  { path: '/usr/bin/pgrep', package: 'procps', main: from(procpsFile, 'pgrep') },
  { path: '/usr/bin/pidof', package: 'procps', main: from(procpsFile, 'pgrep') },
  { path: '/usr/bin/pkill', package: 'procps', main: from(procpsFile, 'pgrep') },
  { path: '/usr/bin/ps', package: 'procps', main: from(procpsFile, 'ps') },
  { path: '/usr/bin/uptime', package: 'procps', main: from(systemFile, 'uptime') },
  { path: '/usr/bin/watch', package: 'procps', main: from(watchFile, 'watch') },

  // psmisc 23.6
  { path: '/usr/bin/killall', package: 'psmisc', main: from(procpsFile, 'killall') },

  // debianutils 5.7
  { path: '/usr/bin/which', package: 'debianutils', main: from(whichFile, 'which') },

  // sudo 1.9.13
  { path: '/usr/bin/sudo', package: 'sudo', main: from(identityFile, 'sudo') },

  // ncurses 6.4
  { path: '/usr/bin/clear', package: 'ncurses-bin', main: from(watchFile, 'clear') },

  // util-linux 2.38.1
  { path: '/usr/bin/rev', package: 'util-linux', main: from(catFile, 'rev') },
  { path: '/usr/bin/column', package: 'bsdextrautils', main: lazy(async () => ({ main: (await import('./text/column.ts')).column })) }, // prettier-ignore
  { path: '/usr/bin/hd', package: 'bsdextrautils', main: from(dumpFile, 'hexdump') },
  { path: '/usr/bin/hexdump', package: 'bsdextrautils', main: from(dumpFile, 'hexdump') },
  { path: '/usr/bin/more', package: 'util-linux', main: from(pagerFile, 'pager') },

  // less 590, xxd 2:9.0, man-db 2.11.2
  { path: '/usr/bin/less', package: 'less', main: from(pagerFile, 'pager') },
  { path: '/usr/bin/xxd', package: 'xxd', main: from(dumpFile, 'xxd') },
  { path: '/usr/bin/apropos', package: 'man-db', main: lazy(() => import('./text/man.ts')) },
  { path: '/usr/bin/man', package: 'man-db', main: lazy(() => import('./text/man.ts')) },
  { path: '/usr/bin/whatis', package: 'man-db', main: lazy(() => import('./text/man.ts')) },

  // bridge-utils 1.7
  { path: '/usr/sbin/brctl', package: 'bridge-utils', main: from(brctlFile, 'brctl') }, // prettier-ignore

  // hostname 3.23
  { path: '/usr/bin/dnsdomainname', package: 'hostname', main: from(hostnameFile, 'hostname') },
  { path: '/usr/bin/domainname', package: 'hostname', main: from(hostnameFile, 'hostname') },
  { path: '/usr/bin/hostname', package: 'hostname', main: from(hostnameFile, 'hostname') },
  { path: '/usr/bin/nisdomainname', package: 'hostname', main: from(hostnameFile, 'hostname') },
  { path: '/usr/bin/ypdomainname', package: 'hostname', main: from(hostnameFile, 'hostname') },

  // net-tools 2.10
  { path: '/usr/sbin/arp', package: 'net-tools', main: from(arpFile, 'arp') }, // prettier-ignore
  { path: '/usr/sbin/ifconfig', package: 'net-tools', main: from(ifconfigFile, 'ifconfig') }, // prettier-ignore
  { path: '/usr/bin/netstat', package: 'net-tools', main: from(netstatFile, 'netstat') }, // prettier-ignore
  { path: '/usr/sbin/route', package: 'net-tools', main: from(routeFile, 'route') }, // prettier-ignore

  // procps 4.0.2
  { path: '/usr/sbin/sysctl', package: 'procps', main: from(sysctlFile, 'sysctl') }, // prettier-ignore

  // iproute2 6.1.0
  { path: '/usr/sbin/bridge', package: 'iproute2', main: from(bridgeFile, 'bridgeMain'), complete: completeBridge }, // prettier-ignore
  { path: '/usr/bin/ip', package: 'iproute2', main: from(ipFile, 'ipMain'), complete: completeIp }, // prettier-ignore
  { path: '/usr/sbin/ip', package: 'iproute2', main: from(ipFile, 'ipMain'), complete: completeIp }, // prettier-ignore

  // libc-bin 2.36
  { path: '/usr/bin/getent', package: 'libc-bin', main: lazy(async () => ({ main: (await import('./getent.ts')).getent })) }, // prettier-ignore

  // iputils 20221126
  { path: '/usr/bin/arping', package: 'iputils-arping', main: from(arpingFile, 'arping') }, // prettier-ignore
  { path: '/usr/bin/ping', package: 'iputils-ping', main: from(pingFile, 'ping') }, // prettier-ignore
  { path: '/usr/bin/tracepath', package: 'iputils-tracepath', main: from(tracepathFile, 'tracepath') }, // prettier-ignore

  // traceroute 2.1.2
  { path: '/usr/bin/traceroute', package: 'traceroute', main: from(tracerouteFile, 'traceroute') }, // prettier-ignore

  // tcpdump 4.99.3
  { path: '/usr/bin/tcpdump', package: 'tcpdump',
    main: lazy(() => import('./tcpdump/tcpdump.ts')) }, // prettier-ignore
]
