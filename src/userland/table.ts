import { ping } from './ping/ping.ts'
import { arping } from './arping.ts'
import { tracepath } from './tracepath.ts'
import { traceroute } from './traceroute/traceroute.ts'
import type { Program } from './program.ts'
import { arp } from './arp/arp.ts'
import { brctl } from './brctl/brctl.ts'
import { ifconfig } from './ifconfig/ifconfig.ts'
import { sysctl } from './sysctl/sysctl.ts'
import { netstat } from './netstat/netstat.ts'
import { route } from './route/route.ts'
import { hostname } from './hostname/hostname.ts'
import { bash } from '../shell/bash.ts'
import { basename, dirname, env, printenv, pwd, readlink, which } from './text/which.ts'
import { cat, rev, tac } from './text/cat.ts'
import { chmod, cp, ln, mkdir, mv, rm, rmdir, touch } from './text/files.ts'
import { clear, watch } from './text/watch.ts'
import { cut } from './text/cut.ts'
import { date } from './text/date.ts'
import { echo, printfMain, seq, yes } from './text/echo.ts'
import { lazy } from './text/lazy.ts'
import { cmp, comm, diff, paste } from './text/diff.ts'
import { expr } from './text/expr.ts'
import { find } from './text/find.ts'
import { hexdump, od, xxd } from './text/dump.ts'
import { pager } from './text/pager.ts'
import { stat } from './text/stat.ts'
import { xargs } from './text/xargs.ts'
import { grep } from './text/grep.ts'
import { head, tail } from './text/head.ts'
import { id, sudo, whoami } from './text/identity.ts'
import { kill, nproc, pgrep, ps, ttyMain, uname, uptime } from './text/system.ts'
import { ls } from './text/ls.ts'
import { nl } from './text/nl.ts'
import { nohup, sleep, timeout } from './text/sleep.ts'
import { sort } from './text/sort.ts'
import { tee } from './text/tee.ts'
import { test } from './text/test.ts'
import { tr } from './text/tr.ts'
import { uniq } from './text/uniq.ts'
import { wc } from './text/wc.ts'
import { falseMain, trueMain } from './text/true.ts'
import { completeBridge, completeIp } from './ip/complete.ts'
import { ipMain } from './ip/ip.ts'
import { bridgeMain } from './bridge/bridge.ts'

/** Every program of the machines, by package. One row a line; the order is that of the fidelity page. */
export const PROGRAMS: readonly Program[] = [
  // bash 5.2.15
  { path: '/usr/bin/bash', package: 'bash', main: bash },
  { path: '/usr/bin/sh', package: 'dash', main: bash, verified: false },

  // coreutils 9.1
  { path: '/usr/bin/[', package: 'coreutils', main: test },
  { path: '/usr/bin/arch', package: 'coreutils', main: uname },
  { path: '/usr/bin/basename', package: 'coreutils', main: basename },
  { path: '/usr/bin/cat', package: 'coreutils', main: cat },
  { path: '/usr/bin/chmod', package: 'coreutils', main: chmod },
  { path: '/usr/bin/comm', package: 'coreutils', main: comm },
  { path: '/usr/bin/cp', package: 'coreutils', main: cp },
  { path: '/usr/bin/cut', package: 'coreutils', main: cut },
  { path: '/usr/bin/date', package: 'coreutils', main: date },
  { path: '/usr/bin/dirname', package: 'coreutils', main: dirname },
  { path: '/usr/bin/echo', package: 'coreutils', main: echo },
  { path: '/usr/bin/env', package: 'coreutils', main: env },
  { path: '/usr/bin/expr', package: 'coreutils', main: expr },
  { path: '/usr/bin/false', package: 'coreutils', main: falseMain },
  { path: '/usr/bin/head', package: 'coreutils', main: head },
  { path: '/usr/bin/id', package: 'coreutils', main: id },
  { path: '/usr/bin/ln', package: 'coreutils', main: ln },
  { path: '/usr/bin/logname', package: 'coreutils', main: whoami },
  { path: '/usr/bin/ls', package: 'coreutils', main: ls },
  { path: '/usr/bin/mkdir', package: 'coreutils', main: mkdir },
  { path: '/usr/bin/mv', package: 'coreutils', main: mv },
  { path: '/usr/bin/nl', package: 'coreutils', main: nl },
  { path: '/usr/bin/nohup', package: 'coreutils', main: nohup },
  { path: '/usr/bin/nproc', package: 'coreutils', main: nproc },
  { path: '/usr/bin/od', package: 'coreutils', main: od },
  { path: '/usr/bin/paste', package: 'coreutils', main: paste },
  { path: '/usr/bin/printenv', package: 'coreutils', main: printenv },
  { path: '/usr/bin/printf', package: 'coreutils', main: printfMain },
  { path: '/usr/bin/pwd', package: 'coreutils', main: pwd },
  { path: '/usr/bin/readlink', package: 'coreutils', main: readlink },
  { path: '/usr/bin/realpath', package: 'coreutils', main: readlink },
  { path: '/usr/bin/rm', package: 'coreutils', main: rm },
  { path: '/usr/bin/rmdir', package: 'coreutils', main: rmdir },
  { path: '/usr/bin/seq', package: 'coreutils', main: seq },
  { path: '/usr/bin/sleep', package: 'coreutils', main: sleep },
  { path: '/usr/bin/sort', package: 'coreutils', main: sort },
  { path: '/usr/bin/stat', package: 'coreutils', main: stat },
  { path: '/usr/bin/tac', package: 'coreutils', main: tac },
  { path: '/usr/bin/tail', package: 'coreutils', main: tail },
  { path: '/usr/bin/tee', package: 'coreutils', main: tee },
  { path: '/usr/bin/test', package: 'coreutils', main: test },
  { path: '/usr/bin/timeout', package: 'coreutils', main: timeout },
  { path: '/usr/bin/touch', package: 'coreutils', main: touch },
  { path: '/usr/bin/tr', package: 'coreutils', main: tr },
  { path: '/usr/bin/true', package: 'coreutils', main: trueMain },
  { path: '/usr/bin/tty', package: 'coreutils', main: ttyMain },
  { path: '/usr/bin/uname', package: 'coreutils', main: uname },
  { path: '/usr/bin/uniq', package: 'coreutils', main: uniq },
  { path: '/usr/bin/wc', package: 'coreutils', main: wc },
  { path: '/usr/bin/whoami', package: 'coreutils', main: whoami },
  { path: '/usr/bin/yes', package: 'coreutils', main: yes },

  // sed 4.9, mawk 1.3.4: each in a chunk of its own
  { path: '/usr/bin/awk', package: 'mawk', main: lazy(() => import('./awk/awk.ts')) },
  { path: '/usr/bin/mawk', package: 'mawk', main: lazy(() => import('./awk/awk.ts')) },
  { path: '/usr/bin/sed', package: 'sed', main: lazy(() => import('./sed/sed.ts')) },

  // grep 3.8
  { path: '/usr/bin/egrep', package: 'grep', main: grep },
  { path: '/usr/bin/fgrep', package: 'grep', main: grep },
  { path: '/usr/bin/grep', package: 'grep', main: grep },

  // diffutils 3.8, findutils 4.9.0
  { path: '/usr/bin/cmp', package: 'diffutils', main: cmp },
  { path: '/usr/bin/diff', package: 'diffutils', main: diff },
  { path: '/usr/bin/find', package: 'findutils', main: find },
  { path: '/usr/bin/xargs', package: 'findutils', main: xargs },

  // procps 4.0.2
  { path: '/usr/bin/kill', package: 'procps', main: kill },
  { path: '/usr/bin/pgrep', package: 'procps', main: pgrep },
  { path: '/usr/bin/pidof', package: 'procps', main: pgrep },
  { path: '/usr/bin/pkill', package: 'procps', main: pgrep },
  { path: '/usr/bin/ps', package: 'procps', main: ps },
  { path: '/usr/bin/uptime', package: 'procps', main: uptime },
  { path: '/usr/bin/watch', package: 'procps', main: watch },

  // debianutils 5.7
  { path: '/usr/bin/which', package: 'debianutils', main: which },

  // sudo 1.9.13
  { path: '/usr/bin/sudo', package: 'sudo', main: sudo },

  // ncurses 6.4
  { path: '/usr/bin/clear', package: 'ncurses-bin', main: clear },

  // util-linux 2.38.1
  { path: '/usr/bin/rev', package: 'util-linux', main: rev },
  { path: '/usr/bin/hd', package: 'bsdextrautils', main: hexdump },
  { path: '/usr/bin/hexdump', package: 'bsdextrautils', main: hexdump },
  { path: '/usr/bin/more', package: 'util-linux', main: pager, verified: false },

  // less 590, xxd 2:9.0, man-db 2.11.2
  { path: '/usr/bin/less', package: 'less', main: pager, verified: false },
  { path: '/usr/bin/xxd', package: 'xxd', main: xxd },
  { path: '/usr/bin/apropos', package: 'man-db', main: lazy(() => import('./text/man.ts')), verified: false },
  { path: '/usr/bin/man', package: 'man-db', main: lazy(() => import('./text/man.ts')), verified: false },
  { path: '/usr/bin/whatis', package: 'man-db', main: lazy(() => import('./text/man.ts')), verified: false },

  // bridge-utils 1.7
  {
    path: '/usr/sbin/brctl', package: 'bridge-utils', main: brctl,
    supports: ['addbr', 'delbr', 'addif', 'delif', 'hairpin', 'setageing', 'setbridgeprio', 'setfd', 'sethello', 'setmaxage', 'setpathcost', 'setportprio', 'show', 'showmacs', 'showstp', 'stp'],
  }, // prettier-ignore

  // hostname 3.23
  { path: '/usr/bin/dnsdomainname', package: 'hostname', main: hostname },
  { path: '/usr/bin/domainname', package: 'hostname', main: hostname },
  { path: '/usr/bin/hostname', package: 'hostname', main: hostname },
  { path: '/usr/bin/nisdomainname', package: 'hostname', main: hostname },
  { path: '/usr/bin/ypdomainname', package: 'hostname', main: hostname },

  // net-tools 2.10
  {
    path: '/usr/sbin/arp', package: 'net-tools', main: arp,
    supports: ['-a', '-D', '-d', '-e', '-f', '-H', '-i', '-n', '-s', '-v', 'pub', 'temp'],
  }, // prettier-ignore
  {
    path: '/usr/sbin/ifconfig', package: 'net-tools', main: ifconfig,
    supports: ['-a', '-s', '-v', 'ADDRESS', 'netmask', 'broadcast', 'pointopoint', 'add', 'del', 'up', 'down', 'mtu', 'hw ether', 'promisc', 'allmulti', 'arp', 'multicast', 'txqueuelen', 'name'],
    notSimulated: ['tunnel', 'media', 'ax25', 'ipx'],
  }, // prettier-ignore
  {
    path: '/usr/bin/netstat', package: 'net-tools', main: netstat,
    supports: ['-r', '-i', '-n', '-e', '-a'], notSimulated: ['-t', '-u', '-l', '-p', '-s', '-g', '-6'],
  }, // prettier-ignore
  {
    path: '/usr/sbin/route', package: 'net-tools', main: route,
    supports: ['-n', '-e', '-ee', '-F', '-C', '-4', 'add', 'del', 'gw', 'netmask', 'metric', 'dev', 'reject'],
    notSimulated: ['-6', '-A inet6', 'mss', 'window', 'irtt'],
  }, // prettier-ignore

  // procps 4.0.2
  {
    path: '/usr/sbin/sysctl', package: 'procps', main: sysctl,
    supports: ['-a', '-b', '-e', '-N', '-n', '-p', '-q', '-r', '-w', '--deprecated', '--dry-run', '--system'],
  }, // prettier-ignore

  // iproute2 6.1.0
  {
    path: '/usr/sbin/bridge', package: 'iproute2', main: bridgeMain, complete: completeBridge,
    supports: ['-c', '-d', '-j', '-n', '-o', '-p', '-s', '-b', 'link', 'fdb', 'vlan show', 'mdb show'],
    notSimulated: ['monitor', 'vlan add', 'mdb add', 'fdb … sticky', 'fdb … extern_learn', 'fdb … dst', 'link set … locked',
      'link set … neigh_suppress', 'link set … vlan_tunnel', 'link set … mcast_router'],
  }, // prettier-ignore
  {
    path: '/usr/bin/ip', package: 'iproute2', main: ipMain, complete: completeIp,
    supports: ['-0', '-4', '-6', '-all', '-b', '-br', '-c', '-d', '-h', '-j', '-n', '-N', '-o', '-p', '-r', '-s', 'address', 'link',
      'link add type veth', 'link add type bridge', 'route', 'route get', 'neigh', 'netns', 'rule show', 'maddress show', '-6 address',
      '-6 route show'],
    notSimulated: ['link add type vlan, vxlan, dummy, macvlan, ipvlan, bond, vrf …', 'rule add', 'monitor', 'tunnel', 'tuntap', 'xfrm',
      'route save', '-6 route add', '-6 neigh', 'route add … via inet6', 'route add … encap', 'neigh add … use', 'link set … vf'],
  }, // prettier-ignore

  // iputils 20221126
  {
    path: '/usr/bin/arping', package: 'iputils-arping', main: arping,
    supports: ['-A', '-b', '-c', '-D', '-f', '-h', '-I', '-i', '-q', '-s', '-U', '-V', '-w'],
  }, // prettier-ignore
  {
    path: '/usr/bin/ping', package: 'iputils-ping', main: ping,
    supports: [
      '-4', '-A', '-a', '-B', '-b', '-C', '-c', '-D', '-d', '-e', '-F', '-f', '-h', '-I', '-i', '-L', '-l', '-M do|dont|want',
      '-m', '-n', '-O', '-p', '-Q', '-q', '-R', '-r', '-S', '-s', '-T', '-t', '-U', '-V', '-v', '-W', '-w',
    ],
    notSimulated: ['-6', '-N'],
  }, // prettier-ignore
  {
    path: '/usr/bin/tracepath', package: 'iputils-tracepath', main: tracepath,
    supports: ['-4', '-b', '-h', '-l', '-m', '-n', '-p', '-V'], notSimulated: ['-6'],
  }, // prettier-ignore

  // traceroute 2.1.2
  {
    path: '/usr/bin/traceroute', package: 'traceroute', main: traceroute,
    supports: [
      '-4', '-A', '-d', '-e', '-F', '-f', '-I', '-i', '-l', '-M', '-m', '-N', '-n', '-p', '-q', '-r', '-s', '-t', '-U', '-V',
      '-w', '-z', '--back', '--fwmark', '--mtu', '--sport',
    ],
    notSimulated: ['-6', '-D', '-g', '-O', '-P', '-T', '-UL'],
  }, // prettier-ignore

  // tcpdump 4.99.3
  {
    path: '/usr/bin/tcpdump', package: 'tcpdump',
    main: lazy(() => import('./tcpdump/tcpdump.ts')),
    supports: [
      '-#', '-A', '-B', '-b', '-c', '-D', '-e', '-F', '-f', '-H', '-h', '-i', '-J', '-K', '-L', '-l', '-N', '-n', '-O', '-p', '-Q',
      '-q', '-r', '-S', '-s', '-t', '-U', '-u', '-v', '-w', '-X', '-x', '-Z', '--count', '--immediate-mode', '--micro', '--nano',
      '--print', '--version',
    ],
    notSimulated: ['-C', '-d', '-E', '-G', '-I', '-j', '-M', '-m', '-T', '-V', '-W', '-y', '-z'],
  }, // prettier-ignore
]
