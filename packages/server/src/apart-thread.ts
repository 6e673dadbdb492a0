import { parentPort, workerData } from 'node:worker_threads'
import { failureOf, type Progress, type Work } from './base/index.ts'
import { analyze, makeFamily, writeLastReport } from './insights/index.ts'
import { answer, fitTogether, trainRequested } from './predictions/index.ts'
import type { ApartData, ApartTask, FromApart } from './run-apart.ts'
import { RemoteWarehouse, type Warehouse } from './warehouse/index.ts'

/** The thread of `runApart`. */
const { task, port, folder, logFolder } = workerData as ApartData
const warehouse = new RemoteWarehouse(port, { folder, logFolder })
const stop = new AbortController()
parentPort!.on('message', () => stop.abort())
const tell = (message: FromApart): void => parentPort!.postMessage(message)

async function done(store: Warehouse, asked: ApartTask, work: Work): Promise<unknown> {
  if (asked.kind === 'train') return trainRequested(store, asked.request, work)
  if (asked.kind === 'fit') return fitTogether(store, asked.request, work)
  if (asked.kind === 'answer') return answer(store, asked.question, work)
  if (asked.kind === 'family') return makeFamily(store, asked.request, asked.report, work)
  const analysis = await analyze(store, asked.options, work)
  await writeLastReport(store, asked.report)
  return analysis
}

try {
  const onProgress = (progress: Progress): void => tell({ progress })
  tell({ result: await done(warehouse, task, { signal: stop.signal, onProgress }) })
} catch (error) {
  tell({ failure: failureOf(error) })
} finally {
  await warehouse.close()
  parentPort!.close()
}
