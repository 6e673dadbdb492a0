import { matrix } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { calibrated } from './candidates.ts'

/** Twenty rows in two folds. @param yes what is said of each */
function saidOf(yes: (row: number) => number) {
  const said = matrix(20, 2)
  for (let row = 0; row < 20; row += 1) said.values.set([1 - yes(row), yes(row)], 2 * row)
  return calibrated(
    said,
    Int32Array.from({ length: 20 }, (_, row) => (row % 4 === 0 ? 1 : 0)),
    Int32Array.from({ length: 20 }, (_, row) => (row < 10 ? 0 : 1)),
  )
}

test.each([
  ['the same of all', () => 0.4],
  ['something in one fold only', (row: number) => (row < 10 ? 0.2 + row / 100 : 0.4)],
  ['the contrary', (row: number) => (row % 4 === 0 ? 0.1 + row / 1000 : 0.6 + row / 1000)],
])('who says %s is taken to say the share of all', (_, yes) => {
  const { honest, calibration } = saidOf(yes)
  expect(calibration).toBeNull()
  expect(honest.values.filter((__, at) => at % 2 === 1).every((share) => share === 0.25)).toBe(true)
})

test('what rises with the label is calibrated', () => {
  const { honest, calibration } = saidOf((row) => (row % 4 === 0 ? 0.6 : 0.4) + (row % 3) / 10)
  expect(calibration).toMatchObject({ kind: 'platt' })
  expect(honest.values[1]).toBeGreaterThan(honest.values[3]!)
})
