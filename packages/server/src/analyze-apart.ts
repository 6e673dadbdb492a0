import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { errorOf, type Failure, type Progress, type Work } from './base/index.ts'
import { type Analysis, type AnalyzeOptions, analyze, writeLastReport } from './insights/index.ts'
import { serveWarehouse, type Warehouse } from './warehouse/index.ts'

export interface AnalysisTask {
  /** The store, served by the thread that has it open. */
  readonly port: MessagePort
  readonly folder: string
  readonly logFolder: string
  readonly options: AnalyzeOptions
  /** Path of the report. */
  readonly report: string
}

export type FromAnalysis =
  | { readonly progress: Progress }
  | { readonly analysis: Analysis }
  | { readonly failure: Failure }

/** Node starts threads from JavaScript only; run from its source the analysis stays in this thread. */
const canStartThread = import.meta.url.endsWith('.js')

/**
 * Runs the whole analysis and writes its report, in a thread of its own: a server goes on answering. The store stays with
 * this thread, which only passes queries on.
 *
 * @param report the report's path
 */
export async function analyzeApart(
  warehouse: Warehouse,
  options: AnalyzeOptions,
  report: string,
  work: Work = {},
): Promise<Analysis> {
  if (!canStartThread) {
    const analysis = await analyze(warehouse, options, work)
    await writeLastReport(warehouse, report)
    return analysis
  }
  const { port1, port2 } = new MessageChannel()
  serveWarehouse(warehouse, port1)
  const { folder, logFolder } = warehouse
  const task: AnalysisTask = { port: port2, folder, logFolder, options, report }
  const thread = new Worker(new URL('./analysis-thread.js', import.meta.url), {
    ...{ workerData: task, transferList: [port2], name: 'rapport-analysis' },
    execArgv: [],
  })
  const stop = (): void => thread.postMessage('stop')
  work.signal?.addEventListener('abort', stop)
  if (work.signal?.aborted) stop()
  try {
    return await new Promise<Analysis>((resolve, reject) => {
      thread.on('message', (message: FromAnalysis) => {
        if ('progress' in message) work.onProgress?.(message.progress)
        else if ('analysis' in message) resolve(message.analysis)
        else reject(errorOf(message.failure))
      })
      thread.on('error', reject)
      thread.on('exit', (code) => reject(new Error(`the thread of the analysis ended with code ${code}`)))
    })
  } finally {
    work.signal?.removeEventListener('abort', stop)
    await thread.terminate()
    port1.close()
  }
}
