import { expect, test } from 'vitest'
import { describeProposal } from './describe-proposal.ts'

const columns = [{ target: 'amount', source: 'Total', why: 'its name says so, numbers', sample: ['5.50', '6.50'] }]
const proposal = { kind: 'orders' as const, columns, unmapped: [], confidence: 1, questions: [] }

test('a proposal without questions is its table', () => {
  const text = describeProposal(proposal)
  expect(text).toContain('Total')
  expect(text).not.toContain('still open')
  expect(text).not.toContain('not used')
  expect(text).not.toContain(':order')
})

test('open questions are shown below what is known, with the way to answer them', () => {
  const text = describeProposal({ ...proposal, confidence: 0, questions: ['which column holds occurred_at?'] })
  expect(text.indexOf('Total')).toBeLessThan(text.indexOf('which column holds occurred_at?'))
  expect(text).toContain('--map TARGET=COLUMN')
})

test('columns that are used for nothing are listed, in lines that fit', () => {
  const unmapped = Array.from({ length: 30 }, (_, at) => `Billing Address ${at}`)
  const text = describeProposal({ ...proposal, unmapped })
  expect(text).toContain('30 columns are not used:')
  for (const name of unmapped) expect(text).toContain(name)
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  expect(describeProposal({ ...proposal, kind: 'customers', unmapped: ['Shoe size'] })).toContain(
    '1 column is kept as further traits:\n  Shoe size',
  )
})

test('what looks like consent and is not taken stands out, with the way to take it', () => {
  const unmapped = ['accepts_ads', 'Shoe size']
  const customers = describeProposal({ ...proposal, kind: 'customers', unmapped })
  expect(customers).toContain('! accepts_ads looks like consent')
  expect(customers).toContain('Nobody may be contacted unless you say')
  expect(customers).toContain('marketing_ads=COLUMN')
  const orders = describeProposal({ ...proposal, unmapped })
  expect(orders).toContain('an import of orders cannot take')
  const partly = describeProposal({
    ...proposal,
    kind: 'customers',
    columns: [{ ...columns[0]!, target: 'marketing_email' }],
    unmapped,
  })
  expect(partly).toContain('accepts_ads looks like consent to be contacted too')
  expect(partly).not.toContain('Nobody')
})
