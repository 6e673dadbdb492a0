import type { Selectable } from 'kysely'
import type { Instant } from '../../base/index.ts'
import type { ErasureTable } from '../../state/index.ts'
import type { TrainedModel } from './facts.ts'

/** An erasure as its receipt tells it: no name, no id of the person. */
export interface Erasure {
  readonly erasureId: string
  /** Keyed pseudonym of the customer's id. */
  readonly pseudonym: string
  /** What happens later belongs to a new customer, or, where suppressed, is refused. */
  readonly askedAt: Instant
  readonly isSuppressed: boolean
  /** Since when nothing of the person can be read; null while that is still being done. */
  readonly removedAt: Instant | null
  /** By when nothing of them will be left in the files. */
  readonly dueAt: Instant
  /** Since when nothing of them is left in the files; null until then. */
  readonly finishedAt: Instant | null
  /** Records removed: part → table → how many. */
  readonly removed: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Models that were trained with the customer among others: the next analysis makes new ones. */
  readonly modelsToRetrain: readonly TrainedModel[]
  /** Records of the person that came again since, and were refused. */
  readonly refused: number
}

export const erasureOf = (row: Selectable<ErasureTable>): Erasure => ({
  ...{ erasureId: row.erasure_id, pseudonym: row.pseudonym, askedAt: row.asked_at, dueAt: row.due_at },
  ...{ isSuppressed: row.is_suppressed === 1, removedAt: row.removed_at, finishedAt: row.finished_at },
  removed: JSON.parse(row.removed) as Erasure['removed'],
  modelsToRetrain: JSON.parse(row.models) as TrainedModel[],
  refused: row.refused,
})
