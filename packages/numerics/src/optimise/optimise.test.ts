import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minimise, minimiseBySimplex, minimiseFromStarts, numericHessian, type Objective } from './index.ts'

const rosenbrock: Objective = (point, gradient) => {
  let value = 0
  gradient.fill(0)
  for (let at = 0; at + 1 < point.length; at += 1) {
    const x = point[at]!
    const gap = point[at + 1]! - x * x
    value += 100 * gap * gap + (1 - x) ** 2
    gradient[at]! += -400 * x * gap - 2 * (1 - x)
    gradient[at + 1]! += 200 * gap
  }
  return value
}
const valueAlone =
  (objective: Objective) =>
  (point: Float64Array): number =>
    objective(point, new Float64Array(point.length))

// x − log x on (0, ∞) beside a quadratic: the first long step leaves the domain.
const halfLine: Objective = (point, gradient) => {
  const [x, y] = [point[0]!, point[1]!]
  gradient[0] = 1 - 1 / x
  gradient[1] = 2e4 * y
  return x > 0 ? x - Math.log(x) + 1e4 * y * y : Number.NaN
}

test.each([2, 6, 50])('the bottom of Rosenbrock’s valley in %i dimensions', (d) => {
  const start = Float64Array.from({ length: d }, (_, at) => (at % 2 === 0 ? -1.2 : 1))
  const found = minimise(rosenbrock, start, { gradientTolerance: 1e-9, changeTolerance: 0 })
  expect(found.converged).toBe(true)
  // Above three dimensions the valley has a second, local minimum near (−1, 1, …), which is a fair answer too.
  expect(found.gradientMax).toBeLessThan(1e-8)
  if (d === 2) for (const x of found.point) expect(x).toBeCloseTo(1, 8)
  expect(start[0]).toBe(-1.2)
})

test('a quadratic is found from anywhere, however badly scaled', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -50, max: 50, noNaN: true })), {
        minLength: 1,
        maxLength: 8,
      }),
      (axes) => {
        const scales = axes.map(([power]) => 10 ** power)
        const quadratic: Objective = (point, gradient) =>
          axes.reduce((sum, [, middle], at) => {
            const gap = point[at]! - middle
            gradient[at] = 2 * scales[at]! * gap
            return sum + scales[at]! * gap * gap
          }, 0)
        const found = minimise(quadratic, new Float64Array(axes.length), {
          gradientTolerance: 1e-7,
          changeTolerance: 0,
        })
        expect(found.gradientMax).toBeLessThan(1e-5)
      },
    ),
  )
})

test('a step out of the domain is taken back', () => {
  const found = minimise(halfLine, Float64Array.of(1e-3, 3))
  expect(found.point[0]).toBeCloseTo(1, 6)
  expect(found.point[1]).toBeCloseTo(0, 8)
})

test('without a gradient', () => {
  const found = minimiseBySimplex(valueAlone(rosenbrock), Float64Array.of(-1.2, 1))
  expect(found.converged).toBe(true)
  expect(found.point[0]).toBeCloseTo(1, 4)
  expect(found.point[1]).toBeCloseTo(1, 4)
  expect(minimiseBySimplex(([x]) => Math.abs(x! - 3), Float64Array.of(0)).point[0]).toBeCloseTo(3, 5)
  expect(minimiseBySimplex(valueAlone(halfLine), Float64Array.of(0.1, 1)).point[0]).toBeCloseTo(1, 3)
})

test('rounds that ran out are not called converged', () => {
  const found = minimise(rosenbrock, Float64Array.of(-1.2, 1), { roundsMax: 3 })
  expect(found).toMatchObject({ converged: false, because: 'rounds', rounds: 3 })
  expect(minimiseBySimplex(valueAlone(rosenbrock), Float64Array.of(-1.2, 1), { roundsMax: 3 }).converged).toBe(false)
})

test('of several starts the lowest valley wins, and starts out of the domain are passed over', () => {
  const wells: Objective = (point, gradient) => {
    const x = point[0]!
    gradient[0] = 4 * x * (x * x - 1) + 0.3
    return x > -10 ? (x * x - 1) ** 2 + 0.3 * x : Infinity
  }
  const starts = [Float64Array.of(-20), Float64Array.of(1.5), Float64Array.of(-1.5)]
  expect(minimiseFromStarts(wells, starts).point[0]).toBeCloseTo(-1.0355, 3)
  expect(() => minimiseFromStarts(wells, [Float64Array.of(-20)])).toThrow('finite at one of 1 starts')
  expect(() => minimise(wells, Float64Array.of(-20))).toThrow('must be finite at its start, got Infinity')
})

test('second derivatives of Rosenbrock’s function at its minimum', () => {
  const { values } = numericHessian(rosenbrock, Float64Array.of(1, 1))
  for (const [at, exact] of [802, -400, -400, 200].entries()) expect(values[at]! / exact).toBeCloseTo(1, 6)
})

test('stops when told to', () => {
  const stopped = AbortSignal.abort('enough')
  expect(() => minimise(rosenbrock, Float64Array.of(0, 0), {}, { signal: stopped })).toThrow('stopped before')
  expect(() => minimiseBySimplex(valueAlone(rosenbrock), Float64Array.of(0, 0), {}, { signal: stopped })).toThrow()
})

test('progress never goes back', () => {
  const seen: number[] = []
  minimise(rosenbrock, Float64Array.of(-1.2, 1), {}, { onProgress: ({ done }) => seen.push(done) })
  expect(seen.length).toBeGreaterThan(5)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
})
