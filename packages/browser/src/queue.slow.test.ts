import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { withoutChromium } from '../../../tooling/test-browser.ts'
import { visiting } from '../../../tooling/test-visit.ts'
import type { Analytics } from './analytics.ts'
import type { TrackingError } from './fault.ts'

declare const analytics: Analytics
declare const errors: TrackingError[]

describe.skipIf(withoutChromium)('the queue in Chromium', () => {
  const visit = visiting()
  const { site } = visit
  beforeEach(() => {
    site.inline = `var errors = []
      analytics.load('${site.key}', { host: '${site.host}', delayMs: 20, onError: (error) => errors.push(error) })`
  })

  const newTab = async (): Promise<Page> => {
    const page = await visit.context.newPage()
    await page.goto(site.page())
    return page
  }
  const track = (page: Page, name: string): Promise<void> => page.evaluate((event) => analytics.track(event), name)
  const flush = (page: Page): Promise<void> => page.evaluate(() => analytics.flush())
  const queues = (page: Page): Promise<readonly string[]> =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('rapport_queue.')))

  test('two tabs that collect offline deliver everything once', async () => {
    const tabs = [await newTab(), await newTab()]
    await visit.context.setOffline(true)
    for (let turn = 0; turn < 10; turn++) {
      await Promise.all(tabs.map((tab, at) => track(tab, `${at}:${turn}`)))
    }
    await Promise.all(tabs.map(flush))
    expect(await queues(tabs[0]!)).toHaveLength(2)
    await visit.context.setOffline(false)
    await site.untilCount(20)
    await Promise.all(tabs.map(flush))
    expect(site.events()).toHaveLength(20)
    expect(new Set(site.names()).size).toBe(20)
    expect(await queues(tabs[0]!)).toEqual([])
  })

  test('a tab that stays delivers what a closed one left, once, however many stay', async () => {
    const staying = [await newTab(), await newTab(), await newTab()]
    const closing = await newTab()
    site.answers = Array.from({ length: 20 }, () => ({ status: 503 }))
    for (let turn = 0; turn < 5; turn++) await track(closing, `${turn}`)
    await flush(closing)
    await closing.close()
    site.answers = []
    await Promise.all(staying.map(flush))
    await site.untilCount(5)
    await Promise.all(staying.map(flush))
    expect(site.names()).toEqual(['0', '1', '2', '3', '4'])
  })

  test('a crashed tab loses nothing', async () => {
    const crashing = await newTab()
    site.answers = [{ status: 503, headers: { 'retry-after': '60' } }]
    await track(crashing, 'Before the crash')
    await flush(crashing)
    const crashed = crashing.waitForEvent('crash')
    crashing.goto('chrome://crash').catch(() => {})
    await crashed
    await flush(await newTab())
    await site.untilCount(1)
    expect(site.names()).toEqual(['Before the crash'])
  })

  test('events for another write key stay with it', async () => {
    const page = await newTab()
    await visit.context.setOffline(true)
    await track(page, 'For the first')
    await flush(page)
    await page.close()
    await visit.context.setOffline(false)
    const inline = site.inline
    site.inline = inline.replace(site.key, 'another-key')
    const other = await newTab()
    await flush(other)
    // A page that closes may still have sent its own; nobody else may have.
    expect(site.requests.filter(({ body }) => body.writeKey !== site.key)).toEqual([])
    await other.close()
    site.inline = inline
    await newTab()
    await site.untilCount(1)
    expect(site.requests.map(({ body }) => body.writeKey)).toEqual([site.key])
  })

  test('without locks nothing is lost either', async () => {
    await visit.context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }))
    const closing = await newTab()
    const staying = await newTab()
    await visit.context.setOffline(true)
    await track(closing, 'Left')
    await track(staying, 'Kept')
    await Promise.all([closing, staying].map(flush))
    // Navigating away leaves at once what is not delivered; a living tab's queue is let alone.
    await closing.goto('about:blank')
    await visit.context.setOffline(false)
    await flush(staying)
    // The browser may let the closing page's last request through after all: then it comes twice, under one id.
    const once = (): ReadonlyMap<unknown, unknown> =>
      new Map(site.events().map(({ messageId, event }) => [messageId, event]))
    await expect.poll(() => [...once().values()].sort(), { timeout: 10_000 }).toEqual(['Kept', 'Left'])
  })

  test('without locks a queue counts as left when nobody wrote to it for minutes', async () => {
    await visit.context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }))
    const page = await newTab()
    await page.evaluate((key) => {
      const leave = (name: string, ageMs: number): void => {
        const event = { type: 'track', event: name, messageId: name, anonymousId: 'a', context: {} }
        const queue = { v: 1, at: Date.now() - ageMs, events: [event] }
        localStorage.setItem(`rapport_queue.${key}.${name}`, JSON.stringify(queue))
      }
      leave('Of a living tab', 100_000)
      leave('Of a closed tab', 200_000)
    }, site.key)
    await flush(page)
    await flush(page)
    expect(site.names()).toEqual(['Of a closed tab'])
  })

  test('a page that comes back from the browser’s cache goes on, and sends nothing twice', async () => {
    const page = await newTab()
    site.answers = [{ status: 503, headers: { 'retry-after': '1' } }]
    await track(page, 'Before')
    await flush(page)
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
    const other = await newTab()
    await site.untilCount(1)
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    await track(page, 'After')
    await site.untilCount(2)
    await Promise.all([page, other].map(flush))
    expect(site.names()).toEqual(['Before', 'After'])
    expect(await queues(page)).toEqual([])
  })

  test('where nothing can be stored events go from memory, and it is said', async () => {
    await visit.context.addInitScript(() =>
      Object.defineProperty(window, 'localStorage', {
        get: () => {
          throw new DOMException('denied', 'SecurityError')
        },
      }),
    )
    const page = await newTab()
    await track(page, 'Seen')
    await site.untilCount(1)
    expect(await page.evaluate(() => errors.map(({ code }) => code))).toEqual(['browser.storage'])
  })

  test('a full store keeps the page and its events going', async () => {
    const page = await newTab()
    await page.evaluate(() => {
      let size = 1 << 20
      let at = 0
      while (size > 0) {
        try {
          localStorage.setItem(`full${at++}`, 'x'.repeat(size))
        } catch {
          size = size >> 1
        }
      }
    })
    await track(page, 'Seen')
    await site.untilCount(1)
    expect(await page.evaluate(() => errors.map(({ code }) => code))).toEqual(['browser.storage'])
  })

  test('what is broken in the store is passed over', async () => {
    const page = await newTab()
    await page.evaluate((key) => {
      localStorage.setItem(`rapport_queue.${key}.a`, '{"v":1,"at":0,"events":[{"eve')
      localStorage.setItem(`rapport_queue.${key}.b`, '{"v":2,"at":0,"events":[{}]}')
      localStorage.setItem(`rapport_queue.${key}.c`, 'null')
    }, site.key)
    await track(page, 'Seen')
    await site.untilCount(1)
    expect(site.names()).toEqual(['Seen'])
    await expect.poll(() => queues(page)).toEqual([])
  })

  test('a thousand events may wait; the oldest beyond are given up and reported', async () => {
    const page = await newTab()
    await visit.context.setOffline(true)
    await page.evaluate(() => {
      for (let turn = 0; turn < 1002; turn++) analytics.track(`${turn}`)
    })
    const given = await page.evaluate(() => errors.flatMap(({ code, events }) => [code, ...events]))
    expect(given).toMatchObject(['browser.overflow', { event: '0' }, 'browser.overflow', { event: '1' }])
    await visit.context.setOffline(false)
    await site.untilCount(1000)
    expect(site.names()[0]).toBe('2')
  })
})
