import { type SparseMatrix, seededRandom, sparseFromTriplets } from '@rapport/numerics'
import type { SpendSummaries } from '../lifetime/index.ts'
import { columnNamed, type Table, table } from '../preparation/index.ts'
import type { Edge, Inputs } from './estimator.contract.ts'

/** One number changed. */
const placed = (values: Float64Array, odd: number, at = 5): Float64Array =>
  values.map((value, place) => (place === at ? odd : value))

const times = (values: Float64Array, scale: number): Float64Array => values.map((value) => value * scale)

/** Edges of a list of numbers. */
function edgesOf(values: Float64Array): Edge<Float64Array>[] {
  return [
    { name: 'no values', input: new Float64Array(0) },
    { name: 'one value', input: values.slice(0, 1) },
    { name: 'two values', input: values.slice(0, 2) },
    { name: 'three values', input: values.slice(0, 3) },
    { name: 'values that are all one', input: values.map(() => 3) },
    { name: 'zeros only', input: values.map(() => 0) },
    { name: 'a missing value', input: placed(values, Number.NaN) },
    { name: 'missing values only', input: values.map(() => Number.NaN) },
    { name: 'an infinite value', input: placed(values, Infinity) },
    { name: 'a negative value', input: placed(values, -2) },
    { name: 'one value far from all others', input: placed(values, 1e12) },
    { name: 'huge values', input: times(values, 2 ** 200) },
    { name: 'tiny values', input: times(values, 2 ** -200) },
    { name: 'values near the largest number', input: times(values, 2 ** 1000) },
    { name: 'values near the smallest number', input: times(values, 2 ** -1000) },
  ]
}

/** Six years of months with a trend and seasons, all above 0. */
export function seriesInputs(): Inputs<Float64Array> {
  const random = seededRandom(31)
  const series = (n: number): Float64Array =>
    Float64Array.from({ length: n }, (_, at) => 40 + at / 3 + 8 * Math.sin((at * Math.PI) / 6) + random.normal())
  const ordinary = series(72)
  const straight = ordinary.map((_, at) => 5 + 2 * at)
  return {
    ordinary,
    other: series(31),
    edges: [...edgesOf(ordinary), { name: 'a straight line', input: straight }],
  }
}

/** Demands among many zeros. */
export function demandInputs(): Inputs<Float64Array> {
  const random = seededRandom(32)
  const demands = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.poisson(0.4))
  const ordinary = demands(60)
  return { ordinary, other: demands(20), edges: edgesOf(ordinary) }
}

/** Scores, and whether each came true. */
export interface Scored {
  readonly scores: Float64Array
  readonly labels: Float64Array
}

export function scoreInputs(): Inputs<Scored> {
  const random = seededRandom(33)
  const drawn = (n: number): Scored => {
    const scores = Float64Array.from({ length: n }, () => random.normal())
    return { scores, labels: scores.map((score) => Number(score + random.normal() > 0)) }
  }
  const ordinary = drawn(80)
  const { scores, labels } = ordinary
  return {
    ordinary,
    other: drawn(25),
    edges: [
      ...edgesOf(scores).map(({ name, input }) => ({
        name,
        input: { scores: input, labels: labels.slice(0, input.length) },
      })),
      { name: 'a missing label', input: { scores, labels: placed(labels, Number.NaN) }, mustRefuse: true },
      { name: 'fewer labels than scores', input: { scores, labels: labels.slice(1) }, mustRefuse: true },
      { name: 'one class only', input: { scores, labels: labels.map(() => 1) } },
      { name: 'classes that a score tells apart', input: { scores, labels: scores.map((score) => Number(score > 0)) } },
    ],
  }
}

/** Who took what: 25 users, 12 items. */
export function interactionInputs(): Inputs<SparseMatrix> {
  const random = seededRandom(34)
  const drawn = (users: number, items: number): SparseMatrix => {
    const pairs = Array.from({ length: users * 4 }, (_, at) => [at % users, random.integer(items)] as const)
    return sparseFromTriplets(
      users,
      items,
      pairs.map(([user]) => user),
      pairs.map(([, item]) => item),
    )
  }
  const ordinary = drawn(25, 12)
  const valued = (name: string, change: (value: number, at: number) => number): Edge<SparseMatrix> => ({
    name,
    input: { ...ordinary, values: Float64Array.from(ordinary.values, change) },
  })
  return {
    ordinary,
    other: drawn(10, 7),
    edges: [
      { name: 'no interactions', input: sparseFromTriplets(3, 4, [], []) },
      { name: 'no users and no items', input: sparseFromTriplets(0, 0, [], []) },
      { name: 'one user', input: sparseFromTriplets(1, 4, [0, 0], [1, 3]) },
      { name: 'one item', input: sparseFromTriplets(4, 1, [0, 2], [0, 0]) },
      valued('stored zeros only', () => 0),
      valued('a missing value', (value, at) => (at === 4 ? Number.NaN : value)),
      valued('an infinite value', (value, at) => (at === 4 ? Infinity : value)),
      valued('a negative value', (value, at) => (at === 4 ? -1 : value)),
      valued('huge values', (value) => value * 2 ** 100),
      valued('tiny values', (value) => value * 2 ** -100),
      valued('values near the largest number', (value) => value * 2 ** 1000),
      valued('values near the smallest number', (value) => value * 2 ** -1000),
    ],
  }
}

/** Histories of customers: repeat purchases, the last one's time, the time watched. */
export interface Purchases {
  readonly frequency: Float64Array
  readonly recency: Float64Array
  readonly age: Float64Array
}

export function purchaseInputs(): Inputs<Purchases> {
  const random = seededRandom(35)
  const drawn = (n: number): Purchases => {
    const age = Float64Array.from({ length: n }, () => 20 + 19 * random.uniform())
    const frequency = Float64Array.from({ length: n }, (_, row) =>
      row % 3 === 0 ? 0 : random.poisson(random.gamma(0.8, 3)),
    )
    const recency = age.map((end, row) => (frequency[row]! > 0 ? end * (0.05 + 0.9 * random.uniform()) : 0))
    return { frequency, recency, age }
  }
  const ordinary = drawn(120)
  const { frequency, recency, age } = ordinary
  const none = new Float64Array(0)
  const inTime = (name: string, scale: number): Edge<Purchases> => ({
    name,
    input: { frequency, recency: times(recency, scale), age: times(age, scale) },
  })
  return {
    ordinary,
    other: drawn(60),
    edges: [
      { name: 'no customers', input: { frequency: none, recency: none, age: none } },
      {
        name: 'one customer',
        input: { frequency: Float64Array.of(2), recency: Float64Array.of(3), age: Float64Array.of(9) },
      },
      {
        name: 'nobody who came back',
        input: { frequency: frequency.map(() => 0), recency: recency.map(() => 0), age },
      },
      {
        name: 'customers who are all one',
        input: { frequency: age.map(() => 2), recency: age.map(() => 5), age: age.map(() => 9) },
      },
      { name: 'a missing value', input: { frequency, recency: placed(recency, Number.NaN), age }, mustRefuse: true },
      { name: 'an infinite value', input: { frequency, recency, age: placed(age, Infinity) }, mustRefuse: true },
      { name: 'a negative value', input: { frequency: placed(frequency, -1), recency, age }, mustRefuse: true },
      { name: 'fewer ages than customers', input: { frequency, recency, age: age.slice(1) }, mustRefuse: true },
      inTime('huge times', 2 ** 100),
      inTime('tiny times', 2 ** -100),
      inTime('times near the largest number', 2 ** 1000),
      inTime('times near the smallest number', 2 ** -1000),
    ],
  }
}

export function spendInputs(): Inputs<SpendSummaries> {
  const random = seededRandom(36)
  const drawn = (n: number): SpendSummaries => ({
    frequency: Float64Array.from({ length: n }, () => random.poisson(2)),
    meanSpend: Float64Array.from({ length: n }, () => 10 + random.gamma(4, 6)),
  })
  const ordinary = drawn(80)
  const { frequency, meanSpend } = ordinary
  return {
    ordinary,
    other: drawn(40),
    edges: [
      ...edgesOf(meanSpend).map(({ name, input }) => ({
        name,
        input: { frequency: frequency.slice(0, input.length), meanSpend: input },
      })),
      { name: 'a missing count', input: { frequency: placed(frequency, Number.NaN), meanSpend }, mustRefuse: true },
      { name: 'fewer spends than customers', input: { frequency, meanSpend: meanSpend.slice(1) }, mustRefuse: true },
      { name: 'nobody who bought', input: { frequency: frequency.map(() => 0), meanSpend } },
    ],
  }
}

/** How long each customer was watched, and whether it happened. */
export interface Watched {
  readonly durations: Float64Array
  readonly events: Float64Array
}

export function durationInputs(): Inputs<Watched> {
  const random = seededRandom(37)
  const drawn = (n: number): Watched => ({
    durations: Float64Array.from({ length: n }, () => 1 + Math.floor(random.exponential(0.1))),
    events: Float64Array.from({ length: n }, () => Number(random.uniform() < 0.6)),
  })
  const ordinary = drawn(60)
  const { durations, events } = ordinary
  return {
    ordinary,
    other: drawn(25),
    edges: [
      ...edgesOf(durations).map(({ name, input }) => ({
        name,
        input: { durations: input, events: events.slice(0, input.length) },
      })),
      { name: 'a missing event', input: { durations, events: placed(events, Number.NaN) }, mustRefuse: true },
      { name: 'fewer events than rows', input: { durations, events: events.slice(1) }, mustRefuse: true },
      { name: 'no events', input: { durations, events: events.map(() => 0) } },
      { name: 'events only', input: { durations, events: events.map(() => 1) } },
    ],
  }
}

/** A table of mixed columns, with a target of each row. */
export interface MixedRows {
  readonly of: Table
  readonly targets: Float64Array
}

export function tableInputs(): Inputs<MixedRows> {
  const random = seededRandom(38)
  const drawn = (n: number, change: (value: number, row: number) => number = (value) => value): MixedRows => ({
    of: table([
      {
        name: 'spend',
        kind: 'number',
        values: Float64Array.from({ length: n }, (_, row) => change(10 * (row % 3) + random.gamma(2, 1), row)),
      },
      {
        name: 'plan',
        kind: 'text',
        values: Array.from({ length: n }, (_, row) => ['basic', 'gold', '__proto__'][row % 3]!),
      },
    ]),
    targets: Float64Array.from({ length: n }, (_, row) => Number(row % 4 === 0)),
  })
  const ordinary = drawn(48)
  const spend = columnNamed(ordinary.of, 'spend', 'number')
  const plan = columnNamed(ordinary.of, 'plan', 'text')
  const worded = (wordOf: (word: string | null, row: number) => string | null): MixedRows => ({
    ...ordinary,
    of: table([spend, { ...plan, values: plan.values.map(wordOf) }]),
  })
  const scaled = (name: string, scale: number): Edge<MixedRows> => ({
    name,
    input: drawn(48, (value) => value * scale),
  })
  return {
    ordinary,
    other: drawn(20),
    edges: [
      { name: 'no rows', input: drawn(0) },
      { name: 'one row', input: drawn(1) },
      { name: 'two rows', input: drawn(2) },
      { name: 'no columns', input: { ...ordinary, of: table([]) } },
      { name: 'a constant column', input: drawn(48, () => 3) },
      { name: 'one word only', input: worded(() => 'a') },
      { name: 'a missing value', input: drawn(48, (value, row) => (row === 5 ? Number.NaN : value)) },
      { name: 'a missing column', input: drawn(48, () => Number.NaN) },
      { name: 'missing words', input: worded((word, row) => (row % 5 === 0 ? null : word)) },
      { name: 'an infinite value', input: drawn(48, (value, row) => (row === 5 ? Infinity : value)) },
      scaled('huge values', 2 ** 200),
      scaled('tiny values', 2 ** -200),
      scaled('values near the largest number', 2 ** 1000),
      scaled('values near the smallest number', 2 ** -1000),
    ],
  }
}

/** Words, with a target of each row. */
export interface Words {
  readonly values: readonly (string | null)[]
  readonly targets: Float64Array
}

export function wordInputs(): Inputs<Words> {
  const drawn = (values: readonly (string | null)[]): Words => ({
    values,
    targets: Float64Array.from(values, (_, row) => Number(row % 4 === 0)),
  })
  const names = ['basic', 'gold', '__proto__', 'constructor', '', 'half a pair \ud800', null]
  const ordinary = drawn(Array.from({ length: 50 }, (_, row) => names[(row * row) % 7]!))
  const { values, targets } = ordinary
  return {
    ordinary,
    other: drawn(['a', 'b', 'a']),
    edges: [
      { name: 'no rows', input: drawn([]) },
      { name: 'one row', input: drawn(['a']) },
      { name: 'one word only', input: drawn(values.map(() => 'a')) },
      { name: 'missing words only', input: drawn(values.map(() => null)) },
      { name: 'huge targets', input: { values, targets: targets.map((target) => target * 2 ** 1000) } },
      { name: 'tiny targets', input: { values, targets: targets.map((target) => target * 2 ** -1000) } },
    ],
  }
}
