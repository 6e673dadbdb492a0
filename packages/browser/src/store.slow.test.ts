import { describe, expect, test } from 'vitest'
import { withoutChromium } from '../../../tooling/test-browser.ts'
import { visiting } from '../../../tooling/test-visit.ts'
import type { Analytics } from './analytics.ts'

declare const analytics: Analytics

describe.skipIf(withoutChromium)('who the visitor is, in Chromium', () => {
  const visit = visiting()
  const { site } = visit

  async function load(options: string, host?: string): Promise<void> {
    site.inline = `analytics.load('${site.key}', { host: '${site.host}', delayMs: 20, ${options} })`
    await visit.page.goto(site.page('/', host))
  }

  const locally = (): Promise<readonly string[]> => visit.page.evaluate(() => Object.keys(localStorage).sort())
  const cookies = async (): Promise<readonly string[]> => (await visit.context.cookies()).map(({ name }) => name).sort()

  test.each(['cookie', 'localStorage'] as const)('with %s, ids last over reloads until reset', async (store) => {
    await load(`store: '${store}'`)
    await visit.page.evaluate(() => {
      analytics.identify('u/1; é')
      analytics.group('g1')
    })
    await visit.page.reload()
    await visit.page.evaluate(() => analytics.track('After the reload'))
    const [identify, , track] = await site.untilCount(3)
    expect(track).toMatchObject({ userId: 'u/1; é', anonymousId: identify?.anonymousId, context: { groupId: 'g1' } })
    expect(track?.context.sessionId).toBe(identify?.context.sessionId)
    const names = ['rapport_anonymous_id', 'rapport_group_id', 'rapport_session', 'rapport_user_id']
    await visit.page.evaluate(() => analytics.flush())
    await expect.poll(locally).toEqual(store === 'cookie' ? [] : names)
    expect(await cookies()).toEqual(store === 'cookie' ? names : [])

    await visit.page.evaluate(() => {
      analytics.reset()
      analytics.track('After the reset')
    })
    await visit.page.reload()
    await visit.page.evaluate(() => analytics.track('And another reload'))
    const [, , , reset, reloaded] = await site.untilCount(5)
    expect(reset?.userId).toBeUndefined()
    expect(reset?.context['groupId']).toBeUndefined()
    expect(reset?.anonymousId).not.toBe(identify?.anonymousId)
    expect(reset?.context.sessionId).not.toBe(identify?.context.sessionId)
    expect(reloaded?.anonymousId).toBe(reset?.anonymousId)
  })

  test('with memory nothing at all is stored', async () => {
    await load("store: 'memory'")
    await visit.page.evaluate(() => {
      analytics.identify('u1')
      analytics.consent({ analytics: true })
    })
    await site.untilCount(2)
    expect([await locally(), await cookies()]).toEqual([[], []])
    const before = await visit.page.evaluate(() => analytics.anonymousId())
    await visit.page.reload()
    expect(await visit.page.evaluate(() => analytics.anonymousId())).not.toBe(before)
  })

  test('cookies are first-party, for a year, and the same on every subdomain', async () => {
    await load('', 'www.shop.localhost')
    const id = await visit.page.evaluate(() => analytics.anonymousId())
    const [cookie] = (await visit.context.cookies()).filter(({ name }) => name === 'rapport_anonymous_id')
    expect(cookie).toMatchObject({ value: id, domain: '.shop.localhost', sameSite: 'Lax', path: '/' })
    expect(cookie!.expires - Date.now() / 1000).toBeGreaterThan(364 * 86_400)
    await load('', 'help.shop.localhost')
    expect(await visit.page.evaluate(() => analytics.anonymousId())).toBe(id)
    await load('', 'other.localhost')
    expect(await visit.page.evaluate(() => analytics.anonymousId())).not.toBe(id)
  })

  test('where cookies are refused, ids go to localStorage', async () => {
    await visit.context.addInitScript(() =>
      Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} }),
    )
    await load('')
    const id = await visit.page.evaluate(() => analytics.anonymousId())
    await visit.page.reload()
    expect(await visit.page.evaluate(() => analytics.anonymousId())).toBe(id)
    expect(await locally()).toContain('rapport_anonymous_id')
  })

  test('who logs out in one tab is logged out in the other', async () => {
    await load('')
    const other = await visit.context.newPage()
    await other.goto(site.page('/other'))
    await visit.page.evaluate(() => analytics.identify('u1'))
    expect(await other.evaluate(() => analytics.userId())).toBe('u1')
    await other.evaluate(() => analytics.reset())
    expect(await visit.page.evaluate(() => analytics.userId())).toBeUndefined()
  })
})
