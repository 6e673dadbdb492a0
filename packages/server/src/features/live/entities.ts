import type { FeatureEntity } from '@rapport/protocol'
import type { Fact } from '../defined/fact.ts'
import { type EntityKey, entityKeyOf } from '../defined/interpret.ts'
import { Entity } from './entity.ts'

/** Entities by kind and key. */
export class Entities {
  private readonly byKind: Readonly<Record<FeatureEntity, Map<string, Entity>>> = {
    customer: new Map(),
    product: new Map(),
    category: new Map(),
    'customer-product': new Map(),
    'customer-category': new Map(),
  }
  /** A customer's pairs, which come and go with the customer. */
  private readonly pairs = new Map<string, Entity[]>()

  get size(): number {
    return Object.values(this.byKind).reduce((sum, map) => sum + map.size, 0)
  }

  *[Symbol.iterator](): Generator<Entity> {
    for (const map of Object.values(this.byKind)) yield* map.values()
  }

  get(entity: FeatureEntity, key: EntityKey): Entity | undefined {
    return this.byKind[entity].get(idOf(key))
  }

  /** Made where there is none. */
  of(entity: FeatureEntity, key: EntityKey): Entity {
    const id = idOf(key)
    let found = this.byKind[entity].get(id)
    if (found === undefined) {
      found = new Entity(entity, key)
      this.put(id, found)
    }
    return found
  }

  /** The one that a fact belongs to; undefined where it lacks a part of it. */
  ofFact(entity: FeatureEntity, fact: Fact): Entity | undefined {
    const key =
      entity === 'customer' ? (fact.customerId === null ? null : [fact.customerId]) : entityKeyOf(entity, fact)
    return key === null ? undefined : this.of(entity, key)
  }

  adopt(entity: Entity): void {
    this.put(idOf(entity.key), entity)
  }

  private put(id: string, entity: Entity): void {
    this.byKind[entity.entity].set(id, entity)
    if (entity.key.length === 1) return
    const pairs = this.pairs.get(entity.key[0]!)
    if (pairs === undefined) this.pairs.set(entity.key[0]!, [entity])
    else pairs.push(entity)
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
    for (const { entity, key } of gone) this.byKind[entity].delete(idOf(key))
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

/** One text for a key: the length of the first part tells where the second begins. */
const idOf = (key: EntityKey): string => (key.length === 1 ? key[0]! : `${key[0]!.length} ${key[0]}${key[1]}`)
