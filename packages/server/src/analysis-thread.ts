import { parentPort, workerData } from 'node:worker_threads'
import type { AnalysisTask, FromAnalysis } from './analyze-apart.ts'
import { failureOf, type Progress } from './base/index.ts'
import { analyze, writeLastReport } from './insights/index.ts'
import { RemoteWarehouse } from './warehouse/index.ts'

/** The thread of `analyzeApart`. */
const { port, folder, logFolder, options, report } = workerData as AnalysisTask
const warehouse = new RemoteWarehouse(port, { folder, logFolder })
const stop = new AbortController()
parentPort!.on('message', () => stop.abort())
const tell = (message: FromAnalysis): void => parentPort!.postMessage(message)

try {
  const onProgress = (progress: Progress): void => tell({ progress })
  const analysis = await analyze(warehouse, options, { signal: stop.signal, onProgress })
  await writeLastReport(warehouse, report)
  tell({ analysis })
} catch (error) {
  tell({ failure: failureOf(error) })
} finally {
  await warehouse.close()
  parentPort!.close()
}
