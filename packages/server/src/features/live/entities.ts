import type { FeatureEntity } from '@rapport/protocol'
import type { Fact } from '../defined/fact.ts'
import { type EntityKey, entityKeyOf } from '../defined/interpret.ts'
import type { ByteRange } from './bytes.ts'
import { Entity } from './entity.ts'
import { thaw, thawedCopy } from './entity-bytes.ts'
import { type PlannedStores, type Store, slotsOf } from './plan-stores.ts'
import { Warm, type WarmLimit, warmLimit } from './warm.ts'

/** Entities by kind and key; those of a snapshot are read when they are asked for. */
export class Entities {
  private readonly slots: ReadonlyMap<FeatureEntity, readonly Store[]>
  private readonly warm: Warm
  private readonly byKind: Readonly<Record<FeatureEntity, Map<string, Entity>>> = {
    customer: new Map(),
    product: new Map(),
    category: new Map(),
    'customer-product': new Map(),
    'customer-category': new Map(),
  }
  /** A customer's pairs, which come and go with the customer. */
  private readonly pairs = new Map<string, Entity[]>()

  /** How many go through everybody, and whom they saw last. */
  private surveys = 0
  private seen: { readonly frozen: ByteRange | undefined; readonly copy: Entity } | undefined

  /** Who was found last: whoever is looked at is asked for by each of their leaves. */
  private found: Entity | undefined

  /** Those that are touched or gone, while somebody wants to know. */
  private touched: Map<string, Pick<Entity, 'entity' | 'key'>> | undefined

  /** @param warm how many are held ready, the others as bytes. Default: as many as fit a quarter of the engine's memory */
  constructor(stores: PlannedStores['byEntity'], warm: WarmLimit = warmLimit()) {
    this.slots = new Map([...stores].map(([entity, some]) => [entity, slotsOf(some)]))
    this.warm = new Warm(warm)
  }

  /** Keeps those as bytes that are too many; not to be called while anybody works with one. */
  cool(): void {
    if (this.warm.cool()) this.found = undefined
  }

  get size(): number {
    return Object.values(this.byKind).reduce((sum, map) => sum + map.size, 0)
  }

  *[Symbol.iterator](): Generator<Entity> {
    for (const map of Object.values(this.byKind)) yield* map.values()
  }

  /** To be read only. */
  get(entity: FeatureEntity, key: EntityKey): Entity | undefined {
    if (this.found?.entity === entity && isSameKey(this.found.key, key)) return this.thawed(this.found)
    const found = this.byKind[entity].get(idOf(key))
    if (found === undefined) return undefined
    if (found.frozen === undefined) this.found = found
    return this.surveys > 0 && found.frozen !== undefined ? this.glimpsed(found) : this.thawed(found)
  }

  /** While everybody is read, one after another, those that are kept as bytes stay so. */
  async surveying<Result>(work: () => Promise<Result>): Promise<Result> {
    this.surveys += 1
    try {
      return await work()
    } finally {
      this.surveys -= 1
      this.seen = undefined
    }
  }

  private glimpsed(entity: Entity): Entity {
    if (this.seen?.frozen !== entity.frozen)
      this.seen = { frozen: entity.frozen, copy: thawedCopy(entity, this.slots.get(entity.entity) ?? []) }
    return this.seen!.copy
  }

  thawed(entity: Entity): Entity {
    entity.isRecent = true
    if (entity.frozen === undefined) return entity
    thaw(entity, this.slots.get(entity.entity) ?? [])
    this.warm.add(entity)
    return entity
  }

  /** From here on it is remembered who is touched. */
  watch(): void {
    this.touched = new Map()
  }

  /** Who was touched or let go since; no more is remembered. */
  watched(): readonly Pick<Entity, 'entity' | 'key'>[] {
    const touched = [...(this.touched?.values() ?? [])]
    this.touched = undefined
    return touched
  }

  private touch(entity: Pick<Entity, 'entity' | 'key'>, id: string): void {
    this.touched?.set(`${entity.entity} ${id}`, entity)
  }

  /** Made where there is none. */
  of(entity: FeatureEntity, key: EntityKey): Entity {
    const id = idOf(key)
    let found = this.byKind[entity].get(id)
    if (found === undefined) {
      found = new Entity(entity, key)
      this.put(id, found)
    }
    if (this.touched !== undefined) this.touch(found, id)
    return this.thawed(found)
  }

  /** The one that a fact belongs to; undefined where it lacks a part of it. */
  ofFact(entity: FeatureEntity, fact: Fact): Entity | undefined {
    if (entity !== 'customer') {
      const key = entityKeyOf(entity, fact)
      return key === null ? undefined : this.of(entity, key)
    }
    const { customerId } = fact
    if (customerId === null) return undefined
    const known = this.touched === undefined ? this.byKind.customer.get(customerId) : undefined
    return known === undefined ? this.of('customer', [customerId]) : this.thawed(known)
  }

  adopt(entity: Entity): void {
    const id = idOf(entity.key)
    this.put(id, entity)
    this.touch(entity, id)
  }

  /** Another one of this key takes the place of the one there is. */
  replace(entity: Entity): void {
    this.remove(entity.entity, entity.key)
    this.put(idOf(entity.key), entity)
  }

  remove(entity: FeatureEntity, key: EntityKey): void {
    const id = idOf(key)
    const known = this.byKind[entity].get(id)
    if (known === undefined) return
    this.byKind[entity].delete(id)
    this.found = undefined
    const pairs = this.pairs.get(key[0]!)
    if (key.length === 2) pairs?.splice(pairs.indexOf(known), 1)
  }

  private put(id: string, entity: Entity): void {
    this.byKind[entity.entity].set(id, entity)
    this.found = undefined
    if (entity.frozen === undefined) this.warm.add(entity)
    if (entity.key.length === 1) return
    const pairs = this.pairs.get(entity.key[0]!)
    if (pairs === undefined) this.pairs.set(entity.key[0]!, [entity])
    else pairs.push(entity)
  }

  /** Lets all go, where everybody was written down. */
  clear(): void {
    for (const map of Object.values(this.byKind)) map.clear()
    this.found = undefined
    this.pairs.clear()
    this.warm.clear()
  }

  /** A customer with all pairs, a product or a category: what is rebuilt and forgotten as one. */
  owned(by: Owner): readonly Entity[] {
    const own = this.byKind[by.kind].get(by.id)
    const pairs = by.kind === 'customer' ? (this.pairs.get(by.id) ?? []) : []
    return own === undefined ? pairs : [own, ...pairs]
  }

  /** @returns what was let go */
  drop(by: Owner): readonly Entity[] {
    const gone = this.owned(by)
    this.found = undefined
    for (const one of gone) {
      const id = idOf(one.key)
      this.byKind[one.entity].delete(id)
      this.touch(one, id)
    }
    if (by.kind === 'customer') this.pairs.delete(by.id)
    return gone
  }
}

export interface Owner {
  readonly kind: 'customer' | 'product' | 'category'
  readonly id: string
}

/** The owner of an entity. */
export const ownerOf = ({ entity, key }: Pick<Entity, 'entity' | 'key'>): Owner => ({
  kind: entity === 'product' || entity === 'category' ? entity : 'customer',
  id: key[0]!,
})

const isSameKey = (left: EntityKey, right: EntityKey): boolean =>
  left[0] === right[0] && left.length === right.length && (left.length === 1 || left[1] === right[1])

/** One text for a key: the length of the first part tells where the second begins. */
const idOf = (key: EntityKey): string => (key.length === 1 ? key[0]! : `${key[0]!.length} ${key[0]}${key[1]}`)
