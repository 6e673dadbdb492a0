import { expect, it } from 'vitest'
import type { CapturedSegments } from './snapshot.ts'
import { readSnapshotLines, snapshotLines } from './snapshot-lines.ts'

it('reads what it wrote, of more customers than fit on a line', async () => {
  const customers = Array.from({ length: 5001 }, (_, at) => (at === 7 ? '' : `c"${at}\n`))
  const due = Float64Array.from(customers, (_, at) => (at % 3 === 0 ? Number.POSITIVE_INFINITY : at))
  const captured: CapturedSegments = {
    ...{ format: 1, clock: 12, customers, due, filling: ['rule.new'], lists: { 'list.a': 'x' } },
    memberships: [{ segment: 'rule.keen', version: 2, form: 'f', sequence: 9, bits: 'AQ==', days: [] }],
  }
  const { snapshot, number } = await readSnapshotLines([...snapshotLines(captured, 44)])
  expect(number).toBe(44)
  expect(snapshot).toEqual({ ...captured, due: [...due].map((at) => (at === Number.POSITIVE_INFINITY ? null : at)) })
})
