import type { LiveCopy } from '../../segments/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { CostlyWork } from '../costly-work.ts'

export interface SegmentParts {
  /** What reads the log for one request. */
  readonly costly: CostlyWork
  readonly warehouse: Warehouse
  readonly state: State
  /** The live copy that serves just now. */
  readonly live: () => LiveCopy
  /** Looks at what is declared again; it does not wait until everybody was looked at. */
  readonly changed: () => Promise<void>
  /** Resolves when every event that was acknowledged before is in the warehouse. */
  readonly settle: () => Promise<void>
}

export const readAccess = { scope: 'customers.read', role: 'viewer' } as const
export const writeAccess = { scope: 'definitions.write', role: 'marketer' } as const
