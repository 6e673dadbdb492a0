import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { errorOf, type Failure, inTurns, servingMs } from '../../../base/index.ts'
import { type FoldedFor, type FoldedPart, PartFolding } from './fold-part.ts'
import type { HistoryPart } from './history-part.ts'

/** Node starts threads from JavaScript only; run from its source the work is done here, in turns. */
const canRunApart = import.meta.url.endsWith('.js')

/** More would wait for the one that reads the warehouse. */
const threadsMax = 4

/** Of a thread, so that what lives as long as one customer is read is cleared away at once, megabytes. */
const youngMegabytes = 96

export type FromHistoryThread = { readonly folded: FoldedPart } | { readonly failure: Failure }

/** Folds parts, one at a time. */
interface Folder {
  fold(part: HistoryPart): Promise<FoldedPart>
  stop(): Promise<void>
}

/**
 * Makes entities of the parts of history, on all cores but for what this thread needs to go on answering.
 *
 * @param take is told of each part, in any order, one at a time
 * @throws what reading a part, folding it or taking it in throws
 */
export async function foldHistory(
  plan: FoldedFor,
  parts: AsyncIterable<HistoryPart>,
  take: (folded: FoldedPart, part: Pick<HistoryPart, 'of'>) => Promise<void>,
): Promise<void> {
  const folders = canRunApart
    ? Array.from({ length: Math.min(threadsMax, availableParallelism()) }, () => new FoldingThread(plan))
    : [new FoldingHere(plan)]
  const free: Folder[] = [...folders]
  const working = new Set<Promise<void>>()
  let taking: Promise<void> = Promise.resolve()
  const failures: unknown[] = []
  const fold = async (folder: Folder, part: HistoryPart): Promise<void> => {
    try {
      const folded = await folder.fold(part)
      free.push(folder)
      taking = taking.then(() => take(folded, part))
      await taking
    } catch (error) {
      failures.push(error)
    }
  }
  try {
    for await (const part of parts) {
      while (free.length === 0 && failures.length === 0) await Promise.race(working)
      if (failures.length > 0) break
      const work: Promise<void> = fold(free.pop()!, part).finally(() => working.delete(work))
      working.add(work)
    }
    await Promise.all(working)
  } finally {
    await Promise.all(folders.map((folder) => folder.stop()))
  }
  if (failures.length > 0) throw failures[0]
}

class FoldingThread implements Folder {
  private readonly worker: Worker
  private waiting: { resolve: (folded: FoldedPart) => void; reject: (error: unknown) => void } | undefined

  constructor(plan: FoldedFor) {
    this.worker = new Worker(new URL('./history-thread.js', import.meta.url), {
      ...{ workerData: plan, name: 'rapport-history', execArgv: [] },
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    })
    // A server that is stopped does not wait for it.
    this.worker.unref()
    this.worker.on('message', (message: FromHistoryThread) => {
      if ('folded' in message) this.waiting?.resolve(message.folded)
      else this.waiting?.reject(errorOf(message.failure))
    })
    this.worker.on('error', (error) => this.waiting?.reject(error))
    this.worker.on('exit', (code) => this.waiting?.reject(new Error(`a thread of history ended with code ${code}`)))
  }

  fold(part: HistoryPart): Promise<FoldedPart> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      this.worker.postMessage(part, buffersOf(part))
    })
  }

  async stop(): Promise<void> {
    await this.worker.terminate()
  }
}

const buffersOf = ({ numbers, lengths, bytes }: HistoryPart): ArrayBuffer[] => [
  ...[...numbers.values(), ...lengths.values()].map(({ buffer }) => buffer),
  bytes.buffer,
]

class FoldingHere implements Folder {
  private readonly folding: PartFolding

  constructor(plan: FoldedFor) {
    this.folding = new PartFolding(plan)
  }

  fold(part: HistoryPart): Promise<FoldedPart> {
    return inTurns(this.folding.fold(part), servingMs)
  }

  async stop(): Promise<void> {}
}
