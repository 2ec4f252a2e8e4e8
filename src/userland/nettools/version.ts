/** What `-V` of the tools of net-tools prints: how Debian built them. */
const FAMILIES = '+UNIX +INET +INET6 +IPX +AX25 +NETROM +X25 +ATALK +ECONET +ROSE -BLUETOOTH'
const HARDWARE =
  '+ETHER +ARC +SLIP +PPP +TUNNEL -TR +AX25 +NETROM +X25 +FR +ROSE +ASH +SIT +FDDI +HIPPI +HDLC/LAPB +EUI64 '

/** `features` is what only this tool has; `hardware` its default hardware type. */
export const version = (features: string, hardware: string): string =>
  `net-tools 2.10\n${features}+I18N +SELINUX\nAF: (inet) ${FAMILIES}\nHW: ${hardware} ${HARDWARE}\n`
