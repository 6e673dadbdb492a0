import { matrix, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { balanceTest } from './balance-test.ts'
import { checkAssignment } from './check-assignment.ts'

interface Design {
  readonly rows?: number
  readonly chance: (columns: Float64Array) => number
  readonly seed?: number
}

/** Three columns of normal numbers, treatment by a chance that may look at them, outcomes by the first. */
function draw({ rows = 2000, chance, seed = 1 }: Design) {
  const random = seededRandom(seed)
  const data = matrix(
    rows,
    3,
    Float64Array.from({ length: 3 * rows }, () => random.normal()),
  )
  const own = (row: number): Float64Array => data.values.subarray(3 * row, 3 * row + 3) as Float64Array
  const propensities = Float64Array.from({ length: rows }, (_, row) => chance(own(row)))
  const treated = Uint8Array.from(propensities, (one) => (random.uniform() < one ? 1 : 0))
  const outcomes = Uint8Array.from(treated, (_, row) =>
    random.uniform() < 0.3 + 0.1 * Math.sign(own(row)[0]!) ? 1 : 0,
  )
  return { data, treated, outcomes, propensities }
}

const reasonsOf = async (...given: Parameters<typeof checkAssignment>): Promise<string[]> => {
  const found = await checkAssignment(...given)
  return found.trainable ? [] : found.because.map(({ reason }) => reason)
}

const unlogged = ({ propensities: _, ...rows }: ReturnType<typeof draw>) => rows
const byFirst = (columns: Float64Array): number => 0.1 + 0.8 / (1 + Math.exp(-columns[0]!))

test('a randomised experiment and logged chances are taken', async () => {
  const fair = draw({ chance: () => 0.3 })
  expect(await checkAssignment(unlogged(fair))).toMatchObject({ trainable: true, source: 'share' })
  expect(await checkAssignment({ ...unlogged(fair), propensities: 0.3 })).toMatchObject({ source: 'logged' })
  expect(await checkAssignment(draw({ chance: byFirst }))).toMatchObject({ trainable: true, auc: undefined })
})

test('treatment that columns tell is refused, in a line or in no line', async () => {
  const linear = await checkAssignment(unlogged(draw({ chance: byFirst })))
  expect(linear.trainable).toBe(false)
  if (!linear.trainable) {
    expect(linear.because.map(({ reason }) => reason)).toEqual(['not-randomised', 'not-randomised'])
    expect(linear.because[1]!.words).toMatch(
      /got trees that tell it with an AUC of 0\.\d+ \(chance is 0\.5; beyond doubt at least 0\.\d+\)/,
    )
  }
  const crossed = draw({ chance: ([a, b]) => (a! * b! > 0 ? 0.7 : 0.3) })
  expect(await reasonsOf(unlogged(crossed))).toEqual(['not-randomised'])
})

test('chances that are not those of treatment, or leave no overlap, are refused', async () => {
  const rows = draw({ chance: byFirst })
  expect(await reasonsOf({ ...rows, propensities: 0.2 })).toContain('propensity-fit')
  const turned = rows.propensities.map((chance) => 1 - chance)
  expect(await reasonsOf({ ...rows, propensities: turned })).toEqual(['propensity-fit', 'not-randomised'])
  const certain = draw({ chance: ([a]) => (a! > 0 ? 0.999 : 0.5) })
  expect(await reasonsOf(certain)).toEqual(['propensity-bounds'])
  const steep = draw({ rows: 400, chance: ([a]) => (a! > 0 ? 0.975 : 0.025) })
  expect(await reasonsOf(steep, { rowsPerArmMin: 60 })).toEqual(['no-overlap', 'no-overlap'])
  const beyond = draw({ chance: ([a, b]) => 0.1 + 0.8 / (1 + Math.exp(-a! - b!)) })
  expect(await reasonsOf({ ...beyond, propensities: draw({ chance: byFirst }).propensities })).toContain(
    'not-randomised',
  )
})

test('arms that are too small, and outcomes that are all alike, are refused together', async () => {
  const rows = unlogged(draw({ rows: 150, chance: () => 0.5 }))
  const outcomes = rows.outcomes.map((outcome, row) => (rows.treated[row] === 1 ? 1 : outcome))
  expect(await reasonsOf({ ...rows, outcomes })).toEqual(['small-arm', 'small-arm', 'constant-outcomes'])
  expect(await reasonsOf(rows, { rowsPerArmMin: 20 })).toEqual([])
  const rare = rows.outcomes.map((_, row) => (row < 12 ? 1 : 0))
  expect(await reasonsOf({ ...rows, outcomes: rare }, { rowsPerArmMin: 20 })).toContain('few-responses')
})

test('sound experiments are refused about as often as the significance says', async () => {
  let [refused, unbalanced] = [0, 0]
  for (let seed = 1; seed <= 30; seed += 1) {
    const rows = unlogged(draw({ rows: 300, chance: () => 0.5, seed }))
    const found = await checkAssignment(rows, { significance: 0.05 })
    refused += Number(!found.trainable)
    unbalanced += Number(found.balance < 0.05)
  }
  // Two tests of 5 %, not independent: 1.5 to 3 of 30 are expected; 8 and 6 are three standard deviations above.
  expect(refused).toBeLessThan(8)
  expect(unbalanced).toBeLessThan(6)
})

test('the balance test leaves out columns that depend on others, and rows of weight 0', () => {
  const { data, treated, propensities } = draw({ rows: 300, chance: () => 0.5 })
  const weights = new Float64Array(300).fill(1)
  const wide = matrix(300, 5)
  for (let row = 0; row < 300; row += 1) {
    const [a, b, c] = data.values.subarray(3 * row, 3 * row + 3)
    wide.values.set([a!, b!, c!, a! - 2 * b!, 7], 5 * row)
  }
  const plain = balanceTest(data, treated, propensities, weights)
  const found = balanceTest(wide, treated, propensities, weights)
  expect(found.freedom).toBe(3)
  expect(found.statistic).toBeCloseTo(plain.statistic, 8)
  const half = weights.map((_, row) => (row < 150 ? 1 : 0))
  const first = { rows: 150, columns: 3, values: data.values.slice(0, 450) }
  expect(balanceTest(data, treated, propensities, half)).toEqual(
    balanceTest(first, treated.slice(0, 150), propensities.slice(0, 150), weights.slice(0, 150)),
  )
})

test('options out of range are refused', async () => {
  const rows = unlogged(draw({ rows: 300, chance: () => 0.5 }))
  const refuse = (options: object, message: string) => expect(checkAssignment(rows, options)).rejects.toThrow(message)
  await refuse({ rowsPerArmMin: 1 }, 'rowsPerArmMin must be a whole number ≥ 2, got 1')
  await refuse({ propensityMin: 0.5 }, 'propensityMin must be above 0 and below 0.5, got 0.5')
  await refuse({ significance: 0 }, 'significance must be between 0 and 1, got 0')
})
