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
      await page.evaluate('document.querySelectorAll(".fold").forEach((part) => { part.open = true })')
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
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

  test('goes by keyboard: skip link first, then the theme, then every section', async () => {
    const { page, context } = await open('full', widths.desktop, 'light')
    const focused = (): Promise<unknown> => page.evaluate('document.activeElement.textContent')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the content')
    expect(await page.evaluate('document.activeElement.getBoundingClientRect().top >= 0')).toBe(true)
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Dark theme')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Summary')
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => page.evaluate('Math.abs(document.getElementById("plan").getBoundingClientRect().top) < 40'))
      .toBe(true)
    await context.close()
  })

  test('opens the numbers of a chart from the keyboard', async () => {
    const { page, context } = await open('full', widths.phone, 'light')
    await page.locator('#revenue > details > summary').focus()
    await page.keyboard.press('Enter')
    const details = page.locator('#revenue details.alternative')
    await details.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await details.locator('tbody tr').count()).toBe(fullAnalysis.firstLook.months.length)
    expect(await details.locator('table').isVisible()).toBe(true)
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
    await context.close()
  })

  test('begins on a phone with the summary and a menu that opens the others', async () => {
    const { page, context, faults } = await open('full', widths.phone, 'light')
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThan(4000)
    expect(await page.locator('#summary .sentences').isVisible()).toBe(true)
    expect(await page.locator('#lapse .tiles').isVisible()).toBe(false)
    await page.locator('nav summary').focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('nav a').last().isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await page.locator('nav a').last().isVisible()).toBe(false)
    await page.keyboard.press('Enter')
    await page.click('nav a[href="#lapse"]')
    await expect.poll(() => page.locator('#chart-lapse-roc svg').isVisible()).toBe(true)
    const top = 'document.getElementById("lapse").getBoundingClientRect().top'
    await expect.poll(() => page.evaluate(`${top} > 30 && ${top} < 120`)).toBe(true)
    expect(await page.locator('nav a').last().isVisible()).toBe(false)
    expect(faults).toEqual([])
    await context.close()
  })

  test('opens the section that an address names', async () => {
    const { page, context } = await open('full', widths.phone, 'light')
    await page.click('#summary a[href="#plan"]')
    await expect.poll(() => page.locator('#plan .card').first().isVisible()).toBe(true)
    await context.close()
  })

  test('changes its theme by the button, charts included', async () => {
    const { page, context, faults } = await open('full', widths.desktop, 'light')
    const colors = (): Promise<unknown> =>
      page.evaluate(`[
        getComputedStyle(document.body).backgroundColor,
        document.querySelector('#chart-revenue svg text').getAttribute('fill'),
      ]`)
    const light = (await colors()) as string[]
    await page.click('#theme')
    const dark = (await colors()) as string[]
    expect(dark[0]).not.toBe(light[0])
    expect(dark[1]).not.toBe(light[1])
    expect(await page.textContent('#theme')).toBe('Light theme')
    expect(faults).toEqual([])
    await context.close()
  })

  test('fits its charts anew when the window changes', async () => {
    const { page, context } = await open('full', widths.desktop, 'light')
    const wide = await page.evaluate('document.querySelector("#chart-revenue svg").clientWidth')
    await page.setViewportSize(widths.phone)
    await expect
      .poll(() => page.evaluate('document.querySelector("#chart-revenue svg").clientWidth'))
      .toBeLessThan(wide as number)
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
    await context.close()
  })

  test('shows hostile texts in tooltips as texts', async () => {
    const { page, context, faults } = await open('hostile', widths.desktop, 'light')
    for (const id of ['by-country', 'by-source', 'by-category', 'revenue', 'segment-map', 'profile-1']) {
      const plot = page.locator(`#chart-${id}`)
      await plot.scrollIntoViewIfNeeded()
      const box = (await plot.boundingBox())!
      for (let step = 1; step < 12; step += 1) {
        await page.mouse.move(box.x + box.width * 0.5, box.y + (box.height * step) / 12)
        await page.mouse.move(box.x + box.width * 0.45, box.y + (box.height * step) / 12)
      }
    }
    expect(await page.locator('.plot img, .plot script').count()).toBe(0)
    expect(await page.evaluate('window.wasRun')).toBeUndefined()
    expect(faults).toEqual([])
    await context.close()
  })

  test('cuts no table of segments on a desktop', async () => {
    const { page, context } = await open('full', widths.desktop, 'light')
    const cut = await page.$$eval('#rfm .fold > .scroll, #rules .fold > .scroll', (boxes) =>
      boxes.map((box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight),
    )
    expect(cut).toEqual([false, false])
    await context.close()
  })

  test('keeps AA contrast of text in both themes', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const { page, context } = await open('full', widths.desktop, theme)
      expect(await page.evaluate(faintTexts), theme).toEqual([])
      await context.close()
    }
  })
})

/** Texts of the page whose colour differs too little from the nearest background behind them (WCAG 2.2, 1.4.3). */
const faintTexts = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number)
  const light = (color) => {
    const [r, g, b] = parse(color).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (element) => {
    const color = getComputedStyle(element).backgroundColor
    const [, , , alpha = 1] = parse(color)
    return alpha === 0 && element.parentElement ? behind(element.parentElement) : color
  }
  const faint = new Set()
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('.plot, script, noscript, [aria-hidden]')) continue
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')
    if (!own) continue
    const [a, b] = [light(getComputedStyle(element).color), light(behind(element))]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (ratio < 4.5) faint.add(element.tagName + '.' + element.className + ' ' + ratio.toFixed(2))
  }
  return [...faint]
})()`
