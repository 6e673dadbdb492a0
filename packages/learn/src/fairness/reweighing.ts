import { checkList, RapportError } from '@rapport/numerics'
import { checkedWeights } from '../linear/checked-numbers.ts'
import { groupRows } from './groups.ts'

/** Weights under which the label does not depend on the group. Plain data. */
export interface ReweighingModel {
  readonly kind: 'reweighing'
  /** `[groups]` null is "not known". */
  readonly groups: readonly (string | null)[]
  /** `[groups × 2]` weight of a row of the group with label 0, and with label 1; 0 where training had no such rows. */
  readonly weights: Float64Array
}

/**
 * Learns weights that make group and label independent: expected by observed share of each group and label. Who of a
 * group got the label less often than others counts more. Give them to any fit that takes weights.
 *
 * Corrects the labels' rates only: not what columns say about the group, and not errors within labels.
 *
 * @param labels `[n]` 0 or 1
 * @param groups `[n]`
 * @param weights `[n]` each ≥ 0: rows that already count differently. Default all 1
 * @throws RapportError `reweighing.labels`, `reweighing.weights`, `fairness.groups` (lengths differ)
 *
 * Source: Kamiran & Calders, "Data preprocessing techniques for classification without discrimination", Knowledge and
 * Information Systems 33, 2012, section 4.3. As aif360's `Reweighing`.
 *
 * @example
 * const fair = fitReweighing(labels, sex)
 * fitLogistic(data, labels, { weights: applyReweighing(fair, labels, sex) })
 */
export function fitReweighing(
  labels: ArrayLike<number>,
  groups: readonly (string | null)[],
  weights?: ArrayLike<number>,
): ReweighingModel {
  checkList('reweighing.labels', 'labels', labels)
  const n = labels.length
  if (n === 0) throw new RapportError('reweighing.labels', 'there must be at least one label, got none')
  const own = checkedWeights('reweighing', n, weights)
  const found = groupRows([{ name: 'group', values: groups }], n)
  const sums = new Float64Array(2 * found.length)
  const byLabel = [0, 0]
  for (const [at, group] of found.entries()) {
    for (const row of group.rows) {
      const label = checkedLabel(labels, row)
      sums[2 * at + label]! += own[row]!
      byLabel[label]! += own[row]!
    }
  }
  const total = byLabel[0]! + byLabel[1]!
  const expectedByObserved = sums.map((sum, at) => {
    const inGroup = sums[at]! + sums[at ^ 1]!
    return sum > 0 ? (inGroup * byLabel[at & 1]!) / (total * sum) : 0
  })
  return { kind: 'reweighing', groups: found.map(({ values }) => values[0]!), weights: expectedByObserved }
}

/**
 * The weight of each row.
 *
 * @param weights `[n]` those that the fit was given; the result is their product
 * @returns `[n]` each ≥ 0; with the training rows, they sum to what `weights` sum to
 * @throws RapportError `reweighing.group` for a group that training did not have, and as `fitReweighing`
 */
export function applyReweighing(
  model: ReweighingModel,
  labels: ArrayLike<number>,
  groups: readonly (string | null)[],
  weights?: ArrayLike<number>,
): Float64Array {
  const n = labels.length
  const own = checkedWeights('reweighing', n, weights)
  const result = new Float64Array(n)
  for (const { values, rows } of groupRows([{ name: 'group', values: groups }], n)) {
    const at = model.groups.indexOf(values[0]!)
    if (at < 0) throw new RapportError('reweighing.group', `every group must be in training, got ${values[0]}`)
    for (const row of rows) result[row] = own[row]! * model.weights[2 * at + checkedLabel(labels, row)]!
  }
  return result
}

function checkedLabel(labels: ArrayLike<number>, row: number): 0 | 1 {
  const label = labels[row]!
  if (label === 0 || label === 1) return label
  throw new RapportError('reweighing.labels', `every label must be 0 or 1, got ${label} at row ${row}`)
}
