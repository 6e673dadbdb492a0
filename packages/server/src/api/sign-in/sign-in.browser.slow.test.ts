import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openChromium, withoutChromium } from '../../../../../tooling/test-browser.ts'
import { inviteOwner } from '../../access/index.ts'
import { renderReport } from '../../insights/index.ts'
import { fullAnalysis } from '../../insights/report/full-analysis.contract.ts'
import { type ServedStore, serveTestStore } from '../served-store.contract.ts'

// A real browser: only it sends Origin and cookies as browsers do, and obeys the policies of the pages.
describe.skipIf(withoutChromium)('signing in with Chromium', () => {
  let served: ServedStore
  let browser: Browser
  let url: string
  beforeAll(async () => {
    served = await serveTestStore()
    await served.server.listen({ host: '127.0.0.1', port: 0 })
    url = `http://localhost:${(served.server.server.address() as AddressInfo).port}`
    browser = await openChromium()
  })
  afterAll(async () => {
    await browser.close()
    await served.close()
  })

  test('by the link, with a password of one’s own, out and in again; the report is drawn under its policy', async () => {
    writeFileSync(join(served.folder, 'report.html'), renderReport(fullAnalysis))
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.goto(`${url}/open/${await inviteOwner(served.state)}`)
    await page.goto(`${url}/account`)
    await page.getByLabel('Name').fill('Olga')
    await page.getByLabel('Email address').fill('olga@shop.example')
    await page.getByLabel('New password').fill('correct horse battery')
    await page.getByRole('button', { name: 'Keep' }).click()
    expect(await page.textContent('main')).toContain('You are Olga. Your role is owner')
    await page.getByRole('button', { name: 'Log out' }).click()
    expect(new URL(page.url()).pathname).toBe('/login')
    await page.getByLabel('Email address').fill('olga@shop.example')
    await page.getByLabel('Password').fill('correct horse battery')
    await page.getByRole('button', { name: 'Log in' }).click()
    expect(new URL(page.url()).pathname).toBe('/')
    await page.goto(`${url}/report`)
    await page.waitForSelector('.plot svg, .plot canvas')
    expect(await page.evaluate<string>('getComputedStyle(document.body).fontFamily')).not.toMatch(/^"?Times/)
    expect(complaints).toEqual([])
  })
})
