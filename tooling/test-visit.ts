import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { openChromium } from './test-browser.ts'
import { TestSite } from './test-site.ts'

/** A visitor of the test site, new for each test: no cookies, nothing stored, one tab. */
export interface Visit {
  readonly site: TestSite
  readonly context: BrowserContext
  page: Page
}

/** Opens site and browser for the tests of the `describe` that calls it; each ends with every body fit for the protocol. */
export function visiting(options: BrowserContextOptions = {}): Visit {
  const site = new TestSite()
  let browser: Browser | undefined
  const visit: { site: TestSite; context?: BrowserContext; page?: Page } = { site }

  beforeAll(async () => {
    await site.open()
    browser = await openChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await site.close()
  })
  beforeEach(async () => {
    site.renew()
    visit.context = await browser!.newContext(options)
    visit.page = await visit.context.newPage()
  })
  afterEach(async () => {
    await visit.context?.close()
    expect(site.faults).toEqual([])
  })
  // Filled before the first test runs, which is the first that may look.
  return visit as Visit
}
