import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Instant, inTurns, servingMs, syncPath } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import type { Entities, Owner } from './entities.ts'
import type { Entity } from './entity.ts'
import { loadEntity, loadKey, saveEntity, saveKey } from './entity-bytes.ts'

/** Of SHA-256. */
const digestBytes = 32

/** What snapshots are written in. A reader takes no other: what is remembered can be made from the log again. */
const format = 'rapport live features 4'

const records = { entity: 0, gone: 1, rest: 2, beside: 3, end: 4 } as const

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

/** What somebody else keeps in the same snapshot, of the same moment. */
export interface Beside {
  /** Called after the last of the entities, in the same turn; what it gives is gone through later, and must not change. */
  readonly lines: () => Iterable<string>
  /** Called when everything is written: what it throws, and false, leave the snapshot of before as it is. */
  readonly isWanted: () => Promise<boolean>
}

/** Entities that were touched are written again, round after round, until so few are left, or so often. */
const leftMost = 200
const roundsMost = 8

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
  beside: Beside = { lines: () => [], isWanted: async () => true },
): Promise<void> {
  const part = `${path}.part`
  const file = await open(part, 'w', 0o600)
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
    let touched = entities.watched()
    for (let round = 0; touched.length > leftMost && round < roundsMost; round += 1) {
      entities.watch()
      const again = touched[Symbol.iterator]()
      for (let isMore = true; isMore; await put()) isMore = await inTurns(writeAgain(to, entities, again), servingMs)
      touched = entities.watched()
    }
    for (const one of touched) writeTouched(to, entities, one)
    to.whole(records.rest)
    saveRest(rest(), to)
    const lines = beside.lines()[Symbol.iterator]()
    await put()
    for (let isMore = true; isMore; await put()) isMore = await inTurns(writeLines(to, lines), servingMs)
    to.whole(records.end)
    await put()
    await file.write(hash.digest())
    await file.sync()
  } finally {
    entities.watched()
    await file.close()
  }
  if (await beside.isWanted()) {
    await rename(part, path)
    await syncPath(dirname(path))
  } else await rm(part, { force: true })
}

type Touched = Pick<Entity, 'entity' | 'key'>

function writeTouched(to: ByteWriter, entities: Entities, { entity, key }: Touched): void {
  const now = entities.get(entity, key)
  to.whole(now === undefined ? records.gone : records.entity)
  if (now === undefined) saveKey({ entity, key }, to)
  else saveEntity(now, to)
}

/** @returns whether there are more */
function* writeAgain(to: ByteWriter, entities: Entities, touched: Iterator<Touched>): Generator<void, boolean> {
  while (to.length < pieceBytes) {
    const next = touched.next()
    if (next.done) return false
    writeTouched(to, entities, next.value)
    yield
  }
  return true
}

/** @returns whether there are more */
function* writeLines(to: ByteWriter, lines: Iterator<string>): Generator<void, boolean> {
  while (to.length < pieceBytes) {
    const next = lines.next()
    if (next.done) return false
    to.whole(records.beside)
    to.text(next.value)
    yield
  }
  return true
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

/** Bytes of a snapshot that are read, and digested, at once: others are answered between two of them. */
const readBytes = 4 * 2 ** 20

/** What stands before the digest at the end of a file; a piece is digested while the next one is read. */
async function readBody(path: string): Promise<Buffer | Refusal> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (file === undefined) return 'none'
  try {
    const { size } = await file.stat()
    const bytes = Buffer.allocUnsafe(size)
    const body = bytes.subarray(0, Math.max(0, size - digestBytes))
    const hash = createHash('sha256')
    const readFrom = (at: number) => file.read(bytes, at, Math.min(readBytes, size - at), at)
    let reading = readFrom(0)
    for (let at = 0; at < size; ) {
      const { bytesRead } = await reading
      if (bytesRead === 0) return 'damaged'
      const next = at + bytesRead
      if (next < size) reading = readFrom(next)
      hash.update(body.subarray(at, next))
      at = next
    }
    return hash.digest().equals(bytes.subarray(body.length)) ? body : 'damaged'
  } finally {
    await file.close()
  }
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
  beside: (line: string) => void = () => undefined,
): Promise<SnapshotRest | Refusal> {
  const body = await readBody(path)
  if (typeof body === 'string') return body
  const from = new ByteReader(body)
  if (from.text() !== format) return 'other-format'
  if (from.text() !== store) return 'other-store'
  if (from.text() !== plan) return 'other-plan'
  const read: { rest?: SnapshotRest } = {}
  await inTurns(readRecords(from, entities, read, beside), servingMs)
  return read.rest!
}

function* readRecords(
  from: ByteReader,
  entities: Entities,
  read: { rest?: SnapshotRest },
  beside: (line: string) => void,
): Generator<void, void> {
  for (let record = from.whole(); record !== records.end; record = from.whole()) {
    if (record === records.entity) entities.replace(loadEntity(from))
    else if (record === records.gone) {
      const { entity, key } = loadKey(from)
      entities.remove(entity, key)
    } else if (record === records.rest) read.rest = loadRest(from)
    else beside(from.text())
    yield
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
  return {
    ...{ position: from.number(), clock: from.number(), lostFrom: from.number() },
    keys: from.list(() => ({ kind: from.whole() === 0 ? 'event' : 'line', key: from.key() })),
    waiting: from.list(() => {
      const [until, key] = [from.number(), from.key()]
      return { until, fact: { ...(JSON.parse(from.text()) as Fact), key } }
    }),
    rebuilds: from.list(() => ({ kind: from.text() as Owner['kind'], id: from.text() })),
  }
}
