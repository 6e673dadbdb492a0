import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

// The program as a person runs it: a process of its own for each command line. It runs what `npm ci` has built.

export const program = fileURLToPath(new URL('../../bin/rapport.js', import.meta.url))

/** A server that does not serve by then is ended: ms, less than the tests' own limits. */
const longestStartMs = 100_000

/** How a command ended, and all that it said. */
export interface Ended {
  readonly out: string
  readonly err: string
  /** null when a signal ended it. */
  readonly code: number | null
}

/** Begins a command. @param folder where it is given */
export const spawnProgram = (folder: string, words: readonly string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [program, ...words], { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } })

export async function untilEnded(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    err += text
  })
  const [code] = await once(child, 'close')
  return { out, err, code }
}

/** One process that runs command lines one after the other, each as a process of its own would. */
export interface ProgramSession {
  run(...words: readonly string[]): Promise<Ended>
  end(): void
}

// Whatever a command writes goes back with its exit code, instead of to the process's own streams.
const sessionCode = `
import { commands, runCli } from ${JSON.stringify(new URL('../../dist/app.js', import.meta.url).href)}
process.umask(0o077)
process.on('message', async (words) => {
  const said = { out: '', err: '' }
  const streams = [[process.stdout, 'out'], [process.stderr, 'err']]
  const writes = streams.map(([stream, name]) => {
    const write = stream.write
    stream.write = (text, ...then) => {
      said[name] += text
      then.find((one) => typeof one === 'function')?.()
      return true
    }
    return write
  })
  const code = await runCli(commands, words)
  streams.forEach(([stream], at) => {
    stream.write = writes[at]
  })
  process.send({ ...said, code })
})
`

/**
 * Opens a session, for tests that give many commands: loading the program takes longer than most of them. What is about the
 * process itself (signals, how it ends) is for `spawnProgram`.
 *
 * @param folder where commands are given; must be there at the first one
 */
export function openSession(folder: () => string): ProgramSession {
  let child: ChildProcess | undefined
  const started = (): ChildProcess =>
    spawn(process.execPath, ['--input-type=module', '--eval', sessionCode], {
      ...{ cwd: folder(), env: { ...process.env, NODE_OPTIONS: '' } },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
  return {
    run: (...words) => {
      child ??= started()
      const running = child
      return new Promise((resolve, reject) => {
        const gone = (code: number | null): void =>
          reject(new Error(`the session ended with ${code} at ${words.join(' ')}`))
        running.once('exit', gone)
        running.once('message', (ended) => {
          running.off('exit', gone)
          resolve(ended as Ended)
        })
        running.send(words)
      })
    },
    end: () => child?.kill(),
  }
}

/** Resolves when standard error has held these words. @returns all that it has held since this was called */
export const untilSaid = (child: ChildProcessWithoutNullStreams, words: string): Promise<string> =>
  new Promise((done) => {
    let said = ''
    child.stderr.on('data', (text) => {
      said += text
      if (said.includes(words)) done(said)
    })
  })

/** `rapport start`, serving a store until it is stopped. */
export interface RunningServer {
  readonly url: string
  readonly writeKey: string
  /** What it had said once it served. */
  readonly said: string
  /** Sends one request with a batch of calls. */
  send(batch: readonly object[]): Promise<Response>
  /** Resolves when it has ended, at once when it had before. @returns its exit code */
  stop(signal: NodeJS.Signals): Promise<number | null>
}

/**
 * Starts a server on any free port; it serves when this resolves.
 *
 * @param words what else follows `start`, as `--empty`
 * @throws Error with what it said when it ends before it serves
 */
export async function startServer(folder: string, words: readonly string[]): Promise<RunningServer> {
  const child = spawnProgram(folder, ['start', '--no-open', '--port', '0', ...words])
  const ended = untilEnded(child)
  const tooEarly = ended.then(({ err }) => Promise.reject(new Error(`it ended before it served: ${err}`)))
  const tooLate = setTimeout(() => child.kill('SIGKILL'), longestStartMs)
  const said = await Promise.race([untilSaid(child, 'Ctrl-C ends it'), tooEarly]).finally(() => clearTimeout(tooLate))
  const [url, writeKey] = [/http:\/\/localhost:\d+/.exec(said)![0], /wk_[\w-]+/.exec(said)![0]]
  return {
    ...{ url, writeKey, said },
    send: (batch) =>
      fetch(`${url}/v1/batch`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ writeKey, batch }),
      }),
    stop: async (signal) => {
      child.kill(signal)
      return (await ended).code
    },
  }
}
