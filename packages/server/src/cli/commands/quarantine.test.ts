import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ErasureList } from '../../consent/index.ts'
import { openEventLog, sortBatch } from '../../ingestion/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { readArguments } from '../read-arguments.ts'
import { describeReasons, quarantine } from './quarantine.ts'

test('calls of somebody who was erased do not come back by a replay', async () => {
  const store = mkdtempSync(join(tmpdir(), 'rapport-quarantine-command-'))
  onTestFinished(() => rmSync(store, { recursive: true, force: true }))
  const receivedAt = Date.UTC(2026, 0, 2)
  const warehouse = await openWarehouse(store)
  const log = await openEventLog(warehouse)
  const doors = { consent: { admits: () => true, prepare: () => undefined }, plan: { keepsOut: () => undefined } }
  const nameless = ['ann', 'bob'].map((userId) => ({ type: 'track', userId }))
  const { events, bad } = await sortBatch(nameless, { receivedAt, sentAt: null }, doors)
  await log.append(events, bad)
  await log.close()
  const erasure = { erasureId: 'e', at: receivedAt + 1, isSuppressed: false }
  new ErasureList(warehouse.folder).add(erasure, ['user:ann'])
  await warehouse.close()

  writeFileSync(join(store, 'name.json'), '[{"op": "set", "at": "/event", "value": "Mended"}]')
  const { document } = await quarantine.run({
    ...{ store, given: readArguments(quarantine, ['replay', '--mend', 'name.json']), work: {}, isInteractive: false },
    ...{ tell: () => undefined, ask: async () => false, path: (text) => join(store, text) },
  })
  expect(document).toMatchObject({ tried: 2, accepted: 1, refused: 1 })
})

test('a reason shows the values that were got, where they are, and how many there are', () => {
  const text = describeReasons([
    {
      batchId: 2,
      kind: 'orders',
      code: 'ingestion.currency',
      column: 'Cur',
      must: 'the currency must be a code of ISO 4217 like EUR',
      records: 1204,
      values: 5,
      examples: [
        { file: 'a.csv', row: 3, got: 'ZZZ', times: 1200 },
        { file: 'a.csv', row: 9, got: 'nothing', times: 1 },
      ],
    },
  ])
  expect(text).toContain('batch 2, 1,204 records of orders (ingestion.currency)\nCur: the currency must be a code')
  expect(text).toContain('a.csv:3  got ZZZ (and 1,199 more like it)\n')
  expect(text).toContain('a.csv:9  got nothing\n')
  expect(text).toContain('and 3 other values')
})

test('the place of a call is said once', () => {
  const reason = { batchId: 2, kind: 'events' as const, code: 'ingestion.schema', records: 1, values: 0, examples: [] }
  const text = describeReasons([{ ...reason, column: '/userId', must: '/userId must fit the schema' }])
  expect(text).toContain('(ingestion.schema)\n/userId must fit the schema')
})
