import { RapportError } from '../error.ts'
import type { PoolHost } from './host.ts'

/** No threads: every kernel runs on the calling thread, block by block, with the same result. */
export const poolHost: PoolHost = {
  workersDefault: 0,
  startWorker() {
    throw new RapportError('kernels.workers', 'workers must be 0 on a platform without threads')
  },
  nextTurn: () => new Promise((resolve) => setTimeout(resolve, 0)),
}
