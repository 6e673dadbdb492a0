import type { Socket } from 'node:net'
import type { Progress } from '../../base/index.ts'
import type { Outcome } from '../command.ts'

/** What a command asks of the server that has the store open. */
export type Request =
  | {
      readonly run: readonly string[]
      /** Where its relative paths start. */
      readonly folder: string
      readonly isInteractive: boolean
      /** Both must be of one version: what they say to each other is nobody else's business. */
      readonly version: string
    }
  | { readonly answer: boolean }
  | { readonly stop: true }

/** What the server says while it runs the command, and in the end. */
export type Reply =
  | { readonly progress: Progress }
  | { readonly tell: string }
  | { readonly ask: string }
  | { readonly outcome: Outcome }
  | { readonly failure: { readonly code: string | null; readonly message: string } }

/** One JSON document a line. */
export function send(socket: Socket, message: Request | Reply): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`)
}

/**
 * Hands every whole line on; what is no JSON ends the connection, and so does a line that grows beyond `longest`.
 *
 * @param longest characters a line may have
 */
export function receive<Message>(
  socket: Socket,
  take: (message: Message) => void,
  longest = Number.POSITIVE_INFINITY,
): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    if (rest.length > longest) {
      socket.destroy(new Error(`a line must have at most ${longest} characters, got more`))
      return
    }
    for (const line of lines) {
      try {
        take(JSON.parse(line) as Message)
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)))
        return
      }
    }
  })
}
