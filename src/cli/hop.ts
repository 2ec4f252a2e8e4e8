import { CliError } from './files.ts'

/**
 * The `hop` command: labs, sessions and exercises without a browser. One file per subcommand; each gets its own words
 * and returns the exit status: 0 fine, 1 the answer is no, 2 wrong usage or a bad file, 70 our own bug.
 */
const COMMANDS: Readonly<
  Record<string, { readonly usage: string; readonly load: () => Promise<{ main: Command }> }>
> = {
  run: { usage: 'run LAB SCRIPT.session', load: () => import('./run.ts') },
  check: { usage: 'check LAB SESSION [--exact]', load: () => import('./check.ts') },
  shell: { usage: 'shell LAB [NODE]', load: () => import('./shell.ts') },
  grade: { usage: 'grade EXERCISE SESSION [--json]', load: () => import('./grade.ts') },
  explain: { usage: 'explain LAB SCRIPT.session', load: () => import('./explain.ts') },
  pcap: { usage: 'pcap LAB SCRIPT.session --on A:eth0 -o FILE.pcap', load: () => import('./pcap.ts') },
  validate: { usage: 'validate [--write] [PATH…]', load: () => import('./validate.ts') },
}

export type Command = (words: readonly string[]) => Promise<number>

const usage = (): string =>
  [
    'usage: npm run -s hop -- COMMAND …',
    '',
    ...Object.values(COMMANDS).map((c) => '  hop ' + c.usage),
    '',
  ].join('\n')

const main = async (words: readonly string[]): Promise<number> => {
  const [name, ...rest] = words
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(usage())
    return name === undefined ? 2 : 0
  }
  const command = COMMANDS[name]
  if (command === undefined) {
    process.stderr.write(`hop: no command "${name}"\n\n${usage()}`)
    return 2
  }
  try {
    return await (await command.load()).main(rest)
  } catch (e) {
    if (e instanceof CliError) {
      process.stderr.write(`hop ${name}: ${e.message}\n${e.showUsage ? `usage: hop ${command.usage}\n` : ''}`)
      return 2
    }
    if (e instanceof Error && e.name === 'ContentError') {
      process.stderr.write(e.message + '\n')
      return 2
    }
    process.stderr.write(
      `hop ${name}: this is a bug of the simulator, not of your files\n${e instanceof Error ? (e.stack ?? e.message) : String(e)}\n`,
    )
    return 70
  }
}

// Who reads no further (`hop … | head`) has what he wanted.
process.stdout.on('error', (e: NodeJS.ErrnoException) => {
  if (e.code !== 'EPIPE') throw e
  process.exit()
})
process.exitCode = await main(process.argv.slice(2))
