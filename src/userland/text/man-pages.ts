/** A page of ours: what it is, how it is used, and what a beginner needs most. Not the texts of the real manuals. */
export interface Page {
  readonly section: number
  readonly summary: string
  readonly synopsis: readonly string[]
  readonly text?: string
}

const page = (section: number, summary: string, synopsis: readonly string[], text?: string): Page =>
  text === undefined ? { section, summary, synopsis } : { section, summary, synopsis, text }

export const PAGES: Readonly<Record<string, Page>> = {
  ip: page(8, 'show and change devices, addresses, routes, neighbours and network namespaces', ['ip [ OPTIONS ] OBJECT { COMMAND | help }'], `
OBJECT is one of link, address, route, neighbour, netns and may be cut short: ip a, ip r, ip n.
\x01ip link show\x02 lists the devices; \x01ip link set DEV up\x02 switches one on.
\x01ip addr add 192.168.1.10/24 dev eth0\x02 gives an address, and with it a route to its network.
\x01ip route add 10.0.0.0/8 via 192.168.1.1\x02 sends packets for a network to a gateway.
\x01ip neigh\x02 shows which MAC address each neighbour answered with.
\x01ip netns add red\x02 makes a network namespace; \x01ip netns exec red CMD\x02 runs a command in it; \x01ip -n red ...\x02 looks into it.
Options: -br brief, -j JSON, -p pretty, -d details, -s statistics, -o one line each, -4 and -6, -n NETNS.
\x01ip OBJECT help\x02 tells more.`),
  'ip-link': page(8, 'network devices', ['ip link { show | set | add | del } ...'], `
\x01ip link add veth0 type veth peer name veth1\x02 makes a cable with two ends; \x01ip link add br0 type bridge\x02 a switch.
\x01ip link set veth1 netns red\x02 moves an end into a namespace; \x01ip link set eth1 master br0\x02 plugs a device into a bridge.`),
  'ip-address': page(8, 'addresses of devices', ['ip address { add | del | show | flush } ...'], `
Without a prefix length the address is a /32: it belongs to no network but itself.`),
  'ip-route': page(8, 'the routing table', ['ip route { show | add | del | replace | get | flush } ...'], `
The longest prefix that contains the destination wins; among equals the smallest metric. \x01ip route get ADDRESS\x02 asks the kernel.`),
  'ip-neighbour': page(8, 'the neighbour table (ARP)', ['ip neighbour { show | add | del | replace | flush } ...'], `
REACHABLE: confirmed lately. STALE: known, to be confirmed when used. FAILED: nobody answered. PERMANENT: set by hand.`),
  'ip-netns': page(8, 'network namespaces', ['ip netns { list | add | del | exec | identify | pids } ...']),
  ping: page(8, 'send ICMP echo requests to a host and wait for the replies', ['ping [ -c COUNT ] [ -i SECONDS ] [ -W SECONDS ] [ -w SECONDS ] [ -I DEVICE ] [ -s SIZE ] [ -t TTL ] HOST'], `
Without -c it goes on until Ctrl-C. \x01Destination Host Unreachable\x02 from your own address: nobody answered ARP.
\x01Network is unreachable\x02: there is no route. 100% packet loss without a word: the packet or its reply was dropped on the way.`),
  arp: page(8, 'show and change the neighbour table', ['arp [ -n ] [ -e ] [ -a ] [ -d HOST ] [ -s HOST MAC ]']),
  arping: page(8, 'ask for a MAC address with ARP requests', ['arping [ -c COUNT ] [ -I DEVICE ] HOST']),
  route: page(8, 'show and change the routing table (ip route is its successor)', ['route [ -n ]', 'route add -net NET netmask MASK gw GATEWAY', 'route add default gw GATEWAY', 'route del ...']),
  ifconfig: page(8, 'show and change devices (ip is its successor)', ['ifconfig [ -a ] [ DEVICE ]', 'ifconfig DEVICE ADDRESS netmask MASK up']),
  hostname: page(1, 'show or set the name of the machine', ['hostname [ -s | -f | -i | -I ] [ NAME ]']),
  sysctl: page(8, 'show and change settings of the kernel', ['sysctl [ -a ] NAME ...', 'sysctl -w NAME=VALUE', 'sysctl -p [ FILE ]'], `
\x01sysctl -w net.ipv4.ip_forward=1\x02 makes the machine a router until it restarts; a line in /etc/sysctl.conf makes it one for good.`),
  bridge: page(8, 'show and change bridges and their forwarding databases', ['bridge { fdb | link | vlan } ...'], `
\x01bridge fdb show br br0\x02 tells behind which port the switch has seen which MAC address.`),
  brctl: page(8, 'make and show bridges (ip link and bridge are its successors)', ['brctl addbr BR', 'brctl addif BR DEVICE', 'brctl show', 'brctl showmacs BR']),
  traceroute: page(8, 'show the routers on the way to a host', ['traceroute [ -n ] [ -I ] [ -m HOPS ] [ -q PROBES ] HOST'], `
It sends packets that may live for 1, 2, 3 ... hops; the router where one dies tells about it. * means that nothing came back.`),
  tracepath: page(8, 'show the way to a host and its path MTU', ['tracepath [ -n ] HOST']),
  tcpdump: page(8, 'show the packets that a device sees', ['tcpdump [ -n ] [ -e ] [ -v ] [ -i DEVICE ] [ -c COUNT ] [ -w FILE ] [ -r FILE ] [ EXPRESSION ]'], `
EXPRESSION selects: arp, icmp, host 10.0.0.1, src net 10.0.0.0/8, port 53, with and, or, not. -e shows MAC addresses. Ctrl-C ends it.`),
  bash: page(1, 'the shell: reads commands and runs them', ['bash [ -c COMMAND ] [ FILE [ ARGUMENT ... ] ]'], `
\x01a | b\x02 gives the output of a to b; \x01a > f\x02 writes it to a file, \x01>>\x02 appends, \x012>\x02 is for errors; \x01a < f\x02 reads from a file.
\x01a && b\x02 runs b if a succeeded, \x01a || b\x02 if it failed; \x01a &\x02 in the background. $? is the status of the last command.
Ctrl-C ends what runs, Ctrl-D the input. \x01jobs, fg, bg, kill %1\x02 handle background jobs; \x01history\x02 and the up key give old commands.`),
  awk: page(1, 'work on fields of lines', ["awk [ -F SEPARATOR ] [ -v NAME=VALUE ] 'PATTERN { ACTION }' [ FILE ... ]"], `
\x01awk '{print $2}'\x02 prints the second word of each line; $0 is the line, NF the number of fields, NR the number of the line.`),
  sed: page(1, 'edit a stream of lines', ["sed [ -n ] [ -E ] [ -i ] 'SCRIPT' [ FILE ... ]"], `
\x01sed 's/old/new/g'\x02 replaces; \x01sed -n '2,4p'\x02 prints lines 2 to 4; \x01sed '/x/d'\x02 deletes lines; -i changes the file itself.`),
  grep: page(1, 'print lines that match a pattern', ['grep [ -i ] [ -v ] [ -c ] [ -n ] [ -o ] [ -E | -F | -P ] PATTERN [ FILE ... ]']),
  cat: page(1, 'print files one after the other', ['cat [ -n ] [ -A ] [ FILE ... ]']),
  cut: page(1, 'print parts of lines', ['cut -d DELIMITER -f LIST [ FILE ... ]', 'cut -c LIST [ FILE ... ]']),
  head: page(1, 'print the first lines of files', ['head [ -n COUNT ] [ FILE ... ]']),
  tail: page(1, 'print the last lines of files', ['tail [ -n COUNT ] [ -f ] [ FILE ... ]']),
  wc: page(1, 'count lines, words and bytes', ['wc [ -l ] [ -w ] [ -c ] [ FILE ... ]']),
  sort: page(1, 'sort lines', ['sort [ -n ] [ -r ] [ -u ] [ -k KEY ] [ -t SEPARATOR ] [ FILE ... ]']),
  uniq: page(1, 'drop or count equal lines in a row', ['uniq [ -c ] [ -d ] [ -u ] [ INPUT [ OUTPUT ] ]']),
  tr: page(1, 'replace or delete characters', ['tr [ -d ] [ -s ] [ -c ] SET1 [ SET2 ]']),
  tee: page(1, 'copy standard input to files and standard output', ['tee [ -a ] FILE ...']),
  ls: page(1, 'list files', ['ls [ -l ] [ -a ] [ -h ] [ -t ] [ -R ] [ FILE ... ]']),
  find: page(1, 'look for files', ['find [ PATH ... ] [ -name PATTERN ] [ -type f|d ] [ -exec COMMAND {} \\; ]']),
  xargs: page(1, 'run a command with words of standard input', ['xargs [ -n COUNT ] [ -I REPLACE ] COMMAND ...']),
  diff: page(1, 'compare files line by line', ['diff [ -u ] [ -q ] FILE1 FILE2']),
  mkdir: page(1, 'make folders', ['mkdir [ -p ] DIRECTORY ...']),
  rm: page(1, 'remove files', ['rm [ -r ] [ -f ] FILE ...']),
  cp: page(1, 'copy files', ['cp [ -r ] SOURCE ... TARGET']),
  mv: page(1, 'move or rename files', ['mv SOURCE ... TARGET']),
  touch: page(1, 'make empty files, or set their time', ['touch FILE ...']),
  chmod: page(1, 'change the permissions of files', ['chmod [ -R ] MODE FILE ...']),
  echo: page(1, 'print words', ['echo [ -n ] [ -e ] [ WORD ... ]']),
  printf: page(1, 'print by a format', ['printf FORMAT [ ARGUMENT ... ]']),
  seq: page(1, 'print numbers', ['seq [ FIRST [ STEP ] ] LAST']),
  sleep: page(1, 'wait', ['sleep SECONDS']),
  timeout: page(1, 'run a command for a limited time', ['timeout SECONDS COMMAND ...']),
  watch: page(1, 'run a command again and again and show its output', ['watch [ -n SECONDS ] [ -d ] COMMAND'], `
Ctrl-C ends it.`),
  date: page(1, 'show the time', ['date [ +FORMAT ]']),
  ps: page(1, 'show processes', ['ps [ aux | -ef ]']),
  kill: page(1, 'send a signal to a process', ['kill [ -SIGNAL ] PID ...']),
  sudo: page(8, 'run a command as the administrator, which you already are here', ['sudo COMMAND ...']),
  which: page(1, 'tell where a program lies', ['which NAME ...']),
  man: page(1, 'show the page of a command', ['man [ SECTION ] NAME', 'man -k WORD'], `
These pages are short ones of this course; the real manuals tell more.`),
} // prettier-ignore
