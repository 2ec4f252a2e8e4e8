/** Error numbers as Linux names them (errno(3)); the words for them belong to the C library: proc/strerror.ts. */
export type Errno =
  | 'EPERM' | 'ENOENT' | 'ESRCH' | 'EINTR' | 'EIO' | 'ENXIO' | 'E2BIG' | 'ENOEXEC' | 'EBADF' | 'ECHILD' | 'EAGAIN'
  | 'ENOMEM' | 'EACCES' | 'EBUSY' | 'EEXIST' | 'EXDEV' | 'ENODEV' | 'ENOTDIR' | 'EISDIR' | 'EINVAL' | 'ENFILE'
  | 'ENOTTY' | 'EFBIG' | 'ENOSPC' | 'ESPIPE' | 'EROFS' | 'EPIPE' | 'ERANGE' | 'ENAMETOOLONG' | 'ENOTEMPTY' | 'ELOOP'
  | 'EPROTO' | 'EMSGSIZE' | 'EPROTONOSUPPORT' | 'EOPNOTSUPP' | 'EAFNOSUPPORT' | 'EADDRINUSE' | 'EADDRNOTAVAIL'
  | 'ENETDOWN' | 'ENETUNREACH' | 'ENOBUFS' | 'EISCONN' | 'ENOTCONN' | 'ETIMEDOUT' | 'ECONNREFUSED' | 'EHOSTDOWN'
  | 'EHOSTUNREACH' | 'EALREADY' | 'EINPROGRESS' | 'ENOPROTOOPT' | 'EDESTADDRREQ' // prettier-ignore

/**
 * What the kernel answers when it will not: an error number and, where Linux has one, the extended-ack text
 * (Documentation/userspace-api/netlink/intro.rst). A refusal is a value that is returned; it is never thrown.
 */
export class Refusal {
  readonly errno: Errno
  /** Text that iproute2 prints as `Error: TEXT.`; without it `RTNETLINK answers: STRERROR`. */
  readonly extack: string | undefined
  constructor(errno: Errno, extack?: string) {
    this.errno = errno
    this.extack = extack
  }
}
