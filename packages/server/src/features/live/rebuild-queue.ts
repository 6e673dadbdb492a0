import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import { fieldOf } from '../defined/meets.ts'
import type { Owner } from './entities.ts'
import type { Folding } from './folding.ts'

/** Facts that are kept for one that is being rebuilt; where more come, it is read again. */
const takenMax = 10_000

interface Taken {
  /** Of the log after it; Infinity of what is not of the log. */
  readonly position: number
  apply(folding: Folding): void
}

export interface Rebuild {
  readonly owner: Owner
  /** What the warehouse must have seen: all that was taken when it was asked for. */
  position: number
  /** What came since. */
  taken: Taken[]
  notBefore: Instant
}

/** Whom is to be rebuilt, and what happened to them meanwhile. */
export class RebuildQueue {
  private readonly byOwner = new Map<string, Rebuild>()
  /** The same by kind and id: every fact is asked for here. */
  private readonly byKind: Readonly<Record<Owner['kind'], Map<string, Rebuild>>> = {
    ...{ customer: new Map(), product: new Map(), category: new Map() },
  }
  /** Who is rebuilt often must wait for longer. */
  private readonly restUntil = new Map<string, Instant>()

  get size(): number {
    return this.byOwner.size
  }

  /** @param isUrgent not to wait for its turn: a person asked for it, and not a fact */
  add(owner: Owner, position: number, isUrgent: boolean): void {
    const id = idOf(owner)
    const known = this.byOwner.get(id)
    if (known !== undefined && !isUrgent) return
    const notBefore = isUrgent ? -Infinity : (this.restUntil.get(id) ?? -Infinity)
    const rebuild = { owner, position, taken: [], notBefore }
    this.byOwner.set(id, rebuild)
    this.byKind[owner.kind].set(owner.id, rebuild)
  }

  /** Remembers a fact for those of its owners that are waiting. */
  note(fact: Fact, position: number): void {
    if (this.byOwner.size === 0) return
    const taken: Taken = { position, apply: (folding) => folding.take(fact, position) }
    const { customer, product, category } = this.byKind
    if (customer.size > 0) this.noteFor('customer', fact.customerId, taken)
    if (product.size > 0) this.noteFor('product', fieldOf(fact, 'product_id', 'text'), taken)
    if (category.size > 0) this.noteFor('category', fieldOf(fact, 'category', 'text'), taken)
  }

  /** Remembers a trait or a score. */
  noteSaid(customerId: string, apply: (folding: Folding) => void): void {
    this.noteFor('customer', customerId, { position: Infinity, apply })
  }

  private noteFor(kind: Owner['kind'], id: string | null, taken: Taken): void {
    const rebuild = id === null ? undefined : this.byKind[kind].get(id)
    if (rebuild === undefined) return
    rebuild.taken.push(taken)
    if (rebuild.taken.length <= takenMax) return
    // Read again, when the warehouse has seen these too; traits and scores are few, and not of the log.
    rebuild.position = Math.max(
      rebuild.position,
      ...rebuild.taken.map(({ position }) => position).filter(Number.isFinite),
    )
    rebuild.taken = rebuild.taken.filter(({ position }) => position === Infinity)
  }

  /** Those of one kind whose turn it is. */
  ready(clock: Instant, atMost: number): readonly Rebuild[] {
    const ready: Rebuild[] = []
    for (const rebuild of this.byOwner.values()) {
      if (rebuild.notBefore > clock || (ready.length > 0 && rebuild.owner.kind !== ready[0]!.owner.kind)) continue
      ready.push(rebuild)
      if (ready.length === atMost) break
    }
    return ready
  }

  /** Whether a rebuild is still wanted: it may have been asked for anew, or the customer be gone. */
  isWanted(rebuild: Rebuild): boolean {
    return this.byOwner.get(idOf(rebuild.owner)) === rebuild
  }

  /** It is done. @param facts that it took: reading a million each second would hold up everybody else */
  finish({ owner }: Rebuild, clock: Instant, facts: number): void {
    this.drop(owner)
    if (this.restUntil.size > 10_000)
      for (const [id, until] of this.restUntil) if (until <= clock) this.restUntil.delete(id)
    this.restUntil.set(idOf(owner), clock + Math.max(1000, facts / 25))
  }

  has(owner: Owner): boolean {
    return this.byOwner.has(idOf(owner))
  }

  owners(): readonly Owner[] {
    return [...this.byOwner.values()].map(({ owner }) => owner)
  }

  forget(owner: Owner): void {
    this.drop(owner)
    this.restUntil.delete(idOf(owner))
  }

  private drop(owner: Owner): void {
    this.byOwner.delete(idOf(owner))
    this.byKind[owner.kind].delete(owner.id)
  }
}

const idOf = ({ kind, id }: Owner): string => `${kind} ${id}`
