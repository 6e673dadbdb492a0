import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fullAnalysis } from './full-analysis.contract.ts'
import { emptyAnalysis, withHostileTexts } from './partial-analyses.contract.ts'
import { renderReport, writeReport } from './render-report.ts'

const simulated = { ...fullAnalysis, simulated: 'fashion' }
const matches = (page: string, pattern: RegExp): number => [...page.matchAll(pattern)].length
const sectionsOf = (page: string): readonly string[] => page.split('<section ').slice(1)

describe('renderReport', () => {
  const page = renderReport(fullAnalysis)

  test('is one file of less than 2.5 MB that names no other', () => {
    expect(page.length).toBeLessThan(2_500_000)
    const own = page.replaceAll(/<script\b[\s\S]*?<\/script>/g, '')
    expect(/(src|href)="(?!#|data:)|url\(|@import/.exec(own)?.[0]).toBeUndefined()
  })

  test('allows its own two scripts and no network', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]
    expect(policy).toContain('default-src &#39;none&#39;')
    expect(matches(policy ?? '', /sha256-/g)).toBe(2)
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
  })

  test('links every section from the navigation', () => {
    const navigation = page.slice(page.indexOf('<nav'), page.indexOf('</nav>'))
    const links = [...navigation.matchAll(/<li><a href="#([a-z-]+)">/g)].map(([, id]) => id)
    const ids = sectionsOf(page).map((section) => /^id="([a-z-]+)"/.exec(section)?.[1])
    expect(links).toEqual(ids)
    expect(ids).toHaveLength(16)
  })

  test('has a place, a description and a table for each chart', () => {
    const charts = Object.keys(
      (JSON.parse(/id="charts">(.*?)<\/script>/s.exec(page)![1]!) as { charts: Record<string, unknown> }).charts,
    )
    expect(charts.length).toBeGreaterThan(15)
    for (const id of charts) {
      const figure = page.split(`id="chart-${id}"`)
      expect(figure, id).toHaveLength(2)
      expect(figure[1], id).toMatch(
        /^[^>]* role="img" aria-label="[^"]{10,}"><\/div>\s*<details class="alternative"><summary>[\s\S]*?<table>[\s\S]*?<td/,
      )
    }
  })

  test('says on every section and in the title that a demo is simulated', () => {
    const demo = renderReport(simulated)
    expect(sectionsOf(demo).every((section) => section.includes('<span class="simulated">Simulated</span>'))).toBe(true)
    expect(matches(demo, /<title>Simulated: /g)).toBe(1)
    expect(matches(page, /class="simulated"|<title>Simulated/g)).toBe(0)
  })

  test('says why a part is missing, in the analysis’ own words', () => {
    const empty = renderReport(emptyAnalysis)
    expect(matches(empty, /the history must cover 180 days, got 31/gi)).toBeGreaterThanOrEqual(6)
    expect(empty.includes('There are no clusters here: shuffled data look the same.')).toBe(true)
    expect(matches(empty, /class="chart"/g)).toBe(0)
    expect(
      sectionsOf(empty.replaceAll(/<script\b[\s\S]*?<\/script>/g, '')).flatMap(
        (section) => />[^<]*\b(NaN|undefined|Infinity)\b/.exec(section)?.[0] ?? [],
      ),
    ).toEqual([])
  })

  test('says what drivers are, and that none stands out where none does', () => {
    expect(page).toContain('chart-lapse-drivers')
    expect(page).toMatch(/at a risk of 5\s% that any is named falsely/)
    const { lapse } = fullAnalysis.predictions
    if (!lapse.found) throw new Error('the full analysis predicts lapses')
    const examples = lapse.examples.map((example) => ({ ...example, reasons: [] }))
    const idle = renderReport({
      ...fullAnalysis,
      predictions: { ...fullAnalysis.predictions, lapse: { ...lapse, drivers: [], examples } },
    })
    expect(idle).not.toContain('chart-lapse-drivers')
    expect(idle).toContain('No driver stands out beyond chance')
    expect(matches(idle, />nothing stands out</g)).toBe(examples.length)
  })

  test('says which purchases spend is learned from', () => {
    expect(page).toContain('Spend is learned from all purchases, the first among them: a first purchase is 0.97 times')
  })

  test('writes no value for a previous period that the history does not cover', () => {
    const short = renderReport({ ...fullAnalysis, firstLook: { ...fullAnalysis.firstLook, previous: null } })
    expect(matches(short, /class="(up|down|flat)"/g)).toBe(0)
    expect(matches(page, /class="(up|down|flat)"/g)).toBeGreaterThan(5)
  })

  test('holds no markup that came from a text', () => {
    const hostile = renderReport(withHostileTexts(simulated))
    const own = hostile.replaceAll(/<script\b[\s\S]*?<\/script>/g, '')
    expect(/<script>|<img|<!--|onmouseover='|.{40}onerror="/.exec(own)?.[0]).toBeUndefined()
    expect(matches(hostile, /<script/g)).toBe(matches(page, /<script/g))
  })

  test('is the same for the same analysis', () => {
    expect(renderReport(fullAnalysis) === page).toBe(true)
  })

  test('swaps with the numbers: two segments’ plans carry their own names', () => {
    const [first, second] = fullAnalysis.plan
    const swapped = renderReport({
      ...fullAnalysis,
      plan: [
        { ...first!, segment: second!.segment },
        { ...second!, segment: first!.segment },
      ],
    })
    expect(swapped.indexOf('Discount hunters</bdi></h4>')).toBeLessThan(
      swapped.indexOf('Frequent orders, high spend</bdi></h4>'),
    )
  })
})

describe('writeReport', () => {
  test('leaves the report and nothing else, also over an older one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'report-'))
    try {
      const file = join(folder, 'report.html')
      await writeReport(emptyAnalysis, file)
      await writeReport(fullAnalysis, file)
      expect(await readdir(folder)).toEqual(['report.html'])
      expect((await readFile(file, 'utf8')) === renderReport(fullAnalysis)).toBe(true)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('says where it could not write', async () => {
    await expect(writeReport(fullAnalysis, '/no/such/folder/report.html')).rejects.toMatchObject({
      code: 'insights.report',
      message: expect.stringContaining('/no/such/folder/report.html') as string,
    })
  })
})
