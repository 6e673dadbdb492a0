import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { firstWriteKey, openWriteKeys } from '../packages/server/src/access/index.ts'
import { analysisJob } from '../packages/server/src/analysis-job.ts'
import { type RunningServer, type ServerParts, startServer } from '../packages/server/src/api/index.ts'
import { noSources, openTestInsight, openTestLive } from '../packages/server/src/api/served-store.contract.ts'
import { openConsentDoor } from '../packages/server/src/consent/index.ts'
import { openEventLog, openTrackingPlan, openWebhooks } from '../packages/server/src/ingestion/index.ts'
import { openHealth } from '../packages/server/src/operation/index.ts'
import { predictionsJob } from '../packages/server/src/predictions-job.ts'
import { openPrivacy, retentionJob } from '../packages/server/src/privacy.ts'
import { refitJob } from '../packages/server/src/refit-job.ts'
import { openState } from '../packages/server/src/state/index.ts'
import { openWarehouse } from '../packages/server/src/warehouse/index.ts'
import { withoutChromium } from './test-browser.ts'
import { visiting } from './test-visit.ts'

// The SDK in a real browser against the real server: what its own tests take on trust, which is the server's side.

describe.skipIf(withoutChromium)('the SDK and the server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-sdk-'))
  const failures: unknown[] = []
  const visit = visiting()
  const { site } = visit
  let parts: ServerParts
  let server: RunningServer
  let key: string

  beforeAll(async () => {
    const warehouse = await openWarehouse(folder)
    const state = await openState(folder)
    const log = await openEventLog(warehouse)
    key = await firstWriteKey(state)
    const live = await openTestLive(warehouse, state)
    const privacy = await openPrivacy(warehouse, state, { eraseWithinDays: 7 })
    parts = {
      ...{ warehouse, state, log, keys: await openWriteKeys(state) },
      webhooks: await openWebhooks(state),
      sources: noSources,
      ...{ live: () => live, insight: await openTestInsight(warehouse, live) },
      declared: async () => undefined,
      door: await openConsentDoor(warehouse, state),
      health: openHealth({ warehouse, state, log }, { mostBehind: 1000, diskFloorBytes: 0 }),
      plan: await openTrackingPlan(state),
      ...{ privacy, retain: retentionJob(privacy) },
      record: () => Promise.resolve(),
      report: join(folder, 'report.html'),
      analyze: analysisJob(warehouse, join(folder, 'report.html')),
      predict: predictionsJob(warehouse),
      refit: refitJob(warehouse, state, join(folder, 'report.html')),

      onFailure: (error) => failures.push(error),
    }
    server = await startServer(parts, { port: 0 })
  })
  afterAll(async () => {
    await server?.stop(1000)
    await parts?.log.close()
    await parts?.state.close()
    await parts?.warehouse.close()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(() => parts.warehouse.run('delete from events; delete from quarantine'))

  const open = async (writeKey: string, path = '/'): Promise<void> => {
    site.inline = `var errors = []; analytics.load('${writeKey}', {
      host: '${server.url}', delayMs: 20, pages: 'first', onError: (error) => errors.push(error) })`
    await visit.page.goto(site.page(path))
  }
  const say = (script: string): Promise<unknown> => visit.page.evaluate(script)
  const stored = (): Promise<Record<string, unknown>[]> =>
    parts.warehouse.rows('select call, name, customer_id, anonymous_id from events order by position')
  const names = async (): Promise<readonly unknown[]> => (await stored()).map(({ name }) => name)

  test('what a page says is in the log', async () => {
    await open(key, '/shoes?utm_source=news')
    await say(`analytics.identify('ann', { plan: 'gold' });
      analytics.orderCompleted({ order_id: 'o1', currency: 'EUR', total: 12.5, products: [{ product_id: 'p1', price: 12.5 }] });
      analytics.group('acme');
      analytics.alias('ann@example.org');
      analytics.consent({ analytics: true, 'marketing.email': false })`)
    await expect.poll(async () => (await stored()).length).toBeGreaterThanOrEqual(6)
    const rows = await stored()
    expect(rows.map(({ call }) => call)).toEqual(
      expect.arrayContaining(['page', 'identify', 'track', 'group', 'alias']),
    )
    expect(await names()).toContain('Order Completed')
    expect(new Set(rows.map(({ anonymous_id }) => anonymous_id)).size).toBe(1)
    expect(await parts.warehouse.rows('select * from quarantine')).toEqual([])
    expect(await say('errors')).toEqual([])
  })

  test('what is said on leaving is there once, though the next page says it again', async () => {
    await open(key)
    for (let turn = 0; turn < 5; turn++) {
      await say(`analytics.track('Clicked ${turn}')`)
      await visit.page.goto(site.page(`/${turn}`))
    }
    await say('analytics.flush()')
    await expect.poll(async () => (await names()).filter((name) => String(name).startsWith('Clicked'))).toHaveLength(5)
    await say('analytics.flush()')
    const all = (await names()).filter((name) => String(name).startsWith('Clicked'))
    expect([...all].sort()).toEqual([0, 1, 2, 3, 4].map((turn) => `Clicked ${turn}`))
  })

  test('an outage loses nothing', async () => {
    await open(key)
    await say('analytics.flush()')
    const port = Number(new URL(server.url).port)
    await server.stop(0)
    await say(`analytics.track('In the dark'); analytics.flush()`)
    await visit.page.reload()
    server = await startServer(parts, { port })
    await say(`analytics.track('In the light'); analytics.flush()`)
    await expect.poll(names, { timeout: 15_000 }).toEqual(expect.arrayContaining(['In the dark', 'In the light']))
  })

  test('a wrong write key is told to the page', async () => {
    await open('wrong')
    await expect
      .poll(() => say('errors.map(({ code, status }) => [code, status])'))
      .toEqual([['browser.rejected', 401]])
  })

  test('the server never failed', () => expect(failures).toEqual([]))
})
