/** What uname(2) says: the kernel that the recordings were made on. */
export const KERNEL = {
  sysname: 'Linux',
  release: '6.18.44',
  version: '#1 SMP PREEMPT_DYNAMIC',
  machine: 'x86_64',
  domainname: '(none)',
} as const
