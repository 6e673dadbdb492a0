import { AsyncLocalStorage } from 'node:async_hooks'
import type { MessagePort } from 'node:worker_threads'
import { errorOf, RapportError, stopIfAborted, type Work } from '../../base/index.ts'
import { type Column, Columns } from '../columns.ts'
import type { Parameters, Stageable, Warehouse } from '../warehouse.ts'
import type { Answer, Asked, Part, Question } from './message.ts'

/** Rows that are staged with one question: the thread that has the store is not to be held for longer. */
const rowsAtOnce = 8192

interface Waiting {
  readonly parts: Part[]
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** A store that another thread has open: what this one asks is answered over a port, by `serveWarehouse`. */
export class RemoteWarehouse implements Warehouse {
  readonly folder: string
  readonly logFolder: string
  readonly #port: MessagePort
  readonly #waiting = new Map<number, Waiting>()
  /** The transaction that the code that runs is inside of. */
  readonly #inside = new AsyncLocalStorage<number>()
  #asked = 0
  #isClosed = false

  constructor(port: MessagePort, { folder, logFolder }: Pick<Warehouse, 'folder' | 'logFolder'>) {
    this.folder = folder
    this.logFolder = logFolder
    this.#port = port
    port.on('message', (answer: Answer) => this.#take(answer))
    port.on('close', () => {
      this.#isClosed = true
      for (const { reject } of this.#waiting.values()) reject(gone())
      this.#waiting.clear()
    })
  }

  async run(sql: string, parameters?: Parameters, work?: Work): Promise<void> {
    await this.#ask({ kind: 'run', sql, parameters }, work)
  }

  async rows<Row extends object>(sql: string, parameters?: Parameters, work?: Work): Promise<Row[]> {
    return (await this.#ask({ kind: 'rows', sql, parameters }, work)) as Row[]
  }

  async columns(sql: string, parameters?: Parameters, work?: Work): Promise<Columns> {
    return (await this.#ask({ kind: 'columns', sql, parameters }, work)) as Columns
  }

  async stage(name: string, columns: Stageable, work?: Work): Promise<void> {
    const lengths = Object.values(columns).map(({ length }) => length)
    const rows = Math.max(0, ...lengths)
    // Ragged columns go as they are, and are refused.
    const atOnce = lengths.every((length) => length === rows) ? rowsAtOnce : Math.max(1, rows)
    for (let start = 0; start === 0 || start < rows; start += atOnce) {
      const part = Object.entries(columns).map(([column, values]) => [column, values.slice(start, start + atOnce)])
      await this.#ask({ kind: 'stage', name, columns: Object.fromEntries(part) }, work)
    }
  }

  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#inside.getStore() !== undefined) {
      throw new RapportError('warehouse.nested', 'a transaction must not begin inside another one')
    }
    const id = this.#asked + 1
    await this.#ask({ kind: 'begin' })
    return this.#inside.run(id, async () => {
      let result: Result
      try {
        result = await work()
      } catch (error) {
        await this.#ask({ kind: 'rollback' })
        throw error
      }
      await this.#ask({ kind: 'commit' })
      return result
    })
  }

  async checkpoint(): Promise<void> {
    await this.#ask({ kind: 'checkpoint' })
  }

  blobs = (): Promise<never> => refuse('blobs')
  handOver = (): Promise<never> => refuse('files handed over')
  pour = (): Promise<never> => refuse('files poured in')
  snapshot = (): Promise<never> => refuse('a snapshot')
  rewrite = (): Promise<never> => refuse('the file rewritten')

  async close(): Promise<void> {
    this.#isClosed = true
    this.#port.close()
  }

  #ask(question: Question, work?: Work): Promise<unknown> {
    stopIfAborted(work)
    if (this.#isClosed) return Promise.reject(gone())
    this.#asked += 1
    const id = this.#asked
    const { signal } = work ?? {}
    const abort = (): void => this.#port.postMessage({ id, question: { kind: 'abort' } })
    signal?.addEventListener('abort', abort)
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { parts: [], resolve, reject })
      this.#port.postMessage({ id, inside: this.#inside.getStore(), question } satisfies Asked)
    }).finally(() => signal?.removeEventListener('abort', abort))
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    if (!waiting) return
    if ('part' in answer) {
      waiting.parts.push(answer)
      return
    }
    this.#waiting.delete(answer.id)
    if ('failure' in answer) waiting.reject(errorOf(answer.failure))
    else waiting.resolve(isColumns(answer.value) ? joined(answer.value, waiting.parts) : answer.value)
  }
}

/** An answer of columns ends with their names and no rows; rows are objects, and a list of lists is nothing else. */
const isColumns = (value: unknown): value is readonly (readonly [string, Column])[] =>
  Array.isArray(value) && value.every(Array.isArray) && value.length > 0

function joined(empty: readonly (readonly [string, Column])[], parts: readonly Part[]): Columns {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const columns = empty.map(([name, none], at): [string, Column] => {
    if (!(none instanceof Float64Array)) {
      const texts = parts.map(({ part }) => part[at]![1] as readonly (string | null)[])
      return [name, texts.flat()]
    }
    const numbers = new Float64Array(rows)
    let start = 0
    for (const { part, rows: count } of parts) {
      numbers.set(part[at]![1] as Float64Array, start)
      start += count
    }
    return [name, numbers]
  })
  return new Columns(rows, new Map(columns))
}

const gone = (): RapportError =>
  new RapportError('warehouse.remote', 'the thread that has the store must be there, it is gone')

const refuse = (what: string): Promise<never> =>
  Promise.reject(new RapportError('warehouse.remote', `${what} must be asked for in the thread that has the store`))
