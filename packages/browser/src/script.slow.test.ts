import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { withoutChromium } from '../../../tooling/test-browser.ts'
import { visiting } from '../../../tooling/test-visit.ts'

describe.skipIf(withoutChromium)('the snippet of the README in Chromium', () => {
  const visit = visiting()
  const { site } = visit
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

  test('takes calls before the script is there; they keep their time and their page', async () => {
    const [snippet] = /<script>[\s\S]*<\/script>/.exec(readme) ?? []
    const calls = `<script>
      analytics.track('Early')
      analytics.orderCompleted({ order_id: 'o1', total: 12.5 })
      analytics.nonsense()
      history.replaceState({}, '', '/moved')
    </script>`
    site.html = `<!doctype html><title>Shop</title>${snippet!
      .replace(/<script async src=[^>]*><\/script>/, calls)
      .replace('WRITE_KEY', site.key)
      .replace('https://collect.example.com', site.host)}`
    const { page } = visit
    const warnings: string[] = []
    page.on('console', (message) => warnings.push(message.text()))
    await page.goto(site.page('/?utm_campaign=spring'))
    const late = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await page.addScriptTag({ url: site.page('/rapport.min.js') })
    const events = await site.untilCount(3)
    expect(events.map(({ event, context }) => [event, context.page['path'], context['campaign']])).toEqual([
      ['Early', '/', { name: 'spring' }],
      ['Order Completed', '/', { name: 'spring' }],
      [undefined, '/moved', undefined],
    ])
    expect(Date.parse(events[0]!.timestamp)).toBeLessThanOrEqual(late)
    expect(warnings).toEqual(['analytics.nonsense must be one of its calls'])
  })
})
