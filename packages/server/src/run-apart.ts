import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { errorOf, type Failure, type Progress, type Work } from './base/index.ts'
import type { AnalyzeOptions } from './insights/index.ts'
import type { FitRequest, Question, TrainRequest } from './predictions/index.ts'
import type { FamilyRequest } from './segments/index.ts'
import { serveWarehouse, type Warehouse } from './warehouse/index.ts'

/** Long work that leaves a server free to answer. */
export type ApartTask =
  /** The whole analysis, and its report to the path. */
  | { readonly kind: 'analyze'; readonly options: AnalyzeOptions; readonly report: string }
  | { readonly kind: 'train'; readonly request: TrainRequest }
  /** Lapse and lifetime value, as the analysis makes them. */
  | { readonly kind: 'fit'; readonly request: FitRequest }
  /** What is asked of one prediction. */
  | { readonly kind: 'answer'; readonly question: Question }
  /** A family of segments, and the report that shows it. */
  | { readonly kind: 'family'; readonly request: FamilyRequest; readonly report: string }

export interface ApartData {
  readonly task: ApartTask
  /** The store, served by the thread that has it open. */
  readonly port: MessagePort
  readonly folder: string
  readonly logFolder: string
}

export type FromApart = { readonly progress: Progress } | { readonly result: unknown } | { readonly failure: Failure }

/** Node starts threads from JavaScript only; run from its source the work stays in this thread. */
export const canRunApart = import.meta.url.endsWith('.js')

/**
 * Does a task in a thread of its own: a server goes on answering. The store stays with this thread, which only passes
 * queries on.
 *
 * @returns what `apart-thread.ts` has of the task
 */
export async function runApart(warehouse: Warehouse, task: ApartTask, work: Work = {}): Promise<unknown> {
  const { port1, port2 } = new MessageChannel()
  serveWarehouse(warehouse, port1)
  const { folder, logFolder } = warehouse
  const data: ApartData = { task, port: port2, folder, logFolder }
  const thread = new Worker(new URL('./apart-thread.js', import.meta.url), {
    ...{ workerData: data, transferList: [port2], name: `rapport-${task.kind}` },
    execArgv: [],
  })
  const stop = (): void => thread.postMessage('stop')
  work.signal?.addEventListener('abort', stop)
  if (work.signal?.aborted) stop()
  try {
    return await new Promise<unknown>((resolve, reject) => {
      thread.on('message', (message: FromApart) => {
        if ('progress' in message) work.onProgress?.(message.progress)
        else if ('result' in message) resolve(message.result)
        else reject(errorOf(message.failure))
      })
      thread.on('error', reject)
      thread.on('exit', (code) => reject(new Error(`the thread of ${task.kind} ended with code ${code}`)))
    })
  } finally {
    work.signal?.removeEventListener('abort', stop)
    await thread.terminate()
    port1.close()
  }
}
