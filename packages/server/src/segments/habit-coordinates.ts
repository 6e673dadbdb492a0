import { type ClassCounts, type ClassLevel, fitClassCounts, fitClassLevel, type Observed } from '@rapport/learn'
import { type Matrix, matrix, nextTurn } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../base/index.ts'
import type { Habit } from './habits.ts'

/** What everybody's habits are like: plain data, kept with the model, so that others can be put on the same scale. */
export type HabitScale =
  | { readonly kind: 'counts'; readonly name: string; readonly label: string; readonly usual: ClassCounts }
  | {
      readonly kind: 'level'
      readonly name: string
      readonly label: string
      readonly usual: ClassLevel
      /** Variance of one measurement around the customer's own level. */
      readonly within: number
    }

/** Learns what is usual; habits that were not seen, or in which everybody does the same, are left out. */
export async function learnHabits(habits: readonly Habit[], work?: Work): Promise<readonly HabitScale[]> {
  const scales: HabitScale[] = []
  for (const habit of habits) {
    await pause(work)
    scales.push(...scaleOf(habit))
  }
  return scales
}

/** Between two habits: each takes up to 50 ms where there are 200,000 customers. */
async function pause(work: Work | undefined): Promise<void> {
  await nextTurn()
  stopIfAborted(work)
}

function scaleOf(habit: Habit): readonly HabitScale[] {
  const { kind, name, label } = habit
  if (kind === 'counts') {
    if (levelsSeen(habit.counts) < 2) return []
    const everyone = new Uint8Array(habit.counts.rows).fill(1)
    return [{ kind, name, label, usual: fitClassCounts(habit.counts, everyone) }]
  }
  const within = withinVariance(habit)
  if (!(within > 0)) return []
  const everyone = new Uint8Array(habit.times.length).fill(1)
  return [{ kind, name, label, usual: fitClassLevel(habit.times, habit.totals, within, everyone), within }]
}

/**
 * Customers as points between which distance means: how surely they differ.
 *
 * Each habit is pulled towards what is usual by as much as customers are alike (empirical Bayes: with n observations and
 * concentration a, by a / (n + a)), and put in units in which one observation has variance 1/4 wherever it lies: square
 * roots of shares (Hellinger's distance), levels divided by twice their within-customer deviation. Columns are not brought
 * to equal variance afterwards: a habit in which customers hardly differ should hardly count.
 *
 * @returns `[n × columns]`, centred on what is usual
 */
export async function habitCoordinates(
  habits: readonly Habit[],
  scales: readonly HabitScale[],
  work?: Work,
): Promise<Matrix> {
  const parts: Matrix[] = []
  for (const scale of scales) {
    await pause(work)
    parts.push(partOf(habitOf(habits, scale), scale))
  }
  await pause(work)
  const rows = parts[0]?.rows ?? 0
  const columns = parts.reduce((sum, part) => sum + part.columns, 0)
  const joined = matrix(rows, columns)
  for (let row = 0; row < rows; row += 1) {
    let at = row * columns
    for (const part of parts) {
      joined.values.set(part.values.subarray(row * part.columns, (row + 1) * part.columns), at)
      at += part.columns
    }
  }
  return joined
}

/**
 * `[n]` how much of what sets a customer apart was seen, 0 … 1: n / (n + a) of each habit, habits weighed by how much
 * customers differ in them.
 */
export async function habitReliability(
  habits: readonly Habit[],
  scales: readonly HabitScale[],
  work?: Work,
): Promise<Float64Array> {
  let weights = 0
  let sums: Float64Array | undefined
  for (const scale of scales) {
    await pause(work)
    const habit = habitOf(habits, scale)
    const { times, pull, spread } = strengthOf(habit, scale)
    weights += spread
    const share = times.map((seen) => (spread * seen) / (seen + pull))
    sums = sums ? sums.map((sum, row) => sum + share[row]!) : share
  }
  return (sums ?? new Float64Array(0)).map((sum) => sum / weights)
}

/** The same habits as the mixture reads them. */
export function observedHabits(habits: readonly Habit[], scales: readonly HabitScale[]): readonly Observed[] {
  return scales.map((scale): Observed => {
    const habit = habitOf(habits, scale)
    if (habit.kind === 'counts' || scale.kind === 'counts') return habit as Extract<Habit, { kind: 'counts' }>
    return { kind: 'level', times: habit.times, totals: habit.totals, within: scale.within }
  })
}

const habitOf = (habits: readonly Habit[], { name }: HabitScale): Habit => habits.find((habit) => habit.name === name)!

/** How often it was seen, the observations that what is usual counts for, and the variance between customers. */
function strengthOf(habit: Habit, scale: HabitScale): { times: Float64Array; pull: number; spread: number } {
  if (habit.kind === 'counts' && scale.kind === 'counts') {
    const { concentration } = scale.usual
    return { times: totalsOf(habit.counts), pull: concentration, spread: shareSpread(scale.usual) }
  }
  if (habit.kind !== 'level' || scale.kind !== 'level') throw new TypeError(`${habit.name} must be of one kind`)
  const pull = scale.within / scale.usual.between
  return { times: habit.times, pull, spread: 1 / (4 * pull) }
}

/** Variance of square roots of shares around the usual: (1 − p) / 4 a level, over concentration + 1. */
const shareSpread = ({ shares, concentration }: ClassCounts): number =>
  shares.reduce((sum, share) => sum + (1 - share) / 4, 0) / (concentration + 1)

function partOf(habit: Habit, scale: HabitScale): Matrix {
  if (habit.kind === 'counts' && scale.kind === 'counts') return rootShares(habit.counts, scale.usual)
  if (habit.kind !== 'level' || scale.kind !== 'level') throw new TypeError(`${habit.name} must be of one kind`)
  const { mean, between } = scale.usual
  const pull = scale.within / between
  const unit = 2 * Math.sqrt(scale.within)
  const values = habit.totals.map(
    (total, row) => (total - habit.times[row]! * mean) / (habit.times[row]! + pull) / unit,
  )
  return matrix(values.length, 1, values)
}

function rootShares(counts: Matrix, { shares, concentration }: ClassCounts): Matrix {
  const { rows, columns, values } = counts
  const roots = matrix(rows, columns)
  totalsOf(counts).forEach((total, row) => {
    for (let column = 0; column < columns; column += 1) {
      const usual = shares[column]!
      const share = (values[row * columns + column]! + concentration * usual) / (total + concentration)
      roots.values[row * columns + column] = Math.sqrt(share) - Math.sqrt(usual)
    }
  })
  return roots
}

function totalsOf({ rows, columns, values }: Matrix): Float64Array {
  const totals = new Float64Array(rows)
  for (let at = 0; at < values.length; at += 1) totals[Math.floor(at / columns)]! += values[at]!
  return totals
}

function levelsSeen({ columns, values }: Matrix): number {
  const seen = new Set<number>()
  values.forEach((count, at) => {
    if (count > 0) seen.add(at % columns)
  })
  return seen.size
}

function withinVariance({ times, totals, squares }: Extract<Habit, { kind: 'level' }>): number {
  let sum = 0
  let free = 0
  times.forEach((count, row) => {
    if (count < 2) return
    sum += squares[row]! - totals[row]! ** 2 / count
    free += count - 1
  })
  return free > 0 ? sum / free : 0
}
