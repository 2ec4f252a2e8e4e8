import type { Fidelity } from './program.ts'

const IP: Fidelity = {
  supports: ['-0', '-4', '-6', '-all', '-b', '-br', '-c', '-d', '-h', '-j', '-n', '-N', '-o', '-p', '-r', '-s', 'address',
    'link', 'link add type veth', 'link add type bridge', 'route', 'route get', 'neigh', 'netns', 'rule show', 'maddress show',
    '-6 address', '-6 route show'],
  notSimulated: ['link add type vlan, vxlan, dummy, macvlan, ipvlan, bond, vrf …', 'rule add', 'monitor', 'tunnel', 'tuntap',
    'xfrm', 'route save', '-6 route add', '-6 neigh', 'route add … via inet6', 'route add … encap', 'neigh add … use',
    'link set … vf'],
} // prettier-ignore

/** What the reference page says of the programs of table.ts, by path; nothing of it is needed to run them. */
export const FIDELITY: Readonly<Record<string, Fidelity>> = {
  '/usr/bin/watch': { verified: false },
  '/usr/bin/more': { verified: false },
  '/usr/bin/less': { verified: false },
  '/usr/bin/apropos': { verified: false },
  '/usr/bin/man': { verified: false },
  '/usr/bin/whatis': { verified: false },
  '/usr/sbin/brctl': {
    supports: ['addbr', 'delbr', 'addif', 'delif', 'hairpin', 'setageing', 'setbridgeprio', 'setfd', 'sethello', 'setmaxage',
      'setpathcost', 'setportprio', 'show', 'showmacs', 'showstp', 'stp'],
  },
  '/usr/sbin/arp': {
    supports: ['-a', '-D', '-d', '-e', '-f', '-H', '-i', '-n', '-s', '-v', 'pub', 'temp'],
  },
  '/usr/sbin/ifconfig': {
    supports: ['-a', '-s', '-v', 'ADDRESS', 'netmask', 'broadcast', 'pointopoint', 'add', 'del', 'up', 'down', 'mtu',
      'hw ether', 'promisc', 'allmulti', 'arp', 'multicast', 'txqueuelen', 'name'],
    notSimulated: ['tunnel', 'media', 'ax25', 'ipx'],
  },
  '/usr/bin/netstat': {
    supports: ['-r', '-i', '-n', '-e', '-a'],
    notSimulated: ['-t', '-u', '-l', '-p', '-s', '-g', '-6'],
  },
  '/usr/sbin/route': {
    supports: ['-n', '-e', '-ee', '-F', '-C', '-4', 'add', 'del', 'gw', 'netmask', 'metric', 'dev', 'reject'],
    notSimulated: ['-6', '-A inet6', 'mss', 'window', 'irtt'],
  },
  '/usr/sbin/sysctl': {
    supports: ['-a', '-b', '-e', '-N', '-n', '-p', '-q', '-r', '-w', '--deprecated', '--dry-run', '--system'],
  },
  '/usr/sbin/bridge': {
    supports: ['-c', '-d', '-j', '-n', '-o', '-p', '-s', '-b', 'link', 'fdb', 'vlan show', 'mdb show'],
    notSimulated: ['monitor', 'vlan add', 'mdb add', 'fdb … sticky', 'fdb … extern_learn', 'fdb … dst', 'link set … locked',
      'link set … neigh_suppress', 'link set … vlan_tunnel', 'link set … mcast_router'],
  },
  '/usr/bin/ip': IP,
  '/usr/sbin/ip': IP,
  '/usr/bin/getent': {
    supports: ['-A', '-i', 'ahosts', 'ahostsv4', 'group', 'hosts', 'networks', 'passwd', 'protocols', 'services'],
    notSimulated: ['-s', 'ahostsv6', 'aliases', 'ethers', 'gshadow', 'initgroups', 'netgroup', 'rpc', 'shadow'],
  },
  '/usr/bin/arping': {
    supports: ['-A', '-b', '-c', '-D', '-f', '-h', '-I', '-i', '-q', '-s', '-U', '-V', '-w'],
  },
  '/usr/bin/ping': {
    supports: ['-4', '-A', '-a', '-B', '-b', '-C', '-c', '-D', '-d', '-e', '-F', '-f', '-h', '-I', '-i', '-L', '-l',
      '-M do|dont|want', '-m', '-n', '-O', '-p', '-Q', '-q', '-R', '-r', '-S', '-s', '-T', '-t', '-U', '-V', '-v', '-W', '-w'],
    notSimulated: ['-6', '-N'],
  },
  '/usr/bin/tracepath': {
    supports: ['-4', '-b', '-h', '-l', '-m', '-n', '-p', '-V'],
    notSimulated: ['-6'],
  },
  '/usr/bin/traceroute': {
    supports: ['-4', '-A', '-d', '-e', '-F', '-f', '-I', '-i', '-l', '-M', '-m', '-N', '-n', '-p', '-q', '-r', '-s', '-t',
      '-U', '-V', '-w', '-z', '--back', '--fwmark', '--mtu', '--sport'],
    notSimulated: ['-6', '-D', '-g', '-O', '-P', '-T', '-UL'],
  },
  '/usr/bin/tcpdump': {
    supports: ['-#', '-A', '-B', '-b', '-c', '-D', '-e', '-F', '-f', '-H', '-h', '-i', '-J', '-K', '-L', '-l', '-N', '-n',
      '-O', '-p', '-Q', '-q', '-r', '-S', '-s', '-t', '-U', '-u', '-v', '-w', '-X', '-x', '-Z', '--count', '--immediate-mode',
      '--micro', '--nano', '--print', '--version'],
    notSimulated: ['-C', '-d', '-E', '-G', '-I', '-j', '-M', '-m', '-T', '-V', '-W', '-y', '-z'],
  },
} // prettier-ignore
