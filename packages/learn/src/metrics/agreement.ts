import { defined, type Metric, missing } from './metric.ts'

/** Sums of a table `[count × count]`, an actual class a row and a called one a column. */
function sumsOf(table: ArrayLike<number>, count: number) {
  const actual = new Float64Array(count)
  const called = new Float64Array(count)
  let [right, total] = [0, 0]
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      const weight = table[row * count + column]!
      actual[row]! += weight
      called[column]! += weight
      total += weight
      if (row === column) right += weight
    }
  }
  return { actual, called, right, total }
}

/** Mean recall of the classes that occur. */
export function balancedAccuracyOf(table: ArrayLike<number>, count: number): Metric {
  const { actual, total } = sumsOf(table, count)
  if (total === 0) return missing('no-rows')
  let [sum, classes] = [0, 0]
  actual.forEach((weight, own) => {
    if (weight === 0) return
    sum += table[own * count + own]! / weight
    classes += 1
  })
  return defined(sum / classes)
}

/** Cohen's kappa: (agreement − chance) / (1 − chance); `constant` when chance alone agrees always. */
export function kappaOf(table: ArrayLike<number>, count: number): Metric {
  const { actual, called, right, total } = sumsOf(table, count)
  if (total === 0) return missing('no-rows')
  let chance = 0
  actual.forEach((weight, own) => {
    chance += weight * called[own]!
  })
  const apart = total * total - chance
  return apart > 0 ? defined((right * total - chance) / apart) : missing('constant')
}

/** Matthews' correlation, in its form for any number of classes. */
export function matthewsOf(table: ArrayLike<number>, count: number): Metric {
  const { actual, called, right, total } = sumsOf(table, count)
  if (total === 0) return missing('no-rows')
  let [both, own, other] = [0, 0, 0]
  actual.forEach((weight, at) => {
    both += weight * called[at]!
    own += weight * weight
    other += called[at]! * called[at]!
  })
  const spread = (total * total - own) * (total * total - other)
  return spread > 0 ? defined((right * total - both) / Math.sqrt(spread)) : missing('constant')
}
