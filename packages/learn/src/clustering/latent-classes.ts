import { checkMatrix, type Matrix, nextTurn, RapportError, stopIfAborted, type Work } from '@rapport/numerics'
import { type ClassCounts, fitClassCounts, logChances } from './class-counts.ts'
import { type ClassLevel, fitClassLevel, logDensity } from './class-level.ts'

/** What was seen of each row, as often as it was seen: `[n × levels]` counts, or sums of a measured level. */
export type Observed =
  | { readonly kind: 'counts'; readonly counts: Matrix }
  | {
      readonly kind: 'level'
      /** `[n]` how often it was measured, ≥ 0. */
      readonly times: Float64Array
      /** `[n]` the sum of the measurements. */
      readonly totals: Float64Array
      /** Variance of one measurement around its row's own level, > 0. */
      readonly within: number
    }

export interface LatentClassOptions {
  readonly classes: number
  /** `[n]` where to start: each row's class, 0 … classes − 1, or −1 for rows that are yet to be placed. */
  readonly labels: Int32Array
  /** Stop after this many rounds in any case. Default 20. */
  readonly roundsMax?: number
}

/** Plain data: goes through `postMessage` and JSON as it is. */
export interface LatentClassModel {
  readonly kind: 'latent-classes'
  /** `[classes]` share of the rows, adding up to 1. */
  readonly shares: readonly number[]
  /** Per variable, per class. */
  readonly variables: readonly (readonly ClassCounts[] | readonly ClassLevel[])[]
  /** Rounds until fewer than one row in a thousand changed class. */
  readonly rounds: number
}

/** `[n × classes]` probabilities row by row, and the likeliest class of each row. */
export interface ClassMembership {
  readonly probabilities: Float64Array
  readonly labels: Int32Array
}

const changedShare = 0.001

/**
 * Classes of rows that were seen unequally often, by a mixture with one part per class.
 *
 * k-means compares a row seen twice with one seen a hundred times as if both were known equally well. Here each row says
 * as much as was seen of it: counts are Dirichlet-multinomial within a class (members differ among themselves, which
 * counts of a plain multinomial would take for evidence), levels normal with the row's own error. EM from given labels,
 * such as those of `fitKMeans`; the concentrations by moments, which takes no inner search.
 *
 * @param variables at least one, each over the same n rows, independent within a class
 * @throws RapportError `latent-classes.options`, `latent-classes.counts`, `latent-classes.level`, `work.aborted`
 *
 * Cost: O(rounds · n · classes · levels).
 * Source: Holmes, Harris & Quince, "Dirichlet multinomial mixtures", PLoS ONE 7(2), 2012; moments: Weir & Hill,
 * "Estimating F-statistics", Annu. Rev. Genet. 36, 2002.
 */
export async function fitLatentClasses(
  variables: readonly Observed[],
  options: LatentClassOptions,
  work?: Work,
): Promise<LatentClassModel> {
  const { classes, roundsMax = 20 } = options
  const n = checkLatentClasses(variables, options)
  checkObserved(variables)
  let labels = options.labels
  let membership = new Float64Array(n * classes)
  labels.forEach((label, row) => {
    if (label >= 0) membership[row * classes + label] = 1
  })
  for (let round = 1; ; round += 1) {
    const model = await maximised(variables, membership, classes, round, work)
    const next = await assignLatentClasses(model, variables, work)
    const changed = next.labels.filter((label, row) => label !== labels[row]).length
    if (changed <= changedShare * n || round >= roundsMax) return model
    labels = next.labels
    membership = Float64Array.from(next.probabilities)
  }
}

/**
 * The probability of each class for each row, by Bayes' rule; a row never seen has the classes' shares.
 *
 * @throws RapportError `latent-classes.counts`, `latent-classes.level`, `work.aborted`
 */
export async function assignLatentClasses(
  model: LatentClassModel,
  variables: readonly Observed[],
  work?: Work,
): Promise<ClassMembership> {
  checkObserved(variables)
  const classes = model.shares.length
  const n = rowsOf(variables[0]!)
  const logs = new Float64Array(n * classes)
  for (let row = 0; row < n; row += 1) {
    for (let own = 0; own < classes; own += 1) logs[row * classes + own] = Math.log(model.shares[own]!)
  }
  for (const [at, observed] of variables.entries()) {
    for (const [own, part] of model.variables[at]!.entries()) {
      await pause(work)
      if (observed.kind === 'counts') logChances(part as ClassCounts, observed.counts, logs, own, classes)
      else {
        const { times, totals, within } = observed
        times.forEach((count, row) => {
          if (count > 0)
            logs[row * classes + own]! += logDensity(part as ClassLevel, totals[row]! / count, within / count)
        })
      }
    }
  }
  return normalised(logs, n, classes)
}

/** Between one class's variables: 20 ms of work where there are 200,000 rows. */
async function pause(work: Work | undefined): Promise<void> {
  await nextTurn()
  stopIfAborted(work)
}

const rowsOf = (observed: Observed): number =>
  observed.kind === 'counts' ? observed.counts.rows : observed.times.length

async function maximised(
  variables: readonly Observed[],
  membership: Float64Array,
  classes: number,
  rounds: number,
  work: Work | undefined,
): Promise<LatentClassModel> {
  const n = membership.length / classes
  const weights = Array.from({ length: classes }, (_, own) =>
    Float64Array.from({ length: n }, (_value, row) => membership[row * classes + own]!),
  )
  const sizes = weights.map((weight) => weight.reduce((sum, value) => sum + value, 0))
  // Half a row each, so that a class that lost all its rows stays possible.
  const total = sizes.reduce((sum, size) => sum + size, 0) + classes / 2
  const fitted: (ClassCounts[] | ClassLevel[])[] = []
  for (const observed of variables) {
    const counts: ClassCounts[] = []
    const levels: ClassLevel[] = []
    for (const weight of weights) {
      await pause(work)
      if (observed.kind === 'counts') counts.push(fitClassCounts(observed.counts, weight))
      else levels.push(fitClassLevel(observed.times, observed.totals, observed.within, weight))
    }
    fitted.push(observed.kind === 'counts' ? counts : levels)
  }
  return {
    kind: 'latent-classes',
    shares: sizes.map((size) => (size + 0.5) / total),
    variables: fitted,
    rounds,
  }
}

function normalised(logs: Float64Array, n: number, classes: number): ClassMembership {
  const probabilities = new Float64Array(n * classes)
  const labels = new Int32Array(n)
  for (let row = 0; row < n; row += 1) {
    const from = row * classes
    let best = 0
    for (let own = 1; own < classes; own += 1) if (logs[from + own]! > logs[from + best]!) best = own
    let total = 0
    for (let own = 0; own < classes; own += 1) {
      probabilities[from + own] = Math.exp(logs[from + own]! - logs[from + best]!)
      total += probabilities[from + own]!
    }
    for (let own = 0; own < classes; own += 1) probabilities[from + own]! /= total
    labels[row] = best
  }
  return { probabilities, labels }
}

function checkLatentClasses(variables: readonly Observed[], { classes, labels }: LatentClassOptions): number {
  const n = labels.length
  if (variables.length === 0 || variables.some((observed) => rowsOf(observed) !== n)) {
    throw new RapportError(
      'latent-classes.options',
      `every variable must have as many rows as there are labels (${n}), got ${variables.map(rowsOf).join(', ') || 'none'}`,
    )
  }
  const used = new Set(labels)
  used.delete(-1)
  if (used.size !== classes || Math.max(...used) !== classes - 1) {
    throw new RapportError(
      'latent-classes.options',
      `labels must use every class from 0 to ${classes - 1} and −1, got ${[...used].sort((a, b) => a - b).join(', ')}`,
    )
  }
  return n
}

/** Counts are whole, and what was measured is finite. */
function checkObserved(variables: readonly Observed[]): void {
  for (const observed of variables) {
    if (observed.kind === 'counts') {
      checkMatrix('latent-classes', observed.counts)
      const { columns, values } = observed.counts
      // Above 1e15 a count's neighbours are no longer told apart.
      const wrong = values.findIndex((count: number) => !(count >= 0 && count <= 1e15 && Math.floor(count) === count))
      if (wrong < 0) continue
      throw new RapportError(
        'latent-classes.counts',
        `every count must be a whole number from 0 to 1e15, got ${values[wrong]} at row ${Math.floor(wrong / columns)}, column ${wrong % columns}`,
      )
    }
    const { times, totals, within } = observed
    const wrong = times.findIndex((count, row) => !(count >= 0 && count < Infinity && Number.isFinite(totals[row])))
    if (wrong >= 0 || !(within > 0 && within < Infinity)) {
      throw new RapportError(
        'latent-classes.level',
        `times, totals and within must be finite, times at least 0 and within above 0, got ${times[wrong]}, ${totals[wrong]} at row ${wrong} and ${within}`,
      )
    }
  }
}
