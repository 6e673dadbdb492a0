import { expect, test } from 'vitest'
import { loadTelcoChurn } from '../../../../tooling/telco-churn.ts'
import { withoutData } from '../../../../tooling/test-data.ts'
import { type Column, table } from '../preparation/index.ts'
import { checkLeakage } from './index.ts'

test.skipIf(withoutData)(
  'telco_churn: none of its columns leaks; its customer numbers name rows, and a reason of leaving is found',
  () => {
    const { columns, labels } = loadTelcoChurn()
    const churn: Column = { name: 'Churn', kind: 'number', values: Float64Array.from(labels) }
    expect(checkLeakage(table([...columns, churn]), 'Churn', { seed: 1 }).findings).toEqual([])
    const numbered: Column = { name: 'customer', kind: 'text', values: Array.from(labels, (_, row) => `C${row}`) }
    const asked = Array.from(labels, (label, row) => (label === 1 && row % 2 === 0 ? 'price' : null))
    const reason: Column = { name: 'reason', kind: 'text', values: asked }
    const { findings } = checkLeakage(table([numbered, reason, ...columns, churn]), 'Churn', { seed: 1 })
    expect(findings.map(({ column, reason: found }) => `${column}: ${found}`)).toEqual([
      'customer: names-rows',
      'reason: one-sided',
    ])
  },
)
