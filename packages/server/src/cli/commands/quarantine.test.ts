import { expect, test } from 'vitest'
import { describeReasons } from './quarantine.ts'

test('a reason shows the values that were got, where they are, and how many there are', () => {
  const text = describeReasons([
    {
      batchId: 2,
      kind: 'orders',
      code: 'ingestion.currency',
      column: 'Cur',
      must: 'the currency must be a code of ISO 4217 like EUR',
      records: 1204,
      values: 5,
      examples: [
        { file: 'a.csv', row: 3, got: 'ZZZ', times: 1200 },
        { file: 'a.csv', row: 9, got: 'nothing', times: 1 },
      ],
    },
  ])
  expect(text).toContain('batch 2, 1,204 records of orders (ingestion.currency)\nCur: the currency must be a code')
  expect(text).toContain('a.csv:3  got ZZZ (and 1,199 more like it)\n')
  expect(text).toContain('a.csv:9  got nothing\n')
  expect(text).toContain('and 3 other values')
})
