import { checkList, RapportError } from '@rapport/numerics'

/** @throws RapportError `boosting.targets`, `boosting.weights` unless there is a finite number a row, and some weight */
export function checkNumbers(targets: ArrayLike<number>, weights: ArrayLike<number> | undefined, rows: number): void {
  checkList('boosting.targets', 'targets', targets)
  if (targets.length !== rows) {
    throw new RapportError('boosting.targets', `targets must hold one number a row, ${rows}, got ${targets.length}`)
  }
  let isWeighted = false
  for (let row = 0; row < rows; row += 1) {
    const target = targets[row]!
    if (!Number.isFinite(target)) {
      throw new RapportError('boosting.targets', `targets must be finite, got ${target} at row ${row}`)
    }
    isWeighted ||= !weights || weights[row]! > 0
  }
  if (isWeighted) return
  throw new RapportError('boosting.weights', 'weights must hold one above 0 to learn from, got only 0')
}

const classesMax = 1000

/**
 * How many classes there are to tell apart.
 *
 * @throws RapportError `boosting.labels` unless labels are 0 … classes − 1, each there with a weight above 0
 */
export function countClasses(labels: ArrayLike<number>, weights: ArrayLike<number> | undefined, rows: number): number {
  checkList('boosting.labels', 'labels', labels)
  if (labels.length !== rows) {
    throw new RapportError('boosting.labels', `labels must hold one number a row, ${rows}, got ${labels.length}`)
  }
  const isSeen: boolean[] = []
  for (let row = 0; row < rows; row += 1) {
    const label = labels[row]!
    if (!Number.isInteger(label) || label < 0 || label >= classesMax) {
      const range = `whole numbers from 0 to ${classesMax - 1}`
      throw new RapportError('boosting.labels', `labels must be ${range}, got ${label} at row ${row}`)
    }
    if (!weights || weights[row]! > 0) isSeen[label] = true
  }
  const missing = Array.from(isSeen, (seen) => seen === true).indexOf(false)
  if (isSeen.length >= 2 && missing < 0) return isSeen.length
  const got = missing < 0 ? `${isSeen.length} of them` : `none of ${missing}`
  throw new RapportError('boosting.labels', `labels must hold two classes or more, each from 0 up, got ${got}`)
}
