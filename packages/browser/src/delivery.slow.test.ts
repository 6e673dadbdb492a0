import { beforeEach, describe, expect, test } from 'vitest'
import { withoutChromium } from '../../../tooling/test-browser.ts'
import { visiting } from '../../../tooling/test-visit.ts'
import type { Analytics } from './analytics.ts'
import type { TrackingError } from './fault.ts'

declare const analytics: Analytics
declare const errors: TrackingError[]

describe.skipIf(withoutChromium)('delivery in Chromium', () => {
  const visit = visiting()
  const { site } = visit
  beforeEach(() => {
    site.inline = loading('delayMs: 20')
  })

  const loading = (options: string): string =>
    `var errors = []; analytics.load('${site.key}', { host: '${site.host}', onError: (error) => errors.push(error), ${options} })`

  const storedQueues = (): Promise<number> =>
    visit.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('rapport_queue.')).length)

  const ids = (): readonly string[] => site.events().map(({ messageId }) => messageId)

  test('events of a moment go together, as text, with the key inside, and leave nothing in the queue', async () => {
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => {
      for (let turn = 0; turn < 3; turn++) analytics.track('Seen', { turn })
    })
    await site.untilCount(3)
    expect(site.requests).toHaveLength(1)
    const [{ body, contentType }] = site.requests as [(typeof site.requests)[0]]
    expect(contentType).toBe('text/plain;charset=UTF-8')
    expect(body.writeKey).toBe(site.key)
    expect(Date.parse(body.sentAt) - Date.parse(body.batch[0]!.timestamp)).toBeGreaterThanOrEqual(0)
    expect(body.batch.map(({ properties }) => properties)).toEqual([{ turn: 0 }, { turn: 1 }, { turn: 2 }])
    await expect.poll(storedQueues).toBe(0)
  })

  test('what was tracked offline is stored, and delivered in order when the network is back', async () => {
    await visit.page.goto(site.page())
    await visit.context.setOffline(true)
    await visit.page.evaluate(() => analytics.track('First'))
    await visit.page.evaluate(() => analytics.track('Second'))
    await visit.page.evaluate(() => analytics.flush())
    expect(site.requests).toEqual([])
    expect(await storedQueues()).toBe(1)
    await visit.context.setOffline(false)
    await site.untilCount(2)
    expect(site.names()).toEqual(['First', 'Second'])
  })

  test('a closed page that never got through leaves its events to the next visit', async () => {
    await visit.page.goto(site.page())
    await visit.context.setOffline(true)
    await visit.page.evaluate(() => analytics.track('Left behind'))
    await visit.page.evaluate(() => analytics.flush())
    await visit.page.close()
    await visit.context.setOffline(false)
    visit.page = await visit.context.newPage()
    await visit.page.goto(site.page('/later'))
    const [event] = await site.untilCount(1)
    expect([event?.event, event?.context.page['path']]).toEqual(['Left behind', '/'])
    await expect.poll(storedQueues).toBe(0)
  })

  test('503 is tried again with the same ids, later each time', async () => {
    site.answers = [{ status: 503 }, { status: 500 }]
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => analytics.track('Seen'))
    await site.untilCount(1)
    const [first, second, third] = site.requests
    expect(site.requests.map(({ status }) => status)).toEqual([503, 500, 200])
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(490)
    expect(third!.at - second!.at).toBeGreaterThanOrEqual(990)
    expect(third!.body.batch).toEqual(first!.body.batch)
  })

  test('429 is obeyed: no request before Retry-After, whatever the page does', async () => {
    site.answers = [{ status: 429, headers: { 'retry-after': '3' } }]
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => analytics.track('First'))
    await site.until((_, requests) => requests.length === 1)
    await visit.page.evaluate(async () => {
      analytics.track('Second')
      await analytics.flush()
      dispatchEvent(new Event('online'))
    })
    await site.untilCount(2)
    expect(site.requests).toHaveLength(2)
    expect(site.requests[1]!.at - site.requests[0]!.at).toBeGreaterThanOrEqual(2990)
  })

  test.each([400, 401, 403, 413])('%i is final: the events are given up and reported', async (status) => {
    site.answers = [{ status }]
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => analytics.track('Refused'))
    await site.until((_, requests) => requests.length === 1)
    await expect.poll(() => visit.page.evaluate(() => errors.length)).toBe(1)
    const [error] = await visit.page.evaluate(() => errors)
    expect(error).toMatchObject({ code: 'browser.rejected', status, events: [{ event: 'Refused' }] })
    await visit.page.evaluate(() => analytics.track('Taken'))
    await site.untilCount(1)
    expect(site.names()).toEqual(['Taken'])
  })

  test('leaving sends what still waits, long before its time', async () => {
    site.inline = loading('delayMs: 60000')
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => analytics.track('Last words'))
    await visit.page.goto('about:blank')
    expect((await site.untilCount(1))[0]?.event).toBe('Last words')
  })

  test('leaving sends by beacon where a request cannot outlive its page', async () => {
    site.inline = `delete Request.prototype.keepalive; ${loading('delayMs: 60000')}`
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => analytics.track('Last words'))
    await visit.page.goto('about:blank')
    expect((await site.untilCount(1))[0]?.event).toBe('Last words')
    expect(site.requests[0]?.contentType).toBe('text/plain;charset=UTF-8')
  })

  test('leaving with more than a browser lets go sends a part, and the next visit the rest', async () => {
    site.inline = loading('delayMs: 60000')
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => {
      for (let turn = 0; turn < 40; turn++) analytics.track('Long', { turn, text: 'ü'.repeat(1000) })
    })
    await visit.page.goto(site.page('/next'))
    await visit.page.evaluate(() => analytics.flush())
    await site.until((events) => new Set(events.map(({ messageId }) => messageId)).size === 40)
    expect(site.requests[0]!.body.batch.length).toBeLessThan(20)
  })

  test('a tab that is put aside and taken up again sends each event once', async () => {
    site.inline = loading('delayMs: 300')
    site.answers = [{ status: 200, after: 500 }]
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => {
      analytics.track('Seen')
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
      Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
      analytics.track('Seen again')
    })
    await site.untilCount(2)
    await visit.page.evaluate(() => analytics.flush())
    expect([...site.names()].sort()).toEqual(['Seen', 'Seen again'])
    expect(new Set(ids()).size).toBe(2)
  })

  test('an event above the limit is reported and holds nothing up', async () => {
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => {
      analytics.track('Huge', { text: 'x'.repeat(33_000) })
      analytics.track('Small')
    })
    await site.untilCount(1)
    expect(site.names()).toEqual(['Small'])
    expect(await visit.page.evaluate(() => errors.map(({ code }) => code))).toEqual(['browser.too-large'])
  })

  test('many events go in requests of at most a hundred and half a megabyte', async () => {
    await visit.page.goto(site.page())
    await visit.page.evaluate(() => {
      for (let turn = 0; turn < 250; turn++) analytics.track('Seen', { turn, text: 'x'.repeat(6000) })
    })
    await site.untilCount(250)
    expect(new Set(ids()).size).toBe(250)
    for (const { body } of site.requests) {
      expect(body.batch.length).toBeLessThanOrEqual(100)
      expect(JSON.stringify(body).length).toBeLessThan(512_000)
    }
    expect(site.events().map(({ properties }) => properties?.['turn'])).toEqual(
      Array.from({ length: 250 }, (_, at) => at),
    )
  })
})
