import { describe, expect, test } from 'vitest'
import { withoutChromium } from '../../../tooling/test-browser.ts'
import { visiting } from '../../../tooling/test-visit.ts'
import type { Analytics } from './analytics.ts'

declare const analytics: Analytics

describe.skipIf(withoutChromium)('pages in Chromium', () => {
  const visit = visiting()
  const { site } = visit

  async function load(pages: string, path = '/'): Promise<void> {
    site.inline = `analytics.load('${site.key}', { host: '${site.host}', delayMs: 20, pages: '${pages}' })`
    await visit.page.goto(site.page(path))
  }

  const paths = (): readonly unknown[] => site.events().map(({ properties }) => properties?.['path'])

  test('every address of a single-page application is a page, with the address before as its referrer', async () => {
    await load('all', '/start?a=1#top')
    await visit.page.evaluate(async () => {
      history.pushState({}, '', '/shoes')
      document.title = 'Shoes' // as routers do: after the address
      await new Promise((resolve) => setTimeout(resolve, 30))
      history.pushState({}, '', '/shoes/red?size=40')
      await new Promise((resolve) => setTimeout(resolve, 30))
      analytics.track('Seen')
    })
    await visit.page.goBack()
    const events = await site.untilCount(5)
    const pages = events.filter(({ type }) => type === 'page').map(({ properties }) => properties)
    expect(pages).toEqual([
      { url: site.page('/start?a=1'), path: '/start', search: '?a=1', title: 'Shop', referrer: '' },
      { url: site.page('/shoes'), path: '/shoes', search: '', title: 'Shoes', referrer: site.page('/start?a=1#top') },
      {
        url: site.page('/shoes/red?size=40'),
        path: '/shoes/red',
        search: '?size=40',
        title: 'Shoes',
        referrer: site.page('/shoes'),
      },
      {
        url: site.page('/shoes'),
        path: '/shoes',
        search: '',
        title: 'Shoes',
        referrer: site.page('/shoes/red?size=40'),
      },
    ])
    expect(events.find(({ event }) => event === 'Seen')?.context.page).toEqual(pages[2])
  })

  test('the same address again and a hash that scrolls are no new page; a hash with an address is', async () => {
    await load('all')
    await visit.page.evaluate(async () => {
      history.replaceState({ scroll: 5 }, '', '/')
      history.pushState({}, '', '#reviews')
      location.hash = 'prices'
      await new Promise((resolve) => setTimeout(resolve, 50))
      location.hash = '/cart'
      await new Promise((resolve) => setTimeout(resolve, 50))
      history.replaceState({}, '', '/done')
    })
    await site.untilCount(3)
    await visit.page.evaluate(() => analytics.flush())
    expect(site.events().map(({ context: of }) => of.page['url'])).toEqual([
      site.page('/'),
      site.page('/#/cart'),
      site.page('/done'),
    ])
  })

  test('only the first page, or none, if so asked', async () => {
    await load('first', '/a')
    await visit.page.evaluate(() => history.pushState({}, '', '/b'))
    await site.untilCount(1)
    await load('none', '/c')
    await visit.page.evaluate(async () => {
      history.pushState({}, '', '/d')
      await new Promise((resolve) => setTimeout(resolve, 50))
      await analytics.flush()
    })
    expect(paths()).toEqual(['/a'])
  })
})
