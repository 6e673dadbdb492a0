import { checkList, RapportError } from '@rapport/numerics'
import { checkedNumbers, checkedWeights } from '../linear/checked-numbers.ts'

/** What came of the customers of an experiment with a treatment and a control. */
export interface ArmOutcomes {
  /** `[n]` 1 where the customer was treated, 0 where not; some of both. */
  readonly treated: ArrayLike<number>
  /** `[n]` finite; 1 and 0 for bought and did not, or an amount. */
  readonly outcomes: ArrayLike<number>
  /** `[n]` each ≥ 0; a weight of 2 counts as the customer twice. Default all 1. */
  readonly weights?: ArrayLike<number> | undefined
}

/** The same, checked. */
export interface CheckedArms {
  readonly rows: number
  readonly treated: Uint8Array
  readonly outcomes: Float64Array
  readonly weights: Float64Array
  /** Whether weights were given. */
  readonly isWeighted: boolean
  /** Whether every outcome is 0 or 1. */
  readonly isBinary: boolean
}

/**
 * @throws RapportError `<method>.treated` when a value is not 0 or 1 or an arm is empty, `<method>.outcomes`,
 *   `<method>.weights`
 */
export function checkedArms(method: string, rows: number, arms: ArmOutcomes): CheckedArms {
  const weights = checkedWeights(method, rows, arms.weights)
  const treated = checkedTreated(method, rows, arms.treated, weights)
  const outcomes = checkedNumbers(method, 'outcomes', rows, arms.outcomes)
  return {
    rows,
    treated,
    outcomes,
    weights,
    isWeighted: arms.weights !== undefined,
    isBinary: outcomes.every((outcome) => outcome === 0 || outcome === 1),
  }
}

function checkedTreated(method: string, rows: number, treated: ArrayLike<number>, weights: Float64Array): Uint8Array {
  checkList(`${method}.treated`, 'treated', treated)
  if (treated.length !== rows) {
    throw new RapportError(`${method}.treated`, `treated must hold one number a row (${rows}), got ${treated.length}`)
  }
  const checked = new Uint8Array(rows)
  const seen = [0, 0]
  for (let row = 0; row < rows; row += 1) {
    const arm = treated[row]!
    if (arm !== 0 && arm !== 1) {
      throw new RapportError(`${method}.treated`, `treated must be 0 or 1, got ${arm} at row ${row}`)
    }
    checked[row] = arm
    if (weights[row]! > 0) seen[arm]! += 1
  }
  if (seen[0] === 0 || seen[1] === 0) {
    throw new RapportError(
      `${method}.treated`,
      `there must be treated customers and others, got ${seen[1]} treated and ${seen[0]} not`,
    )
  }
  return checked
}
