import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import type { MessagePort } from 'node:worker_threads'
import { failureOf, RapportError, type Work } from '../../base/index.ts'
import type { Columns } from '../columns.ts'
import type { Warehouse } from '../warehouse.ts'
import type { Asked, Dropped, Part, Question } from './message.ts'

/** Rows that are sent at once: the thread that has the store is not to be held for longer. */
const rowsAtOnce = 8192

interface Transaction {
  /** Runs a step as one of the transaction's own. */
  readonly inside: <Result>(step: () => Result) => Result
  readonly end: (how: 'commit' | 'rollback') => Promise<void>
}

/**
 * Answers the questions of a `RemoteWarehouse` on the other end of `port`, until that is closed: the store stays with
 * this thread, and the other one gets copies of what it asks for. A transaction that was not ended then is undone.
 */
export function serveWarehouse(warehouse: Warehouse, port: MessagePort): void {
  const running = new Map<number, AbortController>()
  const transactions = new Map<number, Transaction>()
  port.on('message', (asked: Asked | Dropped) => {
    if (asked.question.kind === 'abort') {
      running.get(asked.id)?.abort()
      return
    }
    const { id, inside, question } = asked as Asked
    const stop = new AbortController()
    running.set(id, stop)
    const answer = async (): Promise<void> => {
      if (question.kind === 'begin') transactions.set(id, await begin(warehouse))
      else if (question.kind === 'commit' || question.kind === 'rollback') {
        await transactions.get(inside!)!.end(question.kind)
        transactions.delete(inside!)
      } else {
        const step = () => answerTo(warehouse, question, { signal: stop.signal }, (part) => send(port, { id, ...part }))
        const value = await (inside === undefined ? step() : transactions.get(inside)!.inside(step))
        port.postMessage({ id, value })
        return
      }
      port.postMessage({ id, value: undefined })
    }
    answer()
      .catch((error: unknown) => port.postMessage({ id, failure: failureOf(error) }))
      .finally(() => running.delete(id))
  })
  port.on('close', () => {
    for (const stop of running.values()) stop.abort()
    for (const { end } of transactions.values()) end('rollback').catch(() => undefined)
  })
}

/** Begins a transaction that stays open until it is told its end. */
function begin(warehouse: Warehouse): Promise<Transaction> {
  return new Promise((begun, failed) => {
    let finish: (how: 'commit' | 'rollback') => void
    const told = new Promise<'commit' | 'rollback'>((resolve) => {
      finish = resolve
    })
    const ended = warehouse
      .transaction(async () => {
        const inside = AsyncLocalStorage.snapshot()
        begun({
          inside: (step) => inside(step),
          end: async (how) => {
            finish(how)
            await ended
          },
        })
        if ((await told) === 'rollback') throw new Undone()
      })
      .catch((error: unknown) => {
        if (error instanceof Undone) return
        failed(error)
        throw error
      })
  })
}

/** Ends a transaction whose work failed on the other side, which knows why. */
class Undone extends Error {}

async function answerTo(
  warehouse: Warehouse,
  question: Question,
  work: Work,
  send: (part: Omit<Part, 'id'>) => void,
): Promise<unknown> {
  switch (question.kind) {
    case 'run':
      return warehouse.run(question.sql, question.parameters, work)
    case 'rows':
      return warehouse.rows(question.sql, question.parameters, work)
    case 'stage':
      return warehouse.stage(question.name, question.columns, work)
    case 'checkpoint':
      return warehouse.checkpoint()
    case 'columns':
      return sendColumns(await warehouse.columns(question.sql, question.parameters, work), send)
    default:
      throw new RapportError('warehouse.remote', `the question must be one of a store, got ${question.kind}`)
  }
}

/** Sends columns a part at a time. @returns their names, for those of no rows */
async function sendColumns(columns: Columns, send: (part: Omit<Part, 'id'>) => void): Promise<unknown> {
  for (let start = 0; start < columns.rows; start += rowsAtOnce) {
    if (start > 0) await turn()
    const end = Math.min(start + rowsAtOnce, columns.rows)
    send({ rows: end - start, part: columns.entries.map(([name, column]) => [name, column.slice(start, end)]) })
  }
  return columns.entries.map(([name, column]) => [name, column.slice(0, 0)])
}

function send(port: MessagePort, message: Part): void {
  const numbers = message.part.flatMap(([, column]) => (column instanceof Float64Array ? [column.buffer] : []))
  port.postMessage(message, numbers as ArrayBuffer[])
}
