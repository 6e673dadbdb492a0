import { beforeEach, describe, expect, test } from 'vitest'
import { withoutChromium } from '../../../tooling/test-browser.ts'
import { visiting } from '../../../tooling/test-visit.ts'
import { commerceOrder } from '../../protocol/src/index.ts'
import type { Analytics } from './analytics.ts'
import type { TrackingError } from './fault.ts'

declare const analytics: Analytics
declare const errors: TrackingError[]

describe.skipIf(withoutChromium)('calls in Chromium', () => {
  const visit = visiting({ locale: 'de-DE', timezoneId: 'Europe/Berlin', userAgent: 'Test/1' })
  const { site } = visit
  beforeEach(() => {
    site.inline = loading('')
  })

  const loading = (options: string): string => `var errors = []
    analytics.load('${site.key}', { host: '${site.host}/', delayMs: 20, onError: (error) => errors.push(error), ${options} })`

  test('every call, with who and where and when', async () => {
    const from = site.page('/from')
    const path = '/shop?utm_source=news&utm_campaign=spring&utm_id=7&fbclid=f1&msclkid=m1'
    await visit.page.goto(site.page(path), { referer: from })
    await visit.page.evaluate(() => {
      analytics.track('Seen', { a: 1 })
      analytics.identify('u1', { name: 'Ada' })
      analytics.page('Shop', 'Shoes', { color: 'red' })
      analytics.group(12, { name: 'Household' })
      analytics.alias('u2')
      analytics.alias('u3', 'old')
    })
    const events = await site.untilCount(6)
    const { anonymousId } = events[0]!
    const where = { url: site.page(path), path: '/shop', search: path.slice(5), title: 'Shop', referrer: from }
    expect(events).toMatchObject([
      { type: 'track', event: 'Seen', properties: { a: 1 }, anonymousId },
      { type: 'identify', userId: 'u1', traits: { name: 'Ada' }, anonymousId },
      { type: 'page', userId: 'u1', category: 'Shop', name: 'Shoes', properties: { ...where, color: 'red' } },
      { type: 'group', userId: 'u1', groupId: '12', traits: { name: 'Household' } },
      { type: 'alias', userId: 'u2', previousId: anonymousId },
      { type: 'alias', userId: 'u3', previousId: 'old' },
    ])
    expect(events[0]).not.toHaveProperty('userId')
    for (const event of events) {
      expect(event.anonymousId).toBe(anonymousId)
      expect(event.messageId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(Math.abs(Date.parse(event.timestamp) - Date.now())).toBeLessThan(20_000)
      expect(event.context).toMatchObject({
        library: { name: '@rapport/browser' },
        page: where,
        campaign: { source: 'news', name: 'spring', id: '7' },
        clickIds: { fbclid: 'f1', msclkid: 'm1' },
        locale: 'de-DE',
        timezone: 'Europe/Berlin',
        userAgent: 'Test/1',
        sessionId: events[0]!.context.sessionId,
      })
    }
    expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(6)
  })

  test('options of a call count', async () => {
    await visit.page.goto(site.page())
    await visit.page.evaluate(() =>
      analytics.track(
        'Seen',
        {},
        {
          messageId: 'm1',
          timestamp: new Date(0),
          context: { app: { name: 'kiosk' } },
          integrations: { All: false },
        },
      ),
    )
    expect((await site.untilCount(1))[0]).toMatchObject({
      messageId: 'm1',
      timestamp: '1970-01-01T00:00:00.000Z',
      context: { app: { name: 'kiosk' }, locale: 'de-DE' },
      integrations: { All: false },
    })
  })

  test('e-commerce calls are tracks with Segment’s names', async () => {
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => {
      const shoe = { product_id: 'p1', name: 'Shoe', price: 49.9, quantity: 1, currency: 'EUR' }
      analytics.productViewed(shoe)
      analytics.productAdded(shoe, { messageId: 'added-1' })
      analytics.orderCompleted({ order_id: 'o1', currency: 'EUR', total: 54.8, shipping: 4.9, products: [shoe] })
    })
    const events = await site.untilCount(3)
    expect(site.names()).toEqual(['Product Viewed', 'Product Added', 'Order Completed'])
    expect(events[1]?.messageId).toBe('added-1')
    expect(commerceOrder.parse(events[2]?.properties)).toMatchObject({ order_id: 'o1', total: 54.8 })
  })

  test('a call that cannot be meant is reported and breaks nothing', async () => {
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => {
      const circle: Record<string, unknown> = {}
      circle['self'] = circle
      analytics.track('')
      analytics.track('Circular', circle)
      analytics.track('When', {}, { timestamp: 'never' })
      analytics.group('')
      analytics.track('Good')
    })
    await site.untilCount(1)
    expect(site.names()).toEqual(['Good'])
    expect(await visit.page.evaluate(() => errors.map(({ code }) => code))).toEqual(Array(4).fill('browser.invalid'))
  })

  test('calls before load wait for it; a second load changes nothing', async () => {
    site.inline = `analytics.track('Early'); ${loading('')}; analytics.load('other', { host: 'https://other.example' })`
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => analytics.track('Later'))
    await site.untilCount(2)
    expect(site.names()).toEqual(['Early', 'Later'])
    expect(site.requests.every(({ body }) => body.writeKey === site.key)).toBe(true)
  })

  test('a page that never loads keeps the last thousand calls, and is told', async () => {
    site.inline = `for (let turn = 0; turn < 1001; turn++) analytics.track(String(turn))`
    const warnings: string[] = []
    visit.page.on('console', (message) => warnings.push(message.text()))
    await visit.page.goto(site.page())
    expect(warnings).toEqual(['analytics.load must be called: 1000 calls wait for it, and the oldest was given up'])
    await visit.page.evaluate(loading(''))
    await site.untilCount(1000)
    expect([site.names()[0], site.names().at(-1)]).toEqual(['1', '1000'])
  })

  test('an event can be changed or left out before it is queued', async () => {
    site.inline = loading(`beforeQueue: (event) => event.event === 'Secret' ? undefined : { ...event, checked: true }`)
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => {
      analytics.track('Secret')
      analytics.track('Open')
    })
    const [event] = await site.untilCount(1)
    expect([event?.event, event?.['checked']]).toEqual(['Open', true])
  })

  test('a second user on the same browser is another anonymous visitor', async () => {
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => {
      analytics.identify('u1')
      analytics.identify('u1', { plan: 'gold' })
      analytics.identify('u2')
    })
    const [first, again, second] = await site.untilCount(3)
    expect(again?.anonymousId).toBe(first?.anonymousId)
    expect(second?.anonymousId).not.toBe(first?.anonymousId)
  })
})
