import { expect, test } from 'vitest'
import { describeProposal } from './import.ts'

const columns = [{ target: 'amount', source: 'Total', why: 'its name says so, numbers', sample: ['5.50', '6.50'] }]

test('a proposal without questions is its table', () => {
  const text = describeProposal({ kind: 'orders', columns, unmapped: [], confidence: 1, questions: [] })
  expect(text).toContain('Total')
  expect(text).not.toContain('still open')
})

test('open questions are shown below what is known, with the way to answer them', () => {
  const text = describeProposal({
    kind: 'orders',
    columns,
    unmapped: [],
    confidence: 0,
    questions: ['which column holds occurred_at?'],
  })
  expect(text.indexOf('Total')).toBeLessThan(text.indexOf('which column holds occurred_at?'))
  expect(text).toContain('--map TARGET=COLUMN')
})
