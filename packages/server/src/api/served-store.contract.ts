import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { commandLine, createApiKey, firstWriteKey, openWriteKeys } from '../access/index.ts'
import { type ConsentDoor, followConsents, openConsentDoor } from '../consent/index.ts'
import {
  appendCalls,
  type EventLog,
  openEventLog,
  openTrackingPlan,
  openWebhooks,
  type Webhooks,
} from '../ingestion/index.ts'
import { LiveInsight } from '../insights/index.ts'
import { openHealth } from '../operation/index.ts'
import { openPrivacy } from '../privacy.ts'
import { LiveCopy, MovementJournal } from '../segments/index.ts'
import { openState, type State } from '../state/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { buildServer, type ServerOptions, type ServerParts } from './index.ts'

/** A server over a store of its own, for tests to inject requests into. */
export interface ServedStore {
  readonly folder: string
  readonly warehouse: Warehouse
  readonly state: State
  readonly log: EventLog
  readonly door: ConsentDoor
  readonly webhooks: Webhooks
  readonly insight: LiveInsight
  readonly live: LiveCopy
  readonly server: FastifyInstance
  readonly writeKey: string
  /** The headers of a program with a key of these scopes. */
  keyHeaders(...scopes: Scope[]): Promise<{ readonly authorization: string }>
  /** What it told of its own mistakes. */
  readonly failures: unknown[]
  close(): Promise<void>
}

/** A server that runs none. */
export const noSources: ServerParts['sources'] = {
  job: { kind: 'source', input: z.object({ name: z.string() }), mostAttempts: 1, run: async () => null },
  folders: [],
}

/** A copy that has taken nothing in. */
export const openTestLive = async (warehouse: Warehouse, state: State): Promise<LiveCopy> =>
  LiveCopy.open({ warehouse, state, settle: async () => undefined, journal: await openTestJournal(warehouse) })

/** Keeps movements; what goes wrong there shows in the tests of movements. */
export const openTestJournal = (warehouse: Warehouse): Promise<MovementJournal> =>
  MovementJournal.open(warehouse, { onFailure: () => undefined })

/** What happens now, which nobody is told to begin with; a test that breaks the warehouse keeps it from being read anew. */
export const openTestInsight = (warehouse: Warehouse, live: LiveCopy): Promise<LiveInsight> =>
  LiveInsight.open({ warehouse, live, onFailure: () => undefined })

export async function serveTestStore(options: Omit<ServerOptions, 'port'> = {}): Promise<ServedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-served-'))
  const warehouse = await openWarehouse(folder)
  const state = await openState(folder)
  const failures: unknown[] = []
  const live = await openTestLive(warehouse, state)
  const insight = await openTestInsight(warehouse, live)
  const log = await openEventLog(warehouse, {
    onWritten: (events) => {
      insight.written(events)
      live.written(events)
    },
  })
  insight.begin(log.position)
  const writeKey = await firstWriteKey(state)
  const webhooks = await openWebhooks(state)
  const door = await openConsentDoor(warehouse, state)
  const server = buildServer(
    {
      health: openHealth({ warehouse, state, log }, { mostBehind: 1000, diskFloorBytes: 0 }),
      ...{ warehouse, state, log, keys: await openWriteKeys(state), door },
      ...{ plan: await openTrackingPlan(state), webhooks },
      privacy: await openPrivacy(warehouse, state, { eraseWithinDays: 7 }),
      record: async (calls) => {
        await appendCalls(log, calls)
        await followConsents(warehouse, state, door).catchUp(log.position)
      },
      report: join(folder, 'report.html'),
      analyze: { kind: 'analyze', input: z.object(), mostAttempts: 1, run: async () => null },
      predict: {
        ...{ kind: 'predict', mostAttempts: 1, run: async () => null },
        input: z.strictObject({ name: z.string().optional(), scores: z.boolean().optional() }),
      },
      refit: {
        ...{ kind: 'refit', mostAttempts: 1, run: async () => null },
        input: z.strictObject({ name: z.string(), isAccepted: z.boolean() }),
      },
      retain: { kind: 'retention', input: z.object(), mostAttempts: 1, run: async () => null },
      sources: noSources,
      ...{ live: () => live, insight },
      declared: async () => undefined,
      onFailure: (error) => failures.push(error),
    },
    options,
  )
  const close = async (): Promise<void> => {
    await server.close()
    await insight.stop()
    await log.close()
    await live.journal.close()
    await state.close()
    await warehouse.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const keyHeaders = async (...scopes: Scope[]) => {
    const { secret } = await createApiKey(state, { name: 'test', scopes, expiresAt: null, actor: commandLine })
    return { authorization: `Bearer ${secret}` }
  }
  return { folder, warehouse, state, log, door, webhooks, insight, live, server, writeKey, keyHeaders, failures, close }
}
