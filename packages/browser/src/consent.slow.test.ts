import { afterEach, describe, expect, test } from 'vitest'
import { withoutChromium } from '../../../tooling/test-browser.ts'
import { visiting } from '../../../tooling/test-visit.ts'
import { consentPreferences } from '../../protocol/src/index.ts'
import type { Analytics } from './analytics.ts'
import { consentEvent } from './consent.ts'
import type { TrackingError } from './fault.ts'

declare const analytics: Analytics
declare const errors: TrackingError[]

describe.skipIf(withoutChromium)('consent in Chromium', () => {
  const visit = visiting()
  const { site } = visit
  afterEach(() => {
    for (const { context: of } of site.events()) {
      if (of.consent) expect(consentPreferences.safeParse(of.consent.categoryPreferences).success).toBe(true)
    }
  })

  async function load(options: string, path = '/'): Promise<void> {
    site.inline = `var errors = []
      analytics.load('${site.key}', { host: '${site.host}', delayMs: 20, onError: (error) => errors.push(error), ${options} })`
    await visit.page.goto(site.page(path))
  }

  const stored = async (): Promise<readonly string[]> => [
    ...(await visit.context.cookies()).map(({ name }) => name),
    ...(await visit.page.evaluate(() => Object.keys(localStorage).map((key) => key.replace(/\..*/, '')))),
  ]

  test('before consent nothing is stored or sent; what was held goes out with it, under one id', async () => {
    await load("requireConsent: true, pages: 'first'")
    await visit.page.evaluate(() => {
      analytics.track('Product Viewed')
      return analytics.flush()
    })
    expect(await stored()).toEqual([])
    expect(site.requests).toEqual([])
    await visit.page.evaluate(() =>
      analytics.consent({ analytics: true, 'marketing.email': false }, { text_version: '3' }),
    )
    const events = await site.untilCount(3)
    expect(site.names()).toEqual([consentEvent, 'page', 'Product Viewed'])
    expect(events[0]?.properties).toEqual({ text_version: '3' })
    expect(new Set(events.map(({ anonymousId }) => anonymousId)).size).toBe(1)
    expect(new Set(events.map(({ context: { sessionId } }) => sessionId)).size).toBe(1)
    for (const { context: of } of events) {
      expect(of.consent).toEqual({ categoryPreferences: { analytics: true, 'marketing.email': false } })
    }
    expect(Date.parse(events[2]!.timestamp)).toBeLessThanOrEqual(Date.parse(events[0]!.timestamp))
    expect([...(await stored())].sort()).toEqual(['rapport_anonymous_id', 'rapport_consent', 'rapport_session'])
  })

  test('before consent events are left out, if the page wants it so', async () => {
    await load("requireConsent: true, beforeConsent: 'drop'")
    await visit.page.evaluate(() => {
      analytics.track('Before')
      analytics.consent({ analytics: true })
      analytics.track('After')
    })
    await site.untilCount(2)
    expect(site.names()).toEqual([consentEvent, 'After'])
  })

  test('a denial is sent and remembered, and nothing else is, on later pages too', async () => {
    await load('requireConsent: true')
    await visit.page.evaluate(() => {
      analytics.track('Before')
      analytics.consent({ analytics: false })
      analytics.track('After')
    })
    await site.untilCount(1)
    await visit.page.evaluate(() => analytics.flush())
    await load("requireConsent: true, pages: 'first'", '/later')
    await visit.page.evaluate(() => analytics.flush())
    expect(site.names()).toEqual([consentEvent])
    expect(await stored()).toEqual(['rapport_consent'])
  })

  test('withdrawal is sent under the id it is about, which is then forgotten', async () => {
    await load('')
    await visit.page.evaluate(() => {
      analytics.identify('u1')
      analytics.track('Before')
    })
    await site.untilCount(2)
    await visit.page.evaluate(() => {
      analytics.consent({ analytics: false })
      analytics.track('After')
    })
    const events = await site.untilCount(3)
    await visit.page.evaluate(() => analytics.flush())
    expect(site.names()).toEqual(['identify', 'Before', consentEvent])
    expect([events[2]?.anonymousId, events[2]?.userId]).toEqual([events[0]?.anonymousId, 'u1'])
    await expect.poll(stored).toEqual(['rapport_consent'])
    await visit.page.reload()
    expect(await visit.page.evaluate(() => analytics.anonymousId())).not.toBe(events[0]?.anonymousId)
  })

  test('a withdrawal that cannot be sent waits for the next visit', async () => {
    await load('')
    await visit.page.evaluate(() => analytics.flush())
    site.answers = Array.from({ length: 9 }, () => ({ status: 503 }))
    await visit.page.evaluate(() => {
      analytics.consent({ analytics: false })
      return analytics.flush()
    })
    await visit.page.close()
    site.answers = []
    visit.page = await visit.context.newPage()
    await load('')
    await site.untilCount(1)
    expect(site.names()).toEqual([consentEvent])
  })

  test('consent in one tab counts in the other, under the same id', async () => {
    await load('requireConsent: true')
    const other = await visit.context.newPage()
    await other.goto(site.page('/other'))
    await other.evaluate(() => analytics.track('Held in the other'))
    await visit.page.evaluate(() => analytics.consent({ analytics: true }))
    await other.evaluate(() => analytics.track('Seen in the other'))
    const events = await site.untilCount(3)
    expect([...site.names()].sort()).toEqual(['Held in the other', consentEvent, 'Seen in the other'].sort())
    expect(new Set(events.map(({ anonymousId }) => anonymousId)).size).toBe(1)
    await visit.page.evaluate(() => analytics.consent({ analytics: false }))
    await other.evaluate(() => {
      analytics.track('Too late')
      return analytics.flush()
    })
    expect(site.names()).not.toContain('Too late')
  })

  test('Global Privacy Control denies ads, social and personalization on every event, and click ids go nowhere', async () => {
    await visit.context.addInitScript(() =>
      Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true }),
    )
    await load("pages: 'first'", '/?utm_source=news&gclid=abc&q=a%20b')
    const [event] = await site.untilCount(1)
    expect(event?.context.consent).toEqual({
      categoryPreferences: { 'marketing.ads': false, 'marketing.social': false, personalization: false },
      globalPrivacyControl: true,
    })
    expect(event?.context['campaign']).toEqual({ source: 'news' })
    expect(JSON.stringify(event)).not.toContain('gclid')
    expect(event?.properties?.['search']).toBe('?utm_source=news&q=a+b')
    expect(await visit.page.evaluate(() => analytics.preferences())).toEqual(
      event?.context.consent?.categoryPreferences,
    )
    await visit.page.evaluate(() => analytics.consent({ 'marketing.ads': true }))
    const [, decided] = await site.untilCount(2)
    expect(decided?.context.consent?.categoryPreferences['marketing.ads']).toBe(true)
    expect(decided?.context['clickIds']).toEqual({ gclid: 'abc' })
  })

  test('Do-Not-Track can deny everything', async () => {
    await visit.context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'doNotTrack', { value: '1' }))
    await load("pages: 'first', signals: { doNotTrack: ['analytics'] }")
    await visit.page.evaluate(() => {
      analytics.track('Seen')
      return analytics.flush()
    })
    expect(site.requests).toEqual([])
    expect(await stored()).toEqual([])
  })

  test('an unknown purpose is reported and changes nothing', async () => {
    await load('')
    await visit.page.evaluate(() => {
      analytics.consent(JSON.parse('{"marketing":true}'))
      return analytics.flush()
    })
    expect(await visit.page.evaluate(() => errors)).toMatchObject([{ code: 'browser.invalid' }])
    expect(site.requests).toEqual([])
    expect(await visit.page.evaluate(() => analytics.preferences())).toEqual({})
  })
})
