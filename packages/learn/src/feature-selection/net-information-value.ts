import { checkedWeights } from '../linear/checked-numbers.ts'
import type { Column } from '../preparation/table.ts'
import { type BinnedColumnOptions, binColumn, checkBinaryLabels } from './binned-column.ts'
import { smoothedShares } from './information-value.ts'

export interface NetInformationValueOptions extends BinnedColumnOptions {
  /** Rows added to each outcome of each arm in each bin. Default 1. */
  readonly smoothing?: number
}

/** One bin of a column and what the treatment does in it. */
export interface NetEvidenceBin {
  readonly name: string
  /** Weight of the bin: rows, where no weights were given. */
  readonly rows: number
  /** The weight of evidence among the treated less that among the others: above 0 the treatment does more here than elsewhere. */
  readonly evidence: number
}

/** How well a column by itself tells whom a treatment moves. */
export interface NetInformationValue {
  /** ≥ 0: each bin's net weight is taken times its net evidence, which have one sign. */
  readonly value: number
  readonly bins: readonly NetEvidenceBin[]
}

/**
 * The net information value of a column: what it tells of the effect of a treatment, where `informationValue` tells of the
 * outcome. For choosing the columns of an uplift model; treatment must have been given at random.
 *
 * @param column `[n]`
 * @param outcomes `[n]` 0 or 1, both present
 * @param treated `[n]` 0 or 1, both present
 * @throws RapportError `net-information-value.outcomes`, `.treated`, `.weights`, `.infinite`, and those of the binning
 *
 * Cost: O(n log n).
 * Source: Larsen, "Data exploration with weight of evidence and information value", 2015; R package Information.
 *
 * @example
 * netInformationValue({ name: 'age', kind: 'number', values: ages }, bought, mailed).value // 0.08
 */
export function netInformationValue(
  column: Column,
  outcomes: ArrayLike<number>,
  treated: ArrayLike<number>,
  { smoothing = 1, ...options }: NetInformationValueOptions = {},
): NetInformationValue {
  const rows = column.values.length
  checkBinaryLabels('net-information-value', 'outcomes', rows, outcomes)
  checkBinaryLabels('net-information-value', 'treated', rows, treated)
  const weights = checkedWeights('net-information-value', rows, options.weights)
  const { codes, names } = binColumn('net-information-value', column, options)
  // By outcome + 2 · treated.
  const counts = [0, 1, 2, 3].map(() => new Float64Array(names.length))
  codes.forEach((code, row) => {
    counts[outcomes[row]! + 2 * treated[row]!]![code]! += weights[row]!
  })
  const [none, bought, noneTreated, boughtTreated] = counts.map((own) => smoothedShares(own, smoothing))
  let value = 0
  const bins = names.map((name, bin) => {
    const forTreatment = boughtTreated![bin]! * none![bin]!
    const against = noneTreated![bin]! * bought![bin]!
    const evidence = Math.log(forTreatment / against)
    value += (forTreatment - against) * evidence
    return { name, rows: counts.reduce((sum, own) => sum + own[bin]!, 0), evidence }
  })
  return { value, bins }
}
