import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { type Progress, RapportError, version } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { readArguments } from '../read-arguments.ts'
import { type Reply, type Request, receive, send } from './message.ts'
import { socketPath } from './socket-path.ts'

export interface CommandServer {
  /** Stops commands that run and takes no more. */
  stop(): Promise<void>
}

/**
 * Runs commands for other processes of this user, through a socket that nobody else can open: this process has the store
 * open, and nobody else may.
 *
 * @param folder the store's real folder
 */
export async function serveCommands(folder: string, commands: readonly Command[]): Promise<CommandServer> {
  const path = socketPath(folder)
  // Whoever left it is gone: this process owns the store.
  rmSync(path, { force: true })
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()
  const server = createServer((socket) => {
    const run = serve(socket, folder, commands, stopping.signal).finally(() => running.delete(run))
    running.add(run)
  })
  const before = process.umask(0o177)
  try {
    await new Promise<void>((done, fail) => server.once('error', fail).listen(path, done))
  } finally {
    process.umask(before)
  }
  chmodSync(path, 0o600)
  return {
    stop: async () => {
      stopping.abort('interrupted')
      server.close()
      await Promise.all(running)
      rmSync(path, { force: true })
    },
  }
}

/** Characters of a request: command lines are short. */
const longestRequest = 1024 * 1024

function serve(socket: Socket, folder: string, commands: readonly Command[], stopping: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const stop = new AbortController()
    let isRunning = false
    const onStopping = (): void => {
      stop.abort('interrupted')
      // Who has asked for nothing yet must not keep the server from ending.
      if (!isRunning) socket.destroy()
    }
    stopping.addEventListener('abort', onStopping)
    let answer: ((yes: boolean) => void) | undefined
    const reply = (message: Reply): void => send(socket, message)
    const hangUp = (): void => {
      stop.abort('interrupted')
      answer?.(false)
    }
    socket.on('error', hangUp)
    socket.on('close', () => {
      hangUp()
      stopping.removeEventListener('abort', onStopping)
      done()
    })
    receive<Request>(
      socket,
      (request) => {
        if ('stop' in request) hangUp()
        else if ('answer' in request) answer?.(request.answer)
        else {
          const ask = (question: string): Promise<boolean> => {
            reply({ ask: question })
            return new Promise((resolved) => {
              answer = resolved
            })
          }
          isRunning = true
          runFor(request, { folder, commands, signal: stop.signal, reply, ask }).then(
            () => socket.end(),
            () => socket.destroy(),
          )
        }
      },
      longestRequest,
    )
  })
}

interface Call {
  readonly folder: string
  readonly commands: readonly Command[]
  readonly signal: AbortSignal
  readonly reply: (message: Reply) => void
  readonly ask: (question: string) => Promise<boolean>
}

async function runFor(request: Extract<Request, { run: unknown }>, call: Call): Promise<void> {
  const { folder, commands, signal, reply, ask } = call
  try {
    if (request.version !== version) {
      throw new RapportError(
        'cli.version',
        `the server and the command must be of one version, got ${version} and ${request.version}`,
      )
    }
    const [name, ...rest] = request.run
    const command = commands.find((candidate) => candidate.name === name)
    if (!command) throw new RapportError('cli.command', `the command must be known, got ${name}`)
    const outcome = await command.run({
      store: folder,
      given: readArguments(command, rest),
      work: { signal, onProgress: throttled((progress) => reply({ progress })) },
      isInteractive: request.isInteractive,
      tell: (text) => reply({ tell: text }),
      ask: async (question) => request.isInteractive && (await ask(question)),
      path: (text) => resolve(request.folder, text),
    })
    reply({ outcome })
  } catch (error) {
    const failure =
      error instanceof RapportError
        ? { code: error.code, message: error.message }
        : { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    reply({ failure })
  }
}

/** A bar is drawn a dozen times a second at most: more often need not travel, but every stage's first and last do. */
function throttled(show: (progress: Progress) => void): (progress: Progress) => void {
  let stage = ''
  let shownAt = 0
  return (progress) => {
    const at = performance.now()
    if (progress.stage === stage && progress.done < progress.total && at - shownAt < 80) return
    stage = progress.stage
    shownAt = at
    show(progress)
  }
}
