import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CustomerProfile, FoundCustomer, SegmentMember } from '../../insights/index.ts'
import { customerPage } from './customer-page.ts'
import { customersPage } from './customers-page.ts'
import { jobsPage } from './jobs-page.ts'
import { type Page, pageOf } from './layout.ts'
import { liveSegmentPage } from './live-segments-page.ts'
import { momentsIn } from './moments.ts'
import { problemPage } from './problem-page.ts'
import { segmentPage, segmentsPage } from './segments-page.ts'
import { curlOf, snippetOf } from './snippet.ts'

const moments = momentsIn('Europe/Berlin')
const moment = '2026-03-01T10:00:00Z'
const none = { productId: null, productName: null, quantity: null, price: null, orderId: null, amount: null }
const nothing = {
  ...none,
  lines: null,
  currency: null,
  source: null,
  text: null,
  otherId: null,
  about: null,
  decided: null,
}
const unrated = { ...nothing, rating: null, score: null }

const taught = (text: string) => ({ probability: 0.7, isLabelled: false, reasons: [text] })

/** A customer of whom every text is this one. */
const profileOf = (text: string): CustomerProfile => ({
  customerId: text,
  currency: text,
  traits: { email: text, first_name: text, last_name: text, [text]: text },
  consents: [{ purpose: text, isGranted: true, since: moment }],
  standings: [{ purpose: 'analytics', isGranted: false, because: 'decided', decidedAt: moment, source: text }],
  consentRegion: 'unknown',
  segments: [{ id: text, name: text, ...taught(text) }],
  scores: [{ score: text, value: 1, low: 0, high: 2, reasons: [text], meaning: text, modelId: text }],
  orderCount: 2,
  eventCount: 3,
  orders: [{ orderId: text, orderedAt: moment, amount: 5, currency: text, lines: 1 }],
  recommendations: [{ productId: text, name: text, because: text }],
  identities: [
    {
      ...{ identity: `anonymous:${text}`, why: text, firstSeenAt: 1 },
      ...{ links: [{ with: text, reason: text, isSevered: false }], linkCount: 1 },
    },
  ],
  identityCount: 2,
  timeline: {
    occurrences: ['Product Viewed', 'Products Searched', 'Order Completed', 'Email Sent', 'Product Reviewed', text]
      .map((name) => ({ call: 'track', name }))
      .concat(['page', 'screen', 'identify', 'group', 'alias', text].map((call) => ({ call, name: text })))
      .map((one) => ({
        ...{ ...unrated, ...one, occurredAt: moment, productId: text, productName: text, price: 1, quantity: 2 },
        ...{ orderId: text, amount: 3, lines: 4, currency: text, source: text, text, otherId: text, about: text },
        ...{ rating: text, score: text },
      })),
    next: text,
  },
  analysis: { asOf: moment, createdAt: moment, startedAt: moment, isBeforeMove: true },
  movedAt: moment,
})

const found = (text: string): FoundCustomer => ({
  ...{ customerId: text, email: text, name: text, orders: 1, spent: 2, lastSeenAt: moment },
  segment: { id: text, name: text },
})
const member = (text: string): SegmentMember => ({
  ...{ customerId: text, email: text, name: text, orders: 1, spent: 2, lastOrderAt: moment, ...taught(text) },
})
const profilesOf = (text: string) =>
  new Map([[text, [{ feature: text, label: text, unit: text, mean: 1, overallMean: 2, effect: 1 }]]])
const segment = (text: string) => ({
  ...{ id: text, family: 'rule' as const, name: text, definition: { words: text, [text]: text }, modelId: text },
  ...{ asOf: 1, customers: 3 },
})
const nowOf = (text: string) => ({
  isReady: false,
  features: [{ name: text, label: text, unit: text, value: text }],
  segments: [{ id: text, name: text, words: text, reasons: [text] }],
})
const live = (text: string) => ({
  ...{
    id: text,
    name: text,
    words: text,
    kind: 'rule' as const,
    version: 1,
    declaredAt: 1,
    customers: 2,
    isReady: true,
  },
  ...{ usesFeatures: [text], usesSegments: [text], usedBy: [text], warnings: [text] },
})
const times = { asOf: moment, createdAt: moment, startedAt: moment }

const pages: Readonly<Record<string, (text: string) => Page>> = {
  customer: (text) => customerPage(profileOf(text), nowOf(text), text, moments),
  customers: (text) => {
    const page = { customers: [found(text)], currency: text, next: text }
    return customersPage(page, { search: text, after: text, limit: 50 }, { url: text, writeKey: text }, moments)
  },
  nobody: (text) => {
    const page = { customers: [], currency: text, next: null }
    return customersPage(page, { search: text, after: '', limit: 50 }, { url: text, writeKey: text }, moments)
  },
  segments: (text) =>
    segmentsPage(
      { segments: [segment(text)], live: [live(text)], profiles: profilesOf(text), currency: text, times },
      moments,
    ),
  'live segment': (text) => {
    const words = { pointer: text, words: text, parts: [{ pointer: text, words: text, parts: [] }] }
    const document = {
      ...live(text),
      filling: null,
      definition: { id: text, rule: text },
      ruleWords: words,
      versions: [2, 1].map((version) => ({
        version,
        declaredAt: 1,
        definition: { id: text, name: text, rule: version },
      })),
    }
    const days = ['2026-01-01', '2026-01-02'].map((day) => ({ day, size: 1, entries: 1, exits: 0 }))
    const members = { customers: [text], next: text }
    const unseen = [{ pointer: text, words: text, similar: [text] }]
    const overlaps = [{ id: text, name: text, size: 2, both: 1 }]
    const trend = { segment: text, days }
    return liveSegmentPage({ segment: document, members, unseen, trend, overlaps }, text, moments)
  },
  segment: (text) => {
    const members = { members: [member(text)], currency: text, next: text }
    const facts = {
      share: 0.1,
      revenue: 1,
      revenueShare: 0.2,
      averageOrders: 1,
      averageSpend: 1,
      averageRecencyDays: 1,
    }
    const entry = { feature: text, label: text, unit: text, mean: 1, overallMean: 2, effect: 3 }
    const all = { ...facts, profit: 1, profile: [entry], plan: null }
    const quality = {
      ...{ class: text, positives: 3, negatives: 4, threshold: 0.5, precision: 0.7, recall: 0.6, f1: 0.6, brier: 0.1 },
      ...{ auc: { value: 0.8, low: 0.7, high: 0.9 }, baselineBrier: 0.2, baselinePrecision: 0.4 },
      ...{ calibrationError: 0.1, calibration: [] },
    }
    const trusted = { source: text, chosen: text, customers: 5, labelled: 3, added: 2, quality }
    return segmentPage({ segment: segment(text), taught: trusted, members, found: all, times }, text, moments)
  },
  jobs: (text) => {
    const job = { jobId: text, kind: text, input: {}, status: 'dead' as const, runAt: 1, attempts: 1, mostAttempts: 1 }
    const ended = { progress: { stage: text, done: 1, total: 2 }, result: null, failure: text }
    return jobsPage([{ ...job, ...ended, createdAt: 1, finishedAt: 2 }], true, moments)
  },
  problem: (text) => problemPage({ type: 'about:blank', title: text, status: 400, detail: text, code: text }, text),
}

/** Begins with a letter, so that it is never empty and never a name with a meaning of its own. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<script>',
        '</script',
        '"',
        "'",
        '`',
        '&',
        '<',
        '>',
        '<!--',
        ' onload=',
        'javascript:',
        '\\',
        '\0',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => `x${parts.join('')}`)

const tagsOf = (markup: string): string[] => markup.match(/<[^\s>]*/g) ?? []
const quotesOf = (markup: string): number => markup.split('"').length

test.each(Object.entries(pages))(
  'whatever the texts of %s hold, its elements and attributes are the same',
  (_, page) => {
    const write = (text: string): string => pageOf(page(text), { simulated: text, timezone: 'UTC' })
    const plain = write('xyz')
    fc.assert(
      fc.property(hostile, (text) => {
        const markup = write(text)
        expect(tagsOf(markup)).toEqual(tagsOf(plain))
        expect(quotesOf(markup)).toBe(quotesOf(plain))
        for (const [, address] of markup.matchAll(/(?:href|action|src)="([^"]*)"/g)) {
          expect(address!.startsWith('/') || address === '#content' || address === 'data:,').toBe(true)
          expect(address!.startsWith('//')).toBe(false)
        }
      }),
      { numRuns: 150 },
    )
  },
)

test.each(Object.entries(pages))('%s has nothing inline', (_, page) => {
  const markup = pageOf(page('xyz'), { simulated: null, timezone: 'UTC' })
  expect(markup).not.toMatch(/<style|\sstyle=|\son[a-z]+=/)
  expect(markup.match(/<script/g)).toHaveLength(1)
  expect(markup).toMatch(/<script src="\/assets\/pages\.[\w-]{16}\.js" defer><\/script>/)
})

test('texts of a snippet end no string and no element of the page that it is put into', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const snippet = snippetOf({ url: 'http://localhost:1', writeKey: text })
      expect(snippet.match(/<\/?script/g)).toHaveLength(4)
      expect(snippet.split("'")).toHaveLength(9)
    }),
  )
  expect(curlOf({ url: 'http://localhost:1', writeKey: 'wk_1' })).toContain('curl http://localhost:1/v1/track -u wk_1:')
})
