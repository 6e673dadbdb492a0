import { eachInTurns, inTurns, servingMs } from '../../../base/index.ts'
import type { Fact } from '../../defined/fact.ts'
import type { Needs } from '../../point-in-time/needs.ts'
import { ByteReader } from '../bytes.ts'
import { ownerOf } from '../entities.ts'
import type { Entity } from '../entity.ts'
import { loadEntity } from '../entity-bytes.ts'
import type { FoldedFor, FoldedPart } from './fold-part.ts'
import type { HistoryPart, OwnerKind } from './history-part.ts'
import { foldHistory } from './history-threads.ts'
import { PartRows } from './part-rows.ts'
import type { FactKey, History } from './read-history.ts'

/** Where history is taken into. */
export interface TakenInto {
  /** Whether a customer was let go since history was read. */
  isGone(customerId: string): boolean
  entity(entity: Entity): void
  /** An owner who must be read again. */
  late(kind: OwnerKind, id: string): void
  /** A fact that is known only later. */
  later(fact: Fact): void
  key(key: FactKey): void
}

/** Takes in all of history, in turns with whatever else there is to do; closes it. */
export async function takeHistory(plan: FoldedFor, history: History, into: TakenInto): Promise<void> {
  try {
    await foldHistory(plan, history.parts, async (folded, { of }) => {
      await inTurns(entitiesOf(folded, into), servingMs)
      for (const id of folded.late) if (of !== 'customer' || !into.isGone(id)) into.late(of, id)
    })
    await inTurns(laterFacts(await history.later(), history.needs, into), servingMs)
    await eachInTurns(await history.latestKeys(), (key) => into.key(key))
  } finally {
    await history.close()
  }
}

function* entitiesOf({ bytes, entities }: FoldedPart, into: TakenInto): Generator<void, void> {
  const from = new ByteReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  for (let left = entities; left > 0; left -= 1) {
    const entity = loadEntity(from)
    const owner = ownerOf(entity)
    if (owner.kind !== 'customer' || !into.isGone(owner.id)) into.entity(entity)
    yield
  }
}

function* laterFacts(part: HistoryPart, needs: Needs, into: TakenInto): Generator<void, void> {
  if (part.rows === 0) return
  const rows = new PartRows(part, needs)
  while (rows.next()) {
    const { kind, key, at, receivedAt, customerId, name, call, fields } = rows.fact
    if (customerId === null || !into.isGone(customerId))
      into.later({ kind, key, at, receivedAt, customerId, name, call, fields: { ...fields } })
    yield
  }
}
