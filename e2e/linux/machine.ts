/**
 * One node of a lab on the real kernel: its own net, uts, ipc, pid and mount namespace, hostname, a copy-on-write root
 * with /tmp, /run and /root of its own. Everything hangs on its first process, and that on a pipe from here: however
 * this program ends, the kernel takes down the processes, the devices and the mounts.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs as root in the new namespaces; $1 is the node's name. The last `cat` lives as long as our end of its stdin. */
const INIT = `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
mkdir /mnt/up /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work /mnt/root
cd /mnt/root
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=700 tmpfs root
mkdir -p run/lock .old
hostname "$1"
rm -f etc/hosts etc/resolv.conf etc/hostname
printf '127.0.0.1\\tlocalhost\\n127.0.1.1\\t%s\\n' "$1" > etc/hosts
: > etc/resolv.conf
echo "$1" > etc/hostname
: > etc/bash.bashrc
sed -i 's/^hosts:.*/hosts:          files dns/' etc/nsswitch.conf
echo 'set enable-bracketed-paste off' >> etc/inputrc
pivot_root . .old
cd /
umount -l /.old
rmdir /.old
ip link set lo up
# what is printed must not depend on how fast one types, nor on whether this kernel has br_netfilter
echo 0 > /proc/sys/net/ipv4/ip_forward
echo 0 > /proc/sys/net/ipv4/icmp_ratelimit
echo 100000 > /proc/sys/net/ipv4/icmp_msgs_burst
echo 100000 > /proc/sys/net/ipv4/icmp_msgs_per_sec
for f in /proc/sys/net/bridge/bridge-nf-call-*; do if [ -e "$f" ]; then echo 0 > "$f"; fi; done
echo ready
exec cat > /dev/null 2>&1
`

/** No locale, root in /root. */
export const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  TERM: 'xterm',
  SHELL: '/bin/bash',
}

export class Machine {
  readonly name: string
  /** The node's first process, as the machine that records sees it. */
  readonly pid: number
  readonly #unshare: ChildProcess

  private constructor(name: string, pid: number, unshare: ChildProcess) {
    this.name = name
    this.pid = pid
    this.#unshare = unshare
  }

  static async start(name: string): Promise<Machine> {
    const args = [
      '-n',
      '-u',
      '-m',
      '-i',
      '-p',
      '--fork',
      '--kill-child=SIGKILL',
      'sh',
      '-c',
      INIT,
      'init',
      name,
    ]
    const child = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'pipe'], env: ENVIRONMENT })
    const ready = await new Promise<boolean>((resolve, reject) => {
      let out = ''
      const hear = (chunk: Buffer) => {
        out += chunk.toString()
        if (out.endsWith('ready\n')) resolve(true)
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.on('error', reject)
      child.on('exit', () => reject(new Error(`node ${name} did not start: ${out.trim()}`)))
    })
    if (!ready || child.pid === undefined) throw new Error(`node ${name} did not start`)
    const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
    return new Machine(name, Number(children.trim().split(' ')[0]), child)
  }

  /** The command that runs `command` inside all of the node's namespaces. */
  enter(...command: string[]): [string, string[]] {
    return ['nsenter', ['-t', String(this.pid), '-m', '-u', '-i', '-n', '-p', ...command]]
  }

  /** Runs a line of the lab's `exec`, as the boot of the node would. */
  async exec(line: string): Promise<void> {
    const [file, args] = this.enter('env', '-C', '/root', 'bash', '-c', line)
    try {
      await run(file, args, { env: ENVIRONMENT, timeout: 60_000 })
    } catch (error) {
      const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
      throw new Error(`node ${this.name}: exec ${JSON.stringify(line)}: ${stderr}`, { cause: error })
    }
  }

  async stop(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.#unshare.exitCode !== null || this.#unshare.signalCode !== null) resolve()
      else this.#unshare.once('exit', () => resolve())
    })
    this.#unshare.kill('SIGKILL')
    await gone
  }
}
