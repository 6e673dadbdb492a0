import { realpathSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { RapportError, version } from '../../base/index.ts'
import type { Outcome, Surroundings } from '../command.ts'
import { type Reply, type Request, receive, send } from './message.ts'
import { socketPath } from './socket-path.ts'

/**
 * Has the server that has the store open run a command line, with the same progress, questions and Ctrl-C.
 *
 * @param argv the words after `rapport`
 * @param longestSilenceMs after which the server counts as gone; 0 waits for as long as it takes
 * @returns undefined when no server listens for this store
 * @throws RapportError what the command throws there; `cli.server` when the server went away
 */
export async function askServer(
  argv: readonly string[],
  { store, work, isInteractive, tell, ask }: Omit<Surroundings, 'given' | 'path'>,
  longestSilenceMs = 0,
): Promise<Outcome | undefined> {
  const socket = await connected(store)
  if (!socket) return undefined
  socket.setTimeout(longestSilenceMs, () => socket.destroy(new Error(`no word within ${longestSilenceMs} ms`)))
  return new Promise((resolve, reject) => {
    const stop = (): void => send(socket, { stop: true })
    const end = (settle: () => void): void => {
      work.signal?.removeEventListener('abort', stop)
      socket.end()
      settle()
    }
    work.signal?.addEventListener('abort', stop)
    receive<Reply>(socket, (reply) => {
      if ('progress' in reply) work.onProgress?.(reply.progress)
      else if ('tell' in reply) tell(reply.tell)
      else if ('ask' in reply) void ask(reply.ask).then((answer) => send(socket, { answer }))
      else if ('outcome' in reply) end(() => resolve(reply.outcome))
      else end(() => reject(failureOf(reply.failure)))
    })
    socket.once('error', (error) => end(() => reject(gone(error))))
    socket.once('close', () => end(() => reject(gone())))
    const request: Request = { run: argv, folder: process.cwd(), isInteractive, version }
    send(socket, request)
  })
}

function connected(store: string): Promise<Socket | undefined> {
  let path: string
  try {
    path = socketPath(realpathSync(store))
  } catch {
    return Promise.resolve(undefined)
  }
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // No socket, or one that a server left which was killed: the store is nobody's.
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined)
      else reject(error)
    })
  })
}

const gone = (cause?: Error): RapportError =>
  new RapportError('cli.server', 'the server that has the store open must answer, it went away', { cause })

const failureOf = ({ code, message }: { code: string | null; message: string }): Error =>
  code === null ? Object.assign(new Error(message), { stack: message }) : new RapportError(code, message)
