import { table } from '@rapport/learn'
import { columnOf } from '@rapport/numerics'
import type { Work } from '../../base/index.ts'
import { type HabitScale, habitCoordinates, habitReliability, learnHabits } from '../habit-coordinates.ts'
import type { Habit } from '../habits.ts'
import type { Points } from './points.ts'

/** Groups are looked for among customers of whom at least this much is known. */
const reliabilityMin = 0.5

/**
 * Customers by what they were seen to do, as the analysis compares them.
 *
 * @param scales those that a model was made with; learned when left out
 */
export async function habitPoints(
  habits: readonly Habit[],
  scales?: readonly HabitScale[],
  work?: Work,
): Promise<Points> {
  const learned = scales ?? (await learnHabits(habits, work))
  const reliability = await habitReliability(habits, learned, work)
  const data = await habitCoordinates(habits, learned, work)
  const known = Int32Array.from(reliability.keys()).filter((row) => reliability[row]! >= reliabilityMin)
  const columns = Array.from({ length: data.columns }, (_, column) => ({
    ...{ name: `habit ${column + 1}`, kind: 'number' as const },
    values: Float64Array.from(columnOf(data, column)),
  }))
  return {
    data,
    table: table(columns),
    columnsOf: columns.map((_, column) => Int32Array.of(column)),
    // Gower's distance divides by the range; with it as weight, columns count in their own units, as they should.
    columnWeights: Object.fromEntries(columns.map(({ name, values }) => [name, rangeOf(values)])),
    known,
    scale: { kind: 'habits', scales: learned },
    comparedBy: learned.map(({ name, label }) => ({ feature: name, label })),
    knownWords: `purchases tell ${known.length} of ${data.rows} customers clearly from the average; the others bought too rarely, or as everybody does`,
  }
}

/** Above 0, as weights are. */
function rangeOf(values: Float64Array): number {
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return Math.max(most - least, 1e-9)
}
