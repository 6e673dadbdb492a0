import { open } from 'node:fs/promises'
import type { SourceTarget } from '@rapport/protocol'
import { type Instant, now, RapportError, stopIfAborted, type Work } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { importPage } from '../import-files.ts'
import { type BadCall, badCall } from '../live/check-call.ts'
import type { EventLog } from '../live/event-log.ts'
import { sortBatch } from '../live/sort-batch.ts'
import type { Doors } from '../live/sort-call.ts'
import { moveCursor } from './cursor.ts'
import type { CallMappings, SourcePage, ToCalls } from './source.ts'

/** What became of the records of pages. */
export interface Taken {
  readonly read: number
  readonly accepted: number
  readonly duplicates: number
  readonly quarantined: number
  /** Of no interest, or of somebody who has refused. */
  readonly ignored: number
  /** Fields of the mapping that no record had. */
  readonly unseen: readonly string[]
}

export const nothingTaken: Taken = { read: 0, accepted: 0, duplicates: 0, quarantined: 0, ignored: 0, unseen: [] }

/** Where records go. */
export interface Destination {
  readonly warehouse: Warehouse
  readonly log: EventLog
  readonly doors: Doors
  readonly mappings: CallMappings
}

/**
 * Takes a page of a source and moves the source's cursor. Records of files are written in one transaction with it; calls
 * are on disk before it moves, and their messageIds are taken once, so that a page that comes again adds nothing.
 */
export async function takePage(
  { warehouse, log, doors, mappings }: Destination,
  source: string,
  into: SourceTarget,
  page: SourcePage,
  work: Work,
): Promise<Taken> {
  const move = (): Promise<void> => moveCursor(warehouse, source, page.cursor)
  if (page.file === undefined) {
    await move()
    return nothingTaken
  }
  if (into.kind === 'calls') {
    const mapping = mappings[into.mapping]
    if (!mapping)
      throw new RapportError('sources.mapping', `there must be a mapping named ${into.mapping}, there is none`)
    const taken = await takeCalls(log, doors, mapping, page.file, work)
    await move()
    return taken
  }
  const { kind, map, currency, timezone, basis } = into
  const request = {
    ...{ kind, map },
    ...(currency === undefined ? {} : { currency }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(basis === undefined ? {} : { basis }),
  }
  const named = { path: page.file, name: `${source}: ${page.name}`, alongside: move }
  const { read, accepted, duplicates, quarantined, unseen } = await importPage(warehouse, request, named, work)
  return { read, accepted, duplicates, quarantined, ignored: 0, unseen }
}

/** Few enough that reading them holds the thread for some milliseconds. */
const recordsAtOnce = 50

async function takeCalls(log: EventLog, doors: Doors, toCalls: ToCalls, path: string, work: Work): Promise<Taken> {
  let taken = nothingTaken
  for await (const lines of linesOf(path)) {
    stopIfAborted(work)
    const arrival = { receivedAt: now(), sentAt: null }
    const { calls, unmapped, ignored } = callsOf(lines, toCalls, arrival.receivedAt)
    const { events, bad, refused } = await sortBatch(calls, arrival, doors)
    const { accepted, duplicates } = await log.append(events, [...unmapped, ...bad])
    taken = {
      ...{ read: taken.read + lines.length, accepted: taken.accepted + accepted, unseen: [] },
      duplicates: taken.duplicates + duplicates,
      quarantined: taken.quarantined + unmapped.length + bad.length,
      ignored: taken.ignored + ignored + refused,
    }
  }
  return taken
}

async function* linesOf(path: string): AsyncGenerator<string[]> {
  const file = await open(path)
  try {
    let lines: string[] = []
    for await (const line of file.readLines()) {
      lines.push(line)
      if (lines.length < recordsAtOnce) continue
      yield lines
      lines = []
    }
    if (lines.length > 0) yield lines
  } finally {
    await file.close()
  }
}

interface ReadCalls {
  readonly calls: readonly unknown[]
  /** Records that the mapping refuses, and calls that would be taken again with each page that comes again. */
  readonly unmapped: readonly BadCall[]
  readonly ignored: number
}

function callsOf(lines: readonly string[], toCalls: ToCalls, receivedAt: Instant): ReadCalls {
  const calls: unknown[] = []
  const unmapped: BadCall[] = []
  let ignored = 0
  lines.forEach((line, index) => {
    const record: unknown = JSON.parse(line)
    const reject = (raw: unknown, code: string, reason: string, pointer: string): void => {
      // The next run brings the same record again.
      unmapped.push(badCall({ code, reason, pointer, index, raw, receivedAt, sentAt: null }, true))
    }
    try {
      const mapped = toCalls(record)
      if ('ignored' in mapped) ignored += 1
      else {
        for (const call of mapped.calls) {
          if ((call as { messageId?: unknown } | null)?.messageId !== undefined) calls.push(call)
          else reject(call, 'sources.message-id', 'a call of a source must have a messageId, got none', '/messageId')
        }
      }
    } catch (error) {
      if (!(error instanceof RapportError)) throw error
      reject(record, error.code, error.message, '')
    }
  })
  return { calls, unmapped, ignored }
}
