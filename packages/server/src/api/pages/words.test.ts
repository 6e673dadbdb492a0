import { expect, test } from 'vitest'
import type { CustomerProfile } from '../../insights/index.ts'
import { consentLines, whyUnscored } from './words.ts'

const moment = '2026-03-01T10:00:00.000Z'
const analysis = { asOf: moment, createdAt: moment, startedAt: moment, isBeforeMove: false }
const orders = [{ orderId: 'o1', orderedAt: moment, amount: 5, currency: 'EUR', lines: 1 }]
const profiling = (isGranted: boolean, because: 'decided' | 'region'): CustomerProfile['standings'] => [
  { purpose: 'profiling', isGranted, because, decidedAt: because === 'decided' ? moment : null, source: null },
]

test.each([
  ['before any analysis', { analysis: null, orders, standings: profiling(true, 'decided') }, /^No analysis was run/],
  ['by default', { analysis, orders, standings: profiling(false, 'region') }, /^They have not agreed to be profiled/],
  ['by their word', { analysis, orders, standings: profiling(false, 'decided') }, /^They refused to be profiled/],
  ['without an order', { analysis, orders: [], standings: profiling(true, 'decided') }, /^They bought nothing yet/],
  ['else', { analysis, orders, standings: profiling(true, 'decided') }, /^They are not among whom the last analysis/],
])('why nothing is predicted: %s', (_, profile, said) => expect(whyUnscored(profile)).toMatch(said))

test.each([
  ['unknown', 'by the strictest default: where they live is not known; they decided nothing'],
  ['opt-in', 'by the default where they live; they decided nothing'],
] as const)('a default of a region that is %s', (consentRegion, because) => {
  expect(consentLines({ standings: profiling(false, 'region'), consentRegion })[0]!.because).toBe(because)
})
