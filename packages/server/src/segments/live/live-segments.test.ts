import { expect, it } from 'vitest'
import { compileSegments } from './compile.ts'
import { LiveSegments } from './live-segments.ts'
import { ReferenceValues } from './reference-values.contract.ts'
import { readSegmentDefinition } from './segment-definition.ts'

const day = 86_400_000
const start = Date.UTC(2024, 5, 1, 12)

const definitions = [
  { id: 'list.vip', name: 'VIP', words: 'who is dear to us', list: true },
  { id: 'rule.active', name: 'Active', words: 'seen lately', rule: { event: 'View', withinDays: 2 } },
  {
    ...{ id: 'rule.quiet-vip', name: 'Quiet VIP', words: 'dear and not seen' },
    rule: { all: [{ segment: 'list.vip' }, { not: [{ segment: 'rule.active' }] }] },
  },
]

function opened() {
  const segments = definitions.map(readSegmentDefinition)
  const compiled = compileSegments({ segments, features: [], timezone: 'Europe/Berlin' })
  const values = new ReferenceValues(compiled.plan, 'Europe/Berlin')
  const live = new LiveSegments({ compiled, values })
  let key = 0n
  const view = (customer: string, at: number) => {
    key += 1n
    const what = { kind: 'event', name: 'View', call: 'track', fields: {} } as const
    const fact = { ...what, key, at, receivedAt: at, customerId: customer }
    return live.take([customer], at, () => values.take({ facts: [fact], traits: [], scores: [] }))
  }
  return { live, view }
}
const told = (movements: readonly { segment: string; customer: string; isEntry: boolean; at: number }[]) =>
  movements.map(
    ({ segment, customer, isEntry, at }) =>
      `${customer} ${isEntry ? 'in' : 'out of'} ${segment} at ${(at - start) / day}`,
  )

it('tells who comes by an event, leaves by time, and is put onto a list', () => {
  const { live, view } = opened()
  expect(told(view('ada', start))).toEqual(['ada in rule.active at 0'])
  expect(view('ada', start + 1000)).toEqual([])
  const listed = live.setList('list.vip', ['ada', 'bob'], start + day)
  expect(told(listed)).toEqual(['ada in list.vip at 1', 'bob in list.vip at 1', 'bob in rule.quiet-vip at 1'])
  expect(listed.at(-1)!.reason).toMatchObject({
    because: 'list',
    clauses: [
      { pointer: '/rule/all/0', words: 'is in VIP', holds: true },
      { pointer: '/rule/all/1/not/0', words: 'is in Active', holds: false },
    ],
  })
  // The window moves on by minutes: it is over when the minute of the later view is.
  expect(live.nextAt).toBe(start + 2 * day + 1)
  const left = live.passTo(start + 3 * day)
  expect(told(left)).toEqual(['ada out of rule.active at 2', 'ada in rule.quiet-vip at 2'])
  expect(left[0]!.reason).toMatchObject({ because: 'time', clauses: [{ holds: false, value: 0 }] })
  expect(left.map(({ sequence }) => sequence)).toEqual([2, 2])
})

it('counts who is in, by day, and in both of two', () => {
  const { live, view } = opened()
  for (const customer of ['ada', 'bob', 'cid']) view(customer, start)
  live.setList('list.vip', ['ada', 'cid', 'dan'], start + 1)
  view('ada', start + day)
  live.passTo(start + 4 * day)
  expect(live.sizesByDay('rule.active')).toEqual([
    { day: '2024-06-01', entries: 3, exits: 0, size: 3 },
    { day: '2024-06-03', entries: 0, exits: 2, size: 1 },
    { day: '2024-06-04', entries: 0, exits: 1, size: 0 },
  ])
  expect([live.size('list.vip'), live.overlap('list.vip', 'rule.quiet-vip')]).toEqual([3, 3])
  expect([...live.members('rule.quiet-vip')]).toEqual(['ada', 'cid', 'dan'])
  expect(live.segmentsOf('ada')).toEqual(['list.vip', 'rule.quiet-vip'])
})

it('takes somebody out of everything, and leaves nothing of them', () => {
  const { live, view } = opened()
  view('ada', start)
  live.setList('list.vip', ['ada'], start)
  const gone = live.remove('ada', start + 1, 'erasure')
  expect(gone.map(({ segment, isEntry, reason }) => [segment, isEntry, reason.because])).toEqual([
    ['list.vip', false, 'erasure'],
    ['rule.active', false, 'erasure'],
  ])
  expect(live.customers).toBe(0)
  expect(JSON.stringify(live.snapshot())).not.toContain('ada')
  expect(live.nextAt).toBe(Infinity)
})

it('tells apart who is in a new segment already and who comes by the event that is looked at first', () => {
  const { live, view } = opened()
  view('ada', start)
  view('bob', start - 5 * day)
  live.passTo(start + 1)
  const seen = { event: 'View', count: { atLeast: 1 } }
  const again = { event: 'View', count: { atLeast: 2 } }
  const segments = [
    readSegmentDefinition({ id: 'rule.seen', name: 'Seen', words: 'seen ever', rule: seen }),
    readSegmentDefinition({ id: 'rule.again', name: 'Seen again', words: 'seen twice', rule: again }),
  ]
  const compiled = compileSegments({ segments, features: [], timezone: 'Europe/Berlin' })
  const values = new ReferenceValues(compiled.plan, 'Europe/Berlin')
  const viewed = (key: bigint, customerId: string, at: number) => {
    const what = { kind: 'event', name: 'View', call: 'track', fields: {} } as const
    return { facts: [{ ...what, key, at, receivedAt: at, customerId }], traits: [], scores: [] }
  }
  values.take(viewed(1n, 'ada', start))
  values.take(viewed(2n, 'bob', start))
  const left = live.change(compiled, values, start + 2)
  // Bob's view was too long ago when it became known.
  expect(told(left)).toEqual([`ada out of rule.active at ${2 / day}`])
  expect(live.backfilling).toEqual({ left: 2, total: 2, segments: ['rule.seen', 'rule.again'] })
  const came = live.take(['ada'], start + 3, () => values.take(viewed(3n, 'ada', start + 3)))
  expect(came.map(({ segment, reason }) => [segment, reason.because])).toEqual([
    ['rule.seen', 'definition'],
    ['rule.again', 'event'],
  ])
  expect(live.backfill(10).map(({ segment, customer }) => [segment, customer])).toEqual([['rule.seen', 'bob']])
  expect(live.backfilling.left).toBe(0)
})
