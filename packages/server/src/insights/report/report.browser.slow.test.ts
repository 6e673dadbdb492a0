import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openChromium, withoutChromium } from '../../../../../tooling/test-browser.ts'
import { fullAnalysis } from './full-analysis.contract.ts'
import { emptyAnalysis, withHostileTexts } from './partial-analyses.contract.ts'
import { renderReport } from './render-report.ts'

const folder = fileURLToPath(new URL('../../../../../test-output/', import.meta.url))
const widths = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const

const reports = {
  full: { ...fullAnalysis, simulated: 'fashion' },
  empty: emptyAnalysis,
  hostile: withHostileTexts({ ...fullAnalysis, simulated: 'fashion' }),
} as const

interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  readonly faults: readonly string[]
}

describe.skipIf(withoutChromium)('the report in Chromium', () => {
  let browser: Browser

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    for (const [name, analysis] of Object.entries(reports)) {
      writeFileSync(join(folder, `report-${name}.html`), renderReport(analysis))
    }
    browser = await openChromium()
  })
  afterAll(async () => browser?.close())

  async function open(
    name: string,
    viewport: { width: number; height: number },
    theme: 'light' | 'dark',
  ): Promise<Opened> {
    const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce' })
    const page = await context.newPage()
    const faults: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('requestfailed', (request) => faults.push(`failed: ${request.url()}`))
    page.on('request', (request) => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
        faults.push(`asked for ${request.url()}`)
    })
    await page.goto(pathToFileURL(join(folder, `report-${name}.html`)).href)
    return { page, context, faults }
  }

  const cases = Object.keys(reports).flatMap((name) =>
    Object.entries(widths).flatMap(([device, viewport]) =>
      (['light', 'dark'] as const).map((theme) => ({ name, device, viewport, theme })),
    ),
  )

  test.each(cases)(
    '$name, $device, $theme: draws everything, fits, and nothing fails',
    async ({ name, device, viewport, theme }) => {
      const { page, context, faults } = await open(name, viewport, theme)
      const plots = await page.$$eval('.plot', (places) =>
        places.map((place) => ({ id: place.id, drawn: place.querySelector('svg path, canvas') !== null })),
      )
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      await page.screenshot({ path: join(folder, `report-${name}-${device}-${theme}.png`), fullPage: true })
      expect(plots.filter(({ drawn }) => !drawn)).toEqual([])
      expect(plots.length > 0).toBe(name !== 'empty')
      expect(overflow).toBe(0)
      expect(await page.evaluate('window.wasRun')).toBeUndefined()
      expect(
        await page.evaluate('/\\b(NaN|undefined|Infinity|null)\\b/.exec(document.body.innerText)?.[0]'),
      ).toBeUndefined()
      expect(faults).toEqual([])
      await context.close()
    },
  )
})
