import type { Program } from './program.ts'
import { sysctl } from './sysctl/sysctl.ts'
import { route } from './route/route.ts'
import { hostname } from './hostname/hostname.ts'
import { bash } from '../shell/bash.ts'
import { falseMain, trueMain } from './text/true.ts'
import { ipMain } from './ip/ip.ts'

/** Every program of the machines, by package. One row a line; the order is that of the fidelity page. */
export const PROGRAMS: readonly Program[] = [
  // bash 5.2.15
  { path: '/usr/bin/bash', package: 'bash', main: bash },
  { path: '/usr/bin/sh', package: 'dash', main: bash, verified: false },

  // coreutils 9.1
  { path: '/usr/bin/false', package: 'coreutils', main: falseMain },
  { path: '/usr/bin/true', package: 'coreutils', main: trueMain },

  // hostname 3.23
  { path: '/usr/bin/dnsdomainname', package: 'hostname', main: hostname },
  { path: '/usr/bin/domainname', package: 'hostname', main: hostname },
  { path: '/usr/bin/hostname', package: 'hostname', main: hostname },
  { path: '/usr/bin/nisdomainname', package: 'hostname', main: hostname },
  { path: '/usr/bin/ypdomainname', package: 'hostname', main: hostname },

  // net-tools 2.10
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
  { path: '/usr/bin/ip', package: 'iproute2', main: ipMain },
]
