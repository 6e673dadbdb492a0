import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openChromium, withoutChromium } from '../../../../../../tooling/test-browser.ts'
import { readConfiguration } from '../../../base/index.ts'
import type { Serving } from '../../../cli/index.ts'
import { makeDemo } from '../../../demo/index.ts'
import { serveStore } from '../../../serve-store.ts'
import { openWarehouse, type Warehouse } from '../../../warehouse/index.ts'

const pictures = fileURLToPath(new URL('../../../../../../test-output/', import.meta.url))

describe.skipIf(withoutChromium).each(['demo', 'empty'])('the live part of the overview, %s shop', (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-live-page-'))
  const told: string[] = []
  const faults: string[] = []
  let warehouse: Warehouse
  let serving: Serving
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true })
    warehouse = await openWarehouse(folder)
    if (kind === 'demo') await makeDemo(warehouse, { scenario: 'fashion', customers: 300 })
    const configuration = readConfiguration({ environment: {}, commandLine: { port: '0' } })
    const report = join(folder, 'report.html')
    serving = await serveStore(warehouse, { configuration, report, tell: (text) => told.push(text) })
    browser = await openChromium()
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    await page.goto(serving.link)
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
    await warehouse?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const order = async (id: string, price: number): Promise<void> => {
    const products = [{ product_id: 'p1', price }]
    const event = {
      type: 'track',
      event: 'Order Completed',
      userId: 'ann',
      properties: { order_id: id, currency: 'EUR', products },
    }
    const answer = await fetch(`${serving.url}/v1/batch`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ writeKey: serving.writeKey, batch: [event] }),
    })
    expect(answer.status).toBe(200)
  }
  const shows = (id: string, text: string) => page.locator(`#now-${id}`, { hasText: text }).waitFor({ timeout: 20_000 })

  test('it is live, and says what there is', async () => {
    await shows('state', 'live')
    await shows('active', '0')
    await shows('revenue', kind === 'demo' ? '€0' : '–')
    await page.evaluate('window.isTheSame = true')
  })

  test('an order that is sent shows without a reload, in numbers and charts', async () => {
    await order('o1', 125)
    await shows('revenue', '€125')
    await shows('orders', '1')
    await order('o2', 75)
    await order('o2', 75)
    await shows('revenue', '€200')
    await shows('orders', '2')
    await shows('average', '€100')
    await shows('active', '1')
    const drawn = page.locator('#now-revenue-plot svg')
    expect(await drawn.getAttribute('aria-label')).toMatch(/^Revenue today: €200 by \d\d:\d\d/)
    expect(await page.locator('#now-mix-events').textContent()).toContain('Order Completed')
    expect(await page.evaluate('window.isTheSame')).toBe(true)
  })

  test('the course of the day is there as a table', async () => {
    await page.locator('#now .now-chart summary').first().click()
    expect(await page.locator('#now-revenue-table tbody tr').last().textContent()).toContain('€200')
  })

  test('while nobody looks it pauses, and then goes on', async () => {
    await page.evaluate(
      "Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.isAway }); window.isAway = true; document.dispatchEvent(new Event('visibilitychange'))",
    )
    await shows('state', 'paused while nobody looks')
    await order('o3', 50)
    await page.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))")
    await shows('revenue', '€250')
    await shows('state', 'live')
  })

  test('it looks as it should on a desktop, a phone and in the dark', async () => {
    for (const [device, width, height] of [
      ['desktop', 1440, 900],
      ['phone', 390, 844],
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.waitForTimeout(400)
        await page.screenshot({ path: join(pictures, `live-${kind}-${device}-${colorScheme}.png`), fullPage: true })
      }
      const isWide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
      expect([device, isWide]).toEqual([device, false])
    }
  })

  test('a server that ends is told, with the moment of the numbers', async () => {
    expect([faults, told.filter((text) => !text.includes('analytics only'))]).toEqual([[], []])
    await serving.stop()
    await shows('state', 'not live: as of')
  }, 60_000)
})
