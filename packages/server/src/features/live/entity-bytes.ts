import type { FeatureEntity } from '@rapport/protocol'
import { Asked } from './asked.ts'
import { type ByteRange, ByteReader, ByteWriter } from './bytes.ts'
import { Entity, noStores } from './entity.ts'
import type { Store } from './plan-stores.ts'
import { Said } from './said.ts'
import { Sessions } from './sessions.ts'

export const entityKinds: readonly FeatureEntity[] = [
  ...(['customer', 'product', 'category', 'customer-product', 'customer-category'] as const),
]

/** An entity, what it remembers as bytes of a length that stands before them. */
export function saveEntity(entity: Entity, to: ByteWriter): void {
  saveKey(entity, to)
  to.number(entity.dueAt)
  to.whole(entity.waiting)
  to.number(entity.through)
  to.whole(entity.isAsked ? 1 : 0)
  to.bytes(entity.frozen ?? bytesOf(entity))
}

export function loadEntity(from: ByteReader): Entity {
  const { entity, key } = loadKey(from)
  const loaded = new Entity(entity, key)
  loaded.dueAt = from.number()
  loaded.waiting = from.whole()
  loaded.through = from.number()
  loaded.isAsked = from.whole() === 1
  loaded.frozen = from.bytes()
  return loaded
}

export function saveKey({ entity, key }: Pick<Entity, 'entity' | 'key'>, to: ByteWriter): void {
  to.whole(entityKinds.indexOf(entity))
  for (const part of key) to.text(part)
}

export function loadKey(from: ByteReader): Pick<Entity, 'entity' | 'key'> {
  const entity = entityKinds[from.whole()]!
  return { entity, key: entity.includes('-') ? [from.text(), from.text()] : [from.text()] }
}

const writer = new ByteWriter()

/** @returns bytes that are lent until the next entity's are asked for */
function bytesOf({ stores, sessions, said }: Entity): ByteRange {
  const to = writer
  // What an entity left that could not be written.
  to.lend()
  let count = 0
  for (const store of stores) if (store !== undefined) count += 1
  to.whole(count)
  for (let slot = 0; slot < stores.length; slot += 1) {
    const store = stores[slot]
    if (store === undefined) continue
    to.whole(slot * 2 + (store instanceof Asked ? 1 : 0))
    store.save(to)
  }
  to.whole((sessions === undefined ? 0 : 1) + (said === undefined ? 0 : 2))
  sessions?.save(to)
  said?.save(to)
  return to.lend()
}

function owned({ buffer, from, until }: ByteRange): ByteRange {
  return { buffer: Buffer.from(buffer.subarray(from, until)), from: 0, until: until - from }
}

/** Keeps what it remembers as bytes from here on. */
export function freeze(entity: Entity): void {
  entity.frozen ??= owned(bytesOf(entity))
  entity.stores = noStores
  entity.sessions = undefined
  entity.said = undefined
}

/** What it remembers is read when it is first needed: most of those that are restored are not needed soon. */
export function thaw(entity: Entity, slots: readonly Store[]): void {
  if (entity.frozen === undefined) return
  const from = new ByteReader(entity.frozen.buffer, entity.frozen.from)
  entity.frozen = undefined
  const filled = from.whole()
  // All at once: growing it slot by slot takes longer than reading them.
  if (filled > 0) entity.stores = new Array(slots.length).fill(undefined)
  for (let left = filled; left > 0; left -= 1) {
    const slot = from.whole()
    const store = slots[slot >> 1]!
    entity.put(store, (slot & 1) === 1 ? Asked.load(store.dueAfterMs !== null, from) : store.load(from))
  }
  const has = from.whole()
  if ((has & 1) !== 0) entity.sessions = Sessions.load(from)
  if ((has & 2) !== 0) entity.said = Said.load(from)
}

/** One that remembers the same, to be read while the frozen one stays as it is. */
export function thawedCopy(entity: Entity, slots: readonly Store[]): Entity {
  const copy = new Entity(entity.entity, entity.key)
  copy.frozen = entity.frozen
  copy.waiting = entity.waiting
  copy.isAsked = entity.isAsked
  copy.touched = entity.touched
  copy.touchedIn = entity.touchedIn
  thaw(copy, slots)
  return copy
}
