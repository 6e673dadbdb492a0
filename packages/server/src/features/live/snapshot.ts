import { createHash } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Instant, inTurns, servingMs, syncPath } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import type { Entities, Owner } from './entities.ts'
import type { Entity } from './entity.ts'
import { loadEntity, loadKey, saveEntity, saveKey } from './entity-bytes.ts'

/** What snapshots are written in. A reader takes no other: what is remembered can be made from the log again. */
const format = 'rapport live features 1'

const records = { entity: 0, gone: 1, rest: 2 } as const

/** Bytes are written in pieces of about this. */
const pieceBytes = 1 << 20

/** What there is beside entities, as of the end of a snapshot. */
export interface SnapshotRest {
  readonly position: number
  readonly clock: Instant
  readonly keys: readonly { readonly kind: Fact['kind']; readonly key: bigint }[]
  readonly waiting: readonly { readonly fact: Fact; readonly until: Instant }[]
  readonly lostFrom: Instant
  readonly rebuilds: readonly Owner[]
}

/** Why a snapshot is not used. */
export type Refusal = 'none' | 'other-format' | 'other-store' | 'other-plan' | 'damaged'

export interface SnapshotOf {
  /** Id of the store that its log is of. */
  readonly store: string
  /** Of the definitions and the time zone. */
  readonly plan: string
}

/**
 * Writes a snapshot in turns, while facts are taken: entities that are touched meanwhile are written again at the end, where
 * a reader takes the last of each. It is there as a whole or not at all.
 *
 * @param rest as of when it is called, after the last of the entities
 */
export async function writeSnapshot(
  path: string,
  { store, plan }: SnapshotOf,
  entities: Entities,
  rest: () => SnapshotRest,
): Promise<void> {
  const part = `${path}.part`
  const file = await open(part, 'w')
  try {
    const hash = createHash('sha256')
    const to = new ByteWriter()
    const put = async (): Promise<void> => {
      const piece = to.take()
      hash.update(piece)
      await file.write(piece)
    }
    for (const text of [format, store, plan]) to.text(text)
    entities.watch()
    const waiting = entities[Symbol.iterator]()
    for (let isMore = true; isMore; await put()) isMore = await inTurns(writePiece(to, waiting), servingMs)
    for (const { entity, key } of entities.watched()) {
      const now = entities.get(entity, key)
      to.whole(now === undefined ? records.gone : records.entity)
      if (now === undefined) saveKey({ entity, key }, to)
      else saveEntity(now, to)
    }
    to.whole(records.rest)
    saveRest(rest(), to)
    await put()
    await file.write(hash.digest())
    await file.sync()
  } finally {
    entities.watched()
    await file.close()
  }
  await rename(part, path)
  await syncPath(dirname(path))
}

/** @returns whether there are more */
function* writePiece(to: ByteWriter, entities: Iterator<Entity>): Generator<void, boolean> {
  while (to.length < pieceBytes) {
    const next = entities.next()
    if (next.done) return false
    to.whole(records.entity)
    saveEntity(next.value, to)
    yield
  }
  return true
}

/**
 * Reads a snapshot into entities that there are none of yet.
 *
 * @returns why it cannot be used, where it cannot; then nothing was read
 */
export async function readSnapshot(
  path: string,
  { store, plan }: SnapshotOf,
  entities: Entities,
): Promise<SnapshotRest | Refusal> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (bytes === undefined) return 'none'
  const body = bytes.subarray(0, Math.max(0, bytes.length - 32))
  if (!createHash('sha256').update(body).digest().equals(bytes.subarray(body.length))) return 'damaged'
  const from = new ByteReader(body)
  if (from.text() !== format) return 'other-format'
  if (from.text() !== store) return 'other-store'
  if (from.text() !== plan) return 'other-plan'
  for (;;) {
    const record = from.whole()
    if (record === records.rest) return loadRest(from)
    if (record === records.entity) entities.replace(loadEntity(from))
    else {
      const { entity, key } = loadKey(from)
      entities.remove(entity, key)
    }
  }
}

function saveRest({ position, clock, keys, waiting, lostFrom, rebuilds }: SnapshotRest, to: ByteWriter): void {
  to.number(position)
  to.number(clock)
  to.number(lostFrom)
  to.whole(keys.length)
  for (const { kind, key } of keys) {
    to.whole(kind === 'event' ? 0 : 1)
    to.key(key)
  }
  to.whole(waiting.length)
  for (const { fact, until } of waiting) {
    to.number(until)
    to.key(fact.key)
    to.text(JSON.stringify({ ...fact, key: null }))
  }
  to.whole(rebuilds.length)
  for (const { kind, id } of rebuilds) {
    to.text(kind)
    to.text(id)
  }
}

function loadRest(from: ByteReader): SnapshotRest {
  const list = <T>(read: () => T): T[] => Array.from({ length: from.whole() }, read)
  return {
    ...{ position: from.number(), clock: from.number(), lostFrom: from.number() },
    keys: list(() => ({ kind: from.whole() === 0 ? 'event' : 'line', key: from.key() })),
    waiting: list(() => {
      const [until, key] = [from.number(), from.key()]
      return { until, fact: { ...(JSON.parse(from.text()) as Fact), key } }
    }),
    rebuilds: list(() => ({ kind: from.text() as Owner['kind'], id: from.text() })),
  }
}
