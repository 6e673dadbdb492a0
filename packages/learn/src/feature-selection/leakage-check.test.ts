import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { type Column, table } from '../preparation/index.ts'
import { checkLeakage, type LeakageFinding } from './index.ts'

// Planted leaks beside honest columns: 800 customers of whom three in ten lapse, told by honest columns to an area of 0.7 to 0.8.
const random = seededRandom(9)
const n = 800
const rows = Array.from({ length: n }, (_, row) => row)
const cutOff = Date.UTC(2024, 0, 1)
const day = 86_400_000
const traits = rows.map(() => random.normal())
const lapsed = traits.map((trait) => (random.uniform() < 1 / (1 + Math.exp(1.1 - 1.4 * trait)) ? 1 : 0))
const numbers = (name: string, value: (row: number) => number): Column => ({
  name,
  kind: 'number',
  values: Float64Array.from(rows, value),
})
const texts = (name: string, value: (row: number) => string | null): Column => ({
  name,
  kind: 'text',
  values: rows.map(value),
})
const target = numbers('lapsed', (row) => lapsed[row]!)
const honest = [
  numbers('trait', (row) => traits[row]! + 0.3 * random.normal()),
  numbers('orders', () => random.poisson(3)),
  numbers('age', (row) => (row % 9 === 0 ? Number.NaN : 20 + random.integer(60))),
  texts('city', () => ['Rome', 'Oslo', 'Lima', null][random.integer(4)]!),
  texts('first order', () => new Date(cutOff - day * random.integer(700)).toISOString().slice(0, 10)),
]
const reasons = (findings: readonly LeakageFinding[]): string[] =>
  findings.map(({ column, verdict, reason }) => `${column}: ${verdict}, ${reason}`)
const check = (...columns: Column[]) => checkLeakage(table([target, ...columns]), 'lapsed', { seed: 1, asOf: cutOff })

test('honest columns are clean, strong ones too', () => {
  const report = check(...honest)
  expect(report.findings).toEqual([])
  expect(report.verdict).toBe('clean')
  const strength = report.strengths.find(({ column }) => column === 'trait')!.strength
  expect(strength > 0.7 && strength < 0.85).toBe(true)
})

test.each([
  ['is-target', texts('status', (row) => (lapsed[row] ? 'gone' : 'here'))],
  ['is-target', numbers('active', (row) => 1 - lapsed[row]!)],
  ['one-sided', texts('reason', (row) => (lapsed[row] && row % 3 > 0 ? ['price', 'moved'][row % 2]! : null))],
  ['one-sided', numbers('last renewal', (row) => (lapsed[row] && row % 4 > 0 ? Number.NaN : random.normal()))],
  [
    'later',
    texts('seen', (row) => new Date(cutOff + day * (random.integer(400) - (lapsed[row] ? 390 : 300))).toISOString()),
  ],
  [
    'predicts-alone',
    numbers('orders of the month after', (row) => (lapsed[row] ? 0 : 1 + random.integer(30)) + 5 * random.uniform()),
  ],
  ['predicts-alone', texts('desk', (row) => (random.uniform() < 0.02 ? 'a' : lapsed[row] ? 'b' : `c${row % 3}`))],
] as const)('a leak: %s', (reason, column) => {
  const report = check(...honest, column)
  expect(report.verdict).toBe('leak')
  expect(report.findings.map((finding) => finding.column)).toContain(column.name)
  expect(report.findings.every((finding) => finding.column === column.name)).toBe(true)
  expect(report.findings.map((finding) => finding.reason)).toContain(reason)
})

test('a column that rises and falls with the target predicts too', () => {
  const middle = numbers('x', (row) => (lapsed[row] ? random.normal() : (row % 2 ? 6 : -6) + random.normal()))
  expect(reasons(check(middle).findings)).toEqual(['x: leak, predicts-alone'])
})

test('a rule that few rows fulfil is a leak, whichever way it points and by missing values too', () => {
  const few = rows.map((row) => (row % 50 === 0 ? 'vip' : 'other'))
  const spend = (row: number): number => (few[row] === 'vip' ? 1000 : 0) + 400 * random.uniform()
  const rule = [
    numbers('spend', spend),
    numbers('rank', (row) => -spend(row)),
    numbers('bonus', (row) => (few[row] === 'vip' ? random.normal() : Number.NaN)),
  ]
  const { findings, strengths } = checkLeakage(
    table([texts('kind', (row) => few[row]!), ...rule, ...honest.slice(1)]),
    'kind',
    { seed: 1, lookFor: ['predicts-alone'] },
  )
  expect(reasons(findings)).toEqual(rule.map(({ name }) => `${name}: leak, predicts-alone`))
  expect(strengths.slice(0, 3).map(({ strength }) => strength)).toEqual([1, 1, 1])
})

test('what names rows is suspect; where it follows their order and the target does too, it is a leak', () => {
  const number = numbers('number', (row) => 5000 + row)
  const name = texts('name', (row) => `customer ${row}`)
  expect(reasons(check(number, name).findings)).toEqual(['number: suspect, names-rows', 'name: suspect, names-rows'])
  const sorted = rows.map((row) => (random.uniform() < row / n ? 1 : 0))
  const aim = numbers('lapsed', (row) => sorted[row]!)
  const report = checkLeakage(table([aim, number]), 'lapsed', { seed: 1 })
  expect(reasons(report.findings)).toEqual(['number: leak, order'])
})

test('times as numbers are looked at when told so, against a cut-off of each row', () => {
  const ends = numbers('end', (row) => cutOff + day * (row % 10) - 5 * day)
  const asOf = rows.map((row) => cutOff + day * (row % 2))
  const options = { seed: 1, asOf, times: ['end'] }
  const { findings } = checkLeakage(table([target, ends]), 'lapsed', options)
  expect(reasons(findings)).toEqual(['end: leak, later'])
  expect(check(ends).findings).toEqual([])
})

test('targets of several classes and of amounts', () => {
  const plan = traits.map((trait) => (trait < -0.5 ? 'basic' : trait < 0.6 ? 'plus' : 'pro'))
  const plans = texts('plan', (row) => plan[row]!)
  const price = numbers('price', (row) => ({ basic: 5, plus: 9, pro: 20 })[plan[row]!]! + 0.1 * random.normal())
  expect(reasons(checkLeakage(table([plans, price, ...honest.slice(1)]), 'plan', { seed: 1 }).findings)).toEqual([
    'price: leak, predicts-alone',
  ])
  const spend = numbers('spend', (row) => 100 * Math.exp(traits[row]!))
  const cents = numbers('cents', (row) => 10_000 * Math.exp(traits[row]!) + 3)
  const order = numbers('rank', (row) => Math.exp(traits[row]! / 2) + 0.05 * random.normal())
  const { findings } = checkLeakage(table([spend, cents, order, ...honest.slice(1)]), 'spend', {
    seed: 1,
  })
  expect(reasons(findings)).toEqual(['cents: leak, is-target', 'rank: suspect, predicts-alone'])
})

test('only what is looked for is found', () => {
  const reason = texts('reason', (row) => (lapsed[row] && row % 3 > 0 ? 'price' : null))
  const active = numbers('active', (row) => 1 - lapsed[row]!)
  const of = table([target, reason, active])
  expect(reasons(checkLeakage(of, 'lapsed', { seed: 1, lookFor: ['is-target'] }).findings)).toEqual([
    'active: leak, is-target',
  ])
})

test('a handful of rows accuses nobody but the target itself', () => {
  const few = table(
    [numbers('y', (row) => row % 2), numbers('same', (row) => row % 2), numbers('x', (row) => row)].map(
      (column) => ({ ...column, values: (column.values as Float64Array).slice(0, 8) }) as Column,
    ),
  )
  expect(reasons(checkLeakage(few, 'y', { seed: 1 }).findings)).toEqual(['same: leak, is-target'])
})

test('what means nothing is refused', () => {
  const of = table([target, ...honest])
  expect(() => checkLeakage(of, 'gone', { seed: 1 })).toThrow('table must have a column gone')
  expect(() => checkLeakage(of, 'age', { seed: 1 })).toThrow('age must not be missing or infinite, got NaN at row 0')
  const constant = table([numbers('y', () => 1)])
  expect(() => checkLeakage(constant, 'y', { seed: 1 })).toThrow('y must have two different values, got 1')
  expect(() => checkLeakage(of, 'lapsed', { seed: 1, leakFrom: 0.2 })).toThrow('must rise within 0 … 1')
  expect(() => checkLeakage(of, 'lapsed', { seed: 1, asOf: [1] })).toThrow('asOf must hold one time a row (800), got 1')
  expect(() => checkLeakage(of, 'lapsed', { seed: 1, times: ['city'] })).toThrow('number column city')
})
