import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfiguration } from '../packages/server/src/base/index.ts'
import type { Serving } from '../packages/server/src/cli/index.ts'
import { asNewStore } from '../packages/server/src/consent/new-store.contract.ts'
import { serveStore } from '../packages/server/src/serve-store.ts'
import { openWarehouse, type Warehouse } from '../packages/server/src/warehouse/index.ts'
import { withoutChromium } from './test-browser.ts'
import { visiting } from './test-visit.ts'

// Segment's own library for browsers, as a shop bundles it, in a real browser against the real server.

describe.skipIf(withoutChromium)('@segment/analytics-next', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-analytics-next-'))
  const told: string[] = []
  const visit = visiting()
  const { site } = visit
  let library: string
  let warehouse: Warehouse
  let serving: Serving

  const serve = async (port: string): Promise<void> => {
    const configuration = readConfiguration({ environment: {}, commandLine: { port } })
    const report = join(folder, 'report.html')
    serving = await serveStore(warehouse, { configuration, report, tell: (text) => told.push(text) })
  }

  beforeAll(async () => {
    const bundled = await build({
      entryPoints: [join(import.meta.dirname, 'analytics-next.ts')],
      ...{ bundle: true, format: 'iife', globalName: 'segment', write: false, logLevel: 'warning' },
      define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    })
    library = bundled.outputFiles[0]!.text
    warehouse = await openWarehouse(folder)
    await asNewStore(folder)
    await serve('0')
  })
  afterAll(async () => {
    await serving?.stop()
    await warehouse?.close()
    rmSync(folder, { recursive: true, force: true })
    expect(told).toEqual([])
  })
  beforeEach(async () => {
    await warehouse.run('delete from events; delete from quarantine')
    site.html = '<!doctype html><meta charset="utf-8"><title>Shoes</title><body>shop</body>'
    await visit.page.goto(site.page('/shoes?utm_source=news&utm_medium=email'))
    await visit.page.addScriptTag({ content: library })
  })

  const say = (script: string): Promise<unknown> => visit.page.evaluate(script)
  const load = (settings: object, options: object = {}): Promise<unknown> =>
    say(`window.analytics = segment.AnalyticsBrowser.load(
      ${JSON.stringify({ writeKey: serving.writeKey, ...settings })}, ${JSON.stringify(options)}); undefined`)
  const everyCall = `(async () => {
    await analytics.page('Shoes');
    await analytics.track('Product Viewed', { product_id: 'p1', price: 12.5, currency: 'EUR' });
    await analytics.alias('ann');
    await analytics.identify('ann', { email: 'ann@shop.example', firstName: 'Ann' });
    await analytics.group('club', { name: 'Club' });
  })()`
  const stored = (): Promise<Record<string, unknown>[]> =>
    warehouse.rows(`select call, name, customer_id, other_id, source, product_id, price_micros,
      context->>'$.library.name' as library, context->>'$.page.path' as path from events order by position`)

  const expectEveryCall = async (): Promise<void> => {
    await expect.poll(async () => (await stored()).length, { timeout: 20_000 }).toBe(5)
    const rows = await stored()
    const common = { library: 'analytics.js', path: '/shoes', source: 'email' }
    expect(rows.sort((a, b) => String(a['call']).localeCompare(String(b['call'])))).toMatchObject([
      { ...common, call: 'alias', customer_id: 'ann', other_id: expect.stringMatching(/^[\da-f-]{36}$/) },
      { ...common, call: 'group', customer_id: 'ann', other_id: 'club' },
      { ...common, call: 'identify', customer_id: 'ann' },
      { ...common, call: 'page', name: 'Shoes', customer_id: null },
      { ...common, call: 'track', name: 'Product Viewed', product_id: 'p1', price_micros: 12_500_000 },
    ])
    expect(await warehouse.rows('select * from quarantine')).toEqual([])
  }

  test('told this server as its CDN it needs nothing else', async () => {
    await load({ cdnURL: serving.url })
    await say(everyCall)
    await expectEveryCall()
  })

  test('told its settings and the host in the page, and sending in batches', async () => {
    const { host } = new URL(serving.url)
    const to = { apiHost: `${host}/v1`, protocol: 'http' }
    const batching = { deliveryStrategy: { strategy: 'batching', config: { size: 3, timeout: 100 } } }
    await load(
      { cdnSettings: { integrations: { 'Segment.io': { apiKey: serving.writeKey } } } },
      { integrations: { 'Segment.io': { ...to, ...batching } } },
    )
    await say(everyCall)
    await expectEveryCall()
  })

  test('what could not be sent is sent again, with the header that says how often, and is there once', async () => {
    await load({ cdnURL: serving.url })
    await say(`analytics.track('In the light')`)
    const { port } = new URL(serving.url)
    await serving.stop()
    const retried: (string | undefined)[] = []
    visit.page.on('request', (request) => {
      if (request.method() === 'POST') retried.push(request.headers()['x-retry-count'])
    })
    await say(`analytics.track('In the dark'); undefined`)
    await expect.poll(() => retried.length, { timeout: 10_000 }).toBeGreaterThan(0)
    await serve(port)
    const names = async () => (await stored()).map(({ name }) => name)
    await expect.poll(names, { timeout: 30_000 }).toEqual(['In the light', 'In the dark'])
    expect(retried.some((times) => Number(times) > 0)).toBe(true)
  }, 60_000)
})
