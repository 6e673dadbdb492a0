import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './rows-file.ts'

/** The built command, as `npx rapport` runs it. */
export const program = join(root, 'packages', 'server', 'bin', 'rapport.js')

export interface Ran {
  /** null when a signal ended it. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

export interface RunOptions {
  readonly cwd?: string
  /** Words for Node.js before the program. */
  readonly node?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Largest file the process may write, in kilobytes (RLIMIT_FSIZE). */
  readonly fileKilobytesMax?: number
}

/** Runs `rapport` as a process of its own and waits for its end. */
export function rapport(args: readonly string[], options: RunOptions = {}): Ran {
  const { cwd, node = [], env = {}, fileKilobytesMax } = options
  const words = [process.execPath, ...node, program, ...args]
  const command =
    fileKilobytesMax === undefined
      ? words
      : ['bash', '-c', `ulimit -f ${fileKilobytesMax} && exec "$@"`, 'bash', ...words]
  const started = performance.now()
  const { status, signal, stdout, stderr, error } = spawnSync(command[0]!, command.slice(1), {
    ...(cwd === undefined ? {} : { cwd }),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    // The flags that make the tests read sources are not the user's.
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
  if (error) throw error
  return { status, signal, stdout, stderr, seconds: (performance.now() - started) / 1000 }
}

/** What a person reads when it failed: the last line of standard error; what comes before it is progress. */
export const messageOf = ({ stderr }: Ran): string => stderr.trim().split('\n').at(-1) ?? ''
