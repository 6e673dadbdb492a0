import { type Matrix, matrix, matrixFromRows, seededRandom, sparseFromTriplets } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { continueOnline, fitLogistic, fitOnlineLinear, type OnlineMethod, predictOnline } from './index.ts'

/** Rows of which many values are 0; the label follows the first two columns. */
function makeRows(rows: number, seed: number): { data: Matrix; labels: number[] } {
  const random = seededRandom(seed)
  const values = Array.from({ length: rows }, () =>
    Array.from({ length: 4 }, () => (random.uniform() < 0.4 ? 0 : random.normal())),
  )
  const labels = values.map(([a, b]) => Number(random.uniform() < 1 / (1 + Math.exp(0.5 - 1.5 * a! + b!))))
  return { data: matrixFromRows(values), labels }
}

const sparse = ({ rows, columns, values }: Matrix) => {
  const places = Array.from(values, (_, at) => at).filter((at) => values[at] !== 0)
  return sparseFromTriplets(
    rows,
    columns,
    places.map((at) => Math.floor(at / columns)),
    places.map((at) => at % columns),
    places.map((at) => values[at]!),
  )
}

const firstRows = (data: Matrix, from: number, to: number): Matrix =>
  matrix(to - from, data.columns, Float64Array.from(data.values.subarray(from * data.columns, to * data.columns)))

const methods: OnlineMethod[] = [
  { kind: 'ftrl', l1: 0.3, l2: 0.1 },
  { kind: 'sgd', stepSize: 0.05, l2: 0.01 },
]

test('learning in parts is learning at once, to the bit, also after saving between', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20 }),
      fc.constantFrom(...methods),
      fc.integer({ min: 1, max: 3 }),
      (cut, method, batch) => {
        const { data, labels } = makeRows(60, cut)
        const options = { loss: 'logistic', method, batch } as const
        const whole = fitOnlineLinear(data, labels, options)
        const at = 2 * batch * Math.max(1, Math.min(9, cut))
        const first = fitOnlineLinear(firstRows(data, 0, at), labels.slice(0, at), options)
        const before = structuredClone(first)
        expect(continueOnline(structuredClone(first), firstRows(data, at, 60), labels.slice(at))).toEqual(whole)
        continueOnline(first, data, labels)
        expect(first).toEqual(before)
      },
    ),
    { numRuns: 30 },
  )
})

test.each(methods)('$kind: sparse rows teach what dense ones do', (method) => {
  const { data, labels } = makeRows(200, 1)
  for (const batch of [1, 7]) {
    const options = { loss: 'logistic', method, batch } as const
    const dense = fitOnlineLinear(data, labels, options)
    expect(fitOnlineLinear(sparse(data), labels, options)).toEqual(dense)
    expect(predictOnline(dense, sparse(data))).toEqual(predictOnline(dense, data))
  }
})

test('many passes come near the exact logistic regression', () => {
  const { data, labels } = makeRows(2000, 2)
  const exact = fitLogistic(data, labels, { penalty: 0 })
  for (const method of [{ kind: 'ftrl' }, { kind: 'sgd', stepSize: 1, decay: 0.5, l2: 0 }] as const) {
    const found = fitOnlineLinear(data, labels, { loss: 'logistic', method, passes: 20, batch: 4, seed: 1 })
    found.coefficients.forEach((coefficient, column) => {
      // A standard error of these coefficients is about 0.06.
      expect(Math.abs(coefficient - exact.coefficients[column]!)).toBeLessThan(0.06)
    })
  }
})

test('an absolute penalty leaves columns that say nothing at exactly 0', () => {
  const { data, labels } = makeRows(1000, 3)
  const { coefficients } = fitOnlineLinear(data, labels, { loss: 'logistic', method: { kind: 'ftrl', l1: 20 } })
  expect(coefficients[0]).toBeGreaterThan(0.2)
  expect(coefficients[1]).toBeLessThan(-0.1)
  expect(Array.from(coefficients.slice(2))).toEqual([0, 0])
})

test('a constant step follows a world that turns round', () => {
  const { data, labels } = makeRows(1500, 4)
  const turned = labels.map((label, row) => (row < 750 ? label : 1 - label))
  const method = { kind: 'sgd', stepSize: 0.05, decay: 0, l2: 0 } as const
  const { coefficients } = fitOnlineLinear(data, turned, { loss: 'logistic', method })
  expect(coefficients[0]).toBeLessThan(-0.5)
})

test('a weight of 0 moves nothing in descent without penalty, and the squared loss learns numbers', () => {
  const { data } = makeRows(400, 5)
  const targets = Array.from({ length: 400 }, (_, row) => 3 - 2 * data.values[4 * row]! + data.values[4 * row + 3]!)
  const method = { kind: 'sgd', stepSize: 0.05, decay: 0, l2: 0 } as const
  const options = { loss: 'squared', method, passes: 5, seed: 2 } as const
  const found = fitOnlineLinear(data, targets, options)
  ;[-2, 0, 0, 1].forEach((truth, column) => {
    expect(Math.abs(found.coefficients[column]! - truth)).toBeLessThan(1e-3)
  })
  expect(found.intercept).toBeCloseTo(3, 3)
  const idle = continueOnline(
    found,
    data,
    targets.map(() => 99),
    targets.map((_, row) => Number(row === 0 && false) || 1e-90),
  )
  expect(idle.coefficients).toEqual(found.coefficients)
})

test('what cannot be used is refused, and steps that run away are told', () => {
  const { data, labels } = makeRows(20, 6)
  const refuse = (run: () => unknown, message: string) => expect(run).toThrow(message)
  const fit = (options: object) => () => fitOnlineLinear(data, labels, { loss: 'logistic', ...options })
  refuse(fit({ loss: 'hinge' }), 'loss must be logistic or squared, got hinge')
  refuse(fit({ batch: 0 }), 'batch must be a whole number ≥ 1, got 0')
  refuse(fit({ passes: 1.5 }), 'passes must be a whole number ≥ 1, got 1.5')
  refuse(fit({ method: { kind: 'adam' } }), 'method must be ftrl or sgd, got adam')
  refuse(fit({ method: { kind: 'ftrl', l1: -1 } }), 'l1 must be a number 0 or more, got -1')
  refuse(fit({ method: { kind: 'sgd', decay: 2 } }), 'decay must be a number from 0 to 1, got 2')
  refuse(() => fitOnlineLinear(data, [], { loss: 'logistic' }), 'targets must hold one number a row (20), got 0')
  refuse(
    () =>
      fitOnlineLinear(
        data,
        labels.map(() => 2),
        { loss: 'logistic' },
      ),
    'every target must be 0 or 1, got 2',
  )
  refuse(() => fitOnlineLinear(matrix(0, 2), [], { loss: 'squared' }), 'at least one row and one column, got 0 × 2')
  refuse(() => fitOnlineLinear(matrixFromRows([[Number.NaN]]), [0], { loss: 'logistic' }), 'must be finite')
  const odd = sparseFromTriplets(1, 1, [0], [0], [Infinity])
  refuse(() => fitOnlineLinear(odd, [0], { loss: 'logistic' }), 'every value must be finite, got Infinity at entry 0')
  const huge = matrix(
    20,
    4,
    data.values.map((value) => value * 1e9),
  )
  refuse(
    () => fitOnlineLinear(huge, labels, { loss: 'squared', method: { kind: 'sgd' }, passes: 20 }),
    'coefficients must stay finite',
  )
  const model = fitOnlineLinear(data, labels, { loss: 'logistic' })
  refuse(() => continueOnline(model, matrix(1, 3), [0]), 'the 4 columns of the model, got 3')
  refuse(() => predictOnline(model, matrix(1, 3)), 'the 4 columns of the model, got 3')
  expect(continueOnline(model, matrix(0, 4), [])).toEqual(model)
  const stopped = { signal: AbortSignal.abort() }
  refuse(() => fitOnlineLinear(data, labels, { loss: 'logistic' }, stopped), 'the work was stopped')
})
