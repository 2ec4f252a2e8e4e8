/** What recording needs, and how a fresh Debian 12 gets it: `node e2e/linux/packages.ts` as root. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Package -> a program of it. */
const PACKAGES: Readonly<Record<string, string>> = {
  bsdutils: 'script',
  'util-linux': 'unshare',
  bash: 'bash',
  iproute2: 'ip',
  'iputils-ping': 'ping',
  'iputils-tracepath': 'tracepath',
  'iputils-arping': 'arping',
  'net-tools': 'ifconfig',
  'bridge-utils': 'brctl',
  traceroute: 'traceroute',
  tcpdump: 'tcpdump',
  tshark: 'tshark',
  procps: 'sysctl',
  mawk: 'mawk',
  'man-db': 'man',
  sudo: 'sudo',
}

/** Why nothing can be recorded here, if so. */
export async function missing(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'it needs root'
  const absent = Object.entries(PACKAGES).filter(([, program]) => !onPath(program))
  if (absent.length > 0) {
    return `packages are missing (node e2e/linux/packages.ts installs them): ${absent.map(([p]) => p).join(' ')}`
  }
  const version = await run('ip', ['-V'])
  if (!version.stdout.includes('iproute2-6.1.0'))
    return `the goldens are those of iproute2 6.1.0, here is ${version.stdout.trim()}`
  try {
    await run('unshare', [
      '-n',
      '-u',
      '-m',
      '-i',
      '-p',
      '--fork',
      'ip',
      'link',
      'add',
      'v0',
      'type',
      'veth',
      'peer',
      'name',
      'v1',
    ])
  } catch {
    return 'no network namespace with a veth pair can be made'
  }
  return undefined
}

function onPath(program: string): boolean {
  return ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].some((dir) => existsSync(`${dir}/${program}`))
}

/** Daemons that a package brings must not start: policy-rc.d forbids it while apt runs. */
function install(): number {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: 'inherit', env }).status ?? 1
    return apt('update') || apt('install', '-y', '--no-install-recommends', ...Object.keys(PACKAGES))
  } finally {
    if (ours) rmSync(policy)
  }
}

if (import.meta.main) process.exitCode = install()
