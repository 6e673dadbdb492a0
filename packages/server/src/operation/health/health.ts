import type { EventLog } from '../../ingestion/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { type Metrics, openMetrics } from './metrics.ts'
import { findUnready, type Looked, look, type ReadinessLimits, type Unready } from './readiness.ts'
import { storeBytes } from './store-figures.ts'

/** How the server does, for load balancers and for Prometheus. */
export interface Health {
  readonly metrics: Metrics
  /** Why it should not be sent requests; nothing when it should. */
  unready(): Promise<readonly Unready[]>
  /** All metrics in Prometheus' text format, as of now. */
  exposition(): Promise<string>
  /** From here on it is not ready: it is about to end. */
  startDraining(): void
}

interface Parts {
  readonly warehouse: Warehouse
  readonly state: State
  readonly log: EventLog
}

export function openHealth(parts: Parts, limits: ReadinessLimits): Health {
  const { warehouse, log } = parts
  const metrics = openMetrics()
  let isDraining = false
  const unready = async (looking: Promise<Looked>): Promise<readonly Unready[]> => [
    ...(isDraining ? [{ code: 'draining', reason: 'the server must be up, it is ending' } as const] : []),
    ...(await findUnready(parts, limits, looking)),
  ]
  return {
    metrics,
    unready: () => unready(look(parts)),
    startDraining: () => {
      isDraining = true
    },
    exposition: async () => {
      const looking = look(parts)
      const [reasons, { figures, free }, bytes] = await Promise.all([
        unready(looking),
        looking,
        storeBytes(warehouse.folder),
      ])
      const isReady = reasons.length === 0
      return metrics.text({ isReady, state: figures, bytes, diskFreeBytes: free, eventsWaiting: log.waiting })
    },
  }
}
