import { describe, expect, test } from 'vitest'
import { type LabelledSetName, loadLabelledSet } from '../../../../tooling/labelled-sets.ts'
import { withoutData } from '../../../../tooling/test-data.ts'
import { type Column, table } from '../preparation/index.ts'
import { checkLeakage, type LeakageReport } from './index.ts'

function check(name: LabelledSetName, ...more: readonly Column[]): LeakageReport {
  const { columns, labels } = loadLabelledSet(name)
  const target: Column = { name: 'target', kind: 'number', values: Float64Array.from(labels) }
  return checkLeakage(table([...more, ...columns, target]), 'target', { seed: 1 })
}
const found = ({ findings }: LeakageReport): string[] => findings.map(({ column, reason }) => `${column}: ${reason}`)

describe.skipIf(withoutData)('on public data', () => {
  test.each(['telco', 'leads', 'adult'] as const)('%s: no column is accused', (name) => {
    expect(found(check(name))).toEqual([])
  })

  // The value of a page is what the sales after it were worth, as the shop's analytics computes it: it knows of the sale.
  test('shoppers: page_values is suspect', () => {
    const report = check('shoppers')
    expect(report.verdict).toBe('suspect')
    expect(found(report)).toEqual(['page_values: predicts-alone'])
  })

  test('telco: customer numbers and a reason of leaving are found', () => {
    const { labels } = loadLabelledSet('telco')
    const numbered: Column = { name: 'customer', kind: 'text', values: Array.from(labels, (_, row) => `C${row}`) }
    const asked = Array.from(labels, (label, row) => (label === 1 && row % 2 === 0 ? 'price' : null))
    const report = check('telco', numbered, { name: 'reason', kind: 'text', values: asked })
    expect(found(report)).toEqual(['customer: names-rows', 'reason: one-sided'])
  })
})
