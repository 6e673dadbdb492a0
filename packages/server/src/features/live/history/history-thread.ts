import { parentPort, workerData } from 'node:worker_threads'
import { failureOf } from '../../../base/index.ts'
import { type FoldedFor, PartFolding } from './fold-part.ts'
import type { HistoryPart } from './history-part.ts'
import type { FromHistoryThread } from './history-threads.ts'

/** A thread of `HistoryThreads`. */
const folding = new PartFolding(workerData as FoldedFor)
const tell = (message: FromHistoryThread, transfer: ArrayBuffer[] = []): void =>
  parentPort!.postMessage(message, transfer)

parentPort!.on('message', (part: HistoryPart) => {
  try {
    const steps = folding.fold(part)
    let step = steps.next()
    while (!step.done) step = steps.next()
    tell({ folded: step.value }, [step.value.bytes.buffer])
  } catch (error) {
    tell({ failure: failureOf(error) })
  }
})
