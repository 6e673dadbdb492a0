import { expect, test } from 'vitest'
import { momentsIn } from './moments.ts'
import { type SegmentList, segmentsPage } from './segments-page.ts'

const byRule = { id: 'rule.lapsing', family: 'rule', name: 'Lapsing', customers: 40, definition: { words: 'lapse' } }
const live = { id: 'rule.lapsing', name: 'Lapsing', words: 'lapse', customers: 0, isReady: true }
const main = (more: object): string => {
  const list = { segments: [byRule], live: [], profiles: new Map(), currency: 'EUR', times: null, ...more }
  return String(segmentsPage(list as unknown as SegmentList, momentsIn('UTC')).main)
}

test('where segments of analyses stand beside live ones, it says why they differ', () => {
  expect(main({ live: [live] })).toContain('those that are true now go by the clock')
  expect(main({})).not.toContain('go by the clock')
})
