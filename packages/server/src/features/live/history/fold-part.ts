import type { Instant } from '../../../base/index.ts'
import type { Plan } from '../../defined/plan.ts'
import { needsOf } from '../../point-in-time/needs.ts'
import { ByteWriter } from '../bytes.ts'
import { Dispatch } from '../dispatch.ts'
import { Entities, ownerOf } from '../entities.ts'
import type { Entity } from '../entity.ts'
import { saveEntity } from '../entity-bytes.ts'
import { Folding, kindsOf } from '../folding.ts'
import { type PlannedStores, planStores } from '../plan-stores.ts'
import { Timers } from '../timers.ts'
import { TouchSets } from '../touched.ts'
import { type HistoryPart, type OwnerKind, rowKinds } from './history-part.ts'
import { PartRows } from './part-rows.ts'

/** What history is folded for: plain data, which goes to another thread as it is. */
export interface FoldedFor {
  readonly leaves: Plan['leaves']
  /** IANA name of the store's time zone. */
  readonly timezone: string
  /** Everything in a part is known by then. */
  readonly clock: Instant
}

/** The entities of a part's owners, as snapshots have them, one after another. */
export interface FoldedPart {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly entities: number
  /** Ids of owners that must be read again: their facts could not be taken in this order. */
  readonly late: readonly string[]
}

/** Makes entities of the parts of history: all that is known of one owner at once, so that nobody else need be remembered. */
export class PartFolding {
  private readonly plan: FoldedFor
  private readonly planned: PlannedStores

  constructor(plan: FoldedFor) {
    this.plan = plan
    this.planned = planStores({ leaves: plan.leaves, features: [] }, plan.timezone)
  }

  /** In steps, a row each. */
  *fold(part: HistoryPart): Generator<void, FoldedPart> {
    const late: string[] = []
    const { entities, folding } = this.folding(part.of, (entity) => late.push(ownerOf(entity).id))
    const rows = new PartRows(part, needsOf(this.plan))
    const to = new ByteWriter()
    let written = 0
    let owner: string | undefined
    const write = (): void => {
      for (const entity of entities) {
        entity.dueAt = folding.dueOf(entity)
        saveEntity(entity, to)
        written += 1
      }
      entities.clear()
    }
    while (rows.next()) {
      if (rows.owner !== owner) write()
      owner = rows.owner
      if (rows.kind === rowKinds.trait) folding.setTrait(rows.trait())
      else if (rows.kind === rowKinds.score) folding.setScore(rows.score())
      else folding.take(rows.fact, Number.POSITIVE_INFINITY)
      yield
    }
    write()
    return { bytes: new Uint8Array(to.take()), entities: written, late: [...new Set(late)] }
  }

  private folding(of: OwnerKind, late: (entity: Entity) => void): { entities: Entities; folding: Folding } {
    const kinds = kindsOf[of]
    const byEntity = new Map([...this.planned.byEntity].filter(([entity]) => kinds.has(entity)))
    const planned: PlannedStores = { leaves: this.planned.leaves, byEntity }
    const entities = new Entities(byEntity, { entities: Number.POSITIVE_INFINITY })
    const folding: Folding = new Folding({
      ...{ planned, entities, kinds, isHistory: true, dispatch: new Dispatch(planned) },
      ...{ timers: new Timers<Entity>(), touchSets: new TouchSets(planned) },
      trouble: { late, full: (entity, store) => entity.ask(store, planned.leaves, folding.clock), stale: () => {} },
    })
    folding.advance(this.plan.clock)
    return { entities, folding }
  }
}
