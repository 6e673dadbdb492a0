import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { program } from './command.ts'

/** The program, serving a store in a process of its own. */
export interface LiveServer {
  readonly child: ChildProcess
  readonly url: string
  readonly writeKey: string
}

export interface LiveOptions {
  /** Words before `node`: `['strace', '-f']`. */
  readonly under?: readonly string[]
  /** Words of node, before the program. */
  readonly node?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Whether it can be told things by `child.send`; default not. */
  readonly channel?: boolean
}

/** @throws Error with what it said when it ends before it serves */
export async function startLive(store: string, options: LiveOptions = {}): Promise<LiveServer> {
  const { under = [], node = [], env = {}, channel = false } = options
  const words = [program, 'start', '--empty', '--no-open', '--port', '0', '--store', store]
  const [first, ...rest] = [...under, process.execPath, ...node, ...words]
  const child = spawn(first!, rest, {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: channel ? ['pipe', 'pipe', 'pipe', 'ipc'] : 'pipe',
  })
  let said = ''
  await new Promise<void>((ready, fail) => {
    child.stderr!.on('data', (text) => {
      said += text
      if (said.includes('Ctrl-C ends it')) ready()
    })
    child.once('error', fail)
    child.once('exit', () => fail(new Error(said)))
  })
  return { child, writeKey: /wk_[\w-]+/.exec(said)![0], url: /http:\/\/localhost:\d+/.exec(said)![0] }
}

/** Sends one batch of events with these ids. @returns the status; 0 when nobody answers */
export async function sendBatch({ url, writeKey }: LiveServer, ids: readonly string[], filler = ''): Promise<number> {
  const events = ids.map((messageId, at) => ({
    ...{ type: 'track', event: 'Ledger Entry', messageId, userId: `user ${at}`, anonymousId: `browser ${at}` },
    properties: { id: messageId, ...(filler === '' ? {} : { filler }) },
  }))
  const answer = await fetch(`${url}/v1/batch`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ writeKey, batch: events }),
  }).catch(() => undefined)
  await answer?.arrayBuffer().catch(() => undefined)
  return answer?.status ?? 0
}

/** Ends it as Ctrl-C does, and waits for that. */
export async function endLive({ child }: LiveServer): Promise<void> {
  child.kill('SIGINT')
  await once(child, 'exit')
}
