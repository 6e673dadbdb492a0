import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ascendingOrder,
  brier,
  calibrationCurve,
  confusion,
  expectedCalibrationError,
  lift,
  liftCurve,
  logLoss,
  meanAbsoluteError,
  metricValue,
  normalisedGini,
  prAuc,
  prCurve,
  rocAuc,
  rocAucDifference,
  rocAucInterval,
  rocCurve,
  rootMeanSquaredError,
  spearman,
} from './index.ts'

/** Rows of both classes, with ties. */
const rows = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 20 }), label: fc.integer({ min: 0, max: 1 }) }), {
    minLength: 4,
    maxLength: 60,
  })
  .map((drawn) => [
    ...drawn,
    { score: 3, label: 0 },
    { score: 9, label: 1 },
    { score: 4, label: 0 },
    { score: 6, label: 1 },
  ])
  .map((drawn) => ({ scores: drawn.map(({ score }) => score / 20), labels: drawn.map(({ label }) => label) }))

const law = (holds: (rows: { scores: number[]; labels: number[] }) => void): void => fc.assert(fc.property(rows, holds))

test('the ROC AUC is the share of pairs in the right order, ties half', () => {
  law(({ scores, labels }) => {
    let wins = 0
    let pairs = 0
    scores.forEach((score, row) => {
      scores.forEach((other, otherRow) => {
        if (labels[row] !== 1 || labels[otherRow] !== 0) return
        pairs += 1
        wins += score > other ? 1 : score === other ? 0.5 : 0
      })
    })
    expect(metricValue(rocAuc(scores, labels))).toBeCloseTo(wins / pairs, 12)
    expect(metricValue(rocAucInterval(scores, labels) as ReturnType<typeof rocAuc>)).toBeCloseTo(wins / pairs, 12)
  })
})

test('a monotone change of the scores changes no ranking metric', () => {
  law(({ scores, labels }) => {
    const changed = scores.map((score) => Math.exp(3 * score) - 7)
    expect(rocAuc(changed, labels)).toEqual(rocAuc(scores, labels))
    expect(prAuc(changed, labels)).toEqual(prAuc(scores, labels))
    expect(lift(changed, labels)).toEqual(lift(scores, labels))
  })
})

test('turning the scores round turns the ROC AUC round', () => {
  law(({ scores, labels }) => {
    const turned = metricValue(
      rocAuc(
        scores.map((score) => -score),
        labels,
      ),
    )
    expect(turned).toBeCloseTo(1 - metricValue(rocAuc(scores, labels)), 12)
  })
})

test('the order of the rows changes nothing', () => {
  law(({ scores, labels }) => {
    const [back, backLabels] = [scores.toReversed(), labels.toReversed()]
    for (const metric of [rocAuc, prAuc, lift, brier, logLoss]) {
      expect(metricValue(metric(back, backLabels))).toBeCloseTo(metricValue(metric(scores, labels)), 12)
    }
  })
})

test('a whole weight is the row that many times, 0 is no row', () => {
  law(({ scores, labels }) => {
    const weights = scores.map((_, row) => (row >= scores.length - 4 ? 1 : row % 3))
    const repeated = scores.flatMap((_, row) => Array<number>(weights[row]!).fill(row))
    const often = repeated.map((row) => scores[row]!)
    const oftenLabels = repeated.map((row) => labels[row]!)
    for (const metric of [rocAuc, prAuc, lift, brier, logLoss]) {
      expect(metricValue(metric(scores, labels, { weights }))).toBeCloseTo(metricValue(metric(often, oftenLabels)), 10)
    }
    const weighted = confusion(scores, labels, { weights, threshold: 0.3 })
    const plain = confusion(often, oftenLabels, { threshold: 0.3 })
    expect(weighted).toEqual(plain)
  })
})

test('no constant prediction has a lower log loss, or Brier score, than the base rate', () => {
  law(({ labels, scores }) => {
    const rate = labels.reduce((sum, label) => sum + label, 0) / labels.length
    const at = (value: number): number[] => labels.map(() => value)
    const entropy = -(rate * Math.log(rate) + (1 - rate) * Math.log(1 - rate))
    expect(metricValue(logLoss(at(rate), labels))).toBeCloseTo(entropy, 10)
    expect(metricValue(logLoss(at(scores[0]!), labels))).toBeGreaterThanOrEqual(entropy - 1e-12)
    expect(metricValue(brier(at(scores[0]!), labels))).toBeGreaterThanOrEqual(rate * (1 - rate) - 1e-12)
  })
})

test('curves run from corner to corner without turning back, and their areas are the metrics', () => {
  law(({ scores, labels }) => {
    const roc = rocCurve(scores, labels)
    const pr = prCurve(scores, labels)
    if (!roc.defined || !pr.defined) throw new Error('both classes are there')
    const { falsePositiveRates: x, truePositiveRates: y } = roc
    expect([x[0], y[0], x.at(-1), y.at(-1), pr.recalls.at(-1)]).toEqual([0, 0, 1, 1, 1])
    let area = 0
    for (let at = 1; at < x.length; at += 1) {
      expect(x[at]! >= x[at - 1]! && y[at]! >= y[at - 1]!).toBe(true)
      area += ((x[at]! - x[at - 1]!) * (y[at]! + y[at - 1]!)) / 2
    }
    expect(area).toBeCloseTo(metricValue(rocAuc(scores, labels)), 12)
    let precision = 0
    pr.recalls.forEach((recall, at) => {
      precision += (recall - (pr.recalls[at - 1] ?? 0)) * pr.precisions[at]!
    })
    expect(precision).toBeCloseTo(metricValue(prAuc(scores, labels)), 12)
  })
})

test('everyone reached has lift 1, and gain never falls', () => {
  law(({ scores, labels }) => {
    const curve = liftCurve(scores, labels)
    if (!curve.defined) throw new Error(curve.because)
    expect(curve.points.at(-1)!.lift).toBeCloseTo(1, 12)
    curve.points.forEach(({ gain }, at) => {
      expect(gain).toBeGreaterThanOrEqual((curve.points[at - 1]?.gain ?? 0) - 1e-12)
    })
    expect(
      metricValue(
        lift(
          labels.map(() => 0.5),
          labels,
          { share: 0.3 },
        ),
      ),
    ).toBeCloseTo(1, 12)
  })
})

test('bins hold every row once, and perfect knowledge is perfectly calibrated', () => {
  law(({ scores, labels }) => {
    for (const strategy of ['width', 'quantile'] as const) {
      const bins = calibrationCurve(scores, labels, { strategy })
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(scores.length)
      for (const { low, high, observed } of bins) expect(low <= observed && observed <= high).toBe(true)
    }
    expect(metricValue(expectedCalibrationError(labels, labels))).toBe(0)
  })
})

test('Spearman and the normalised Gini are 1 in perfect order, −1 in the opposite one', () => {
  const amounts = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 40 })
  fc.assert(
    fc.property(amounts, (actual) => {
      const turned = actual.map((amount) => -amount)
      for (const metric of [spearman, normalisedGini]) {
        expect(metricValue(metric(actual, actual))).toBeCloseTo(1, 10)
        expect(metricValue(metric(turned, actual))).toBeCloseTo(-1, 10)
      }
      const shifted = actual.map((amount) => amount + 3)
      expect(metricValue(meanAbsoluteError(shifted, actual))).toBeCloseTo(3, 10)
      expect(metricValue(rootMeanSquaredError(shifted, actual))).toBeCloseTo(3, 10)
    }),
  )
})

test('the radix sort orders as a comparing sort does, and keeps ties in place', () => {
  const special = [0, -0, 1e-310, -1e-310, 1e300, -1e300, Infinity, -Infinity, 1, -1, 0.1, 2 ** 53]
  for (const length of [3, 5000]) {
    const values = Float64Array.from({ length }, (_, at) => special[(at * 7) % 12]! * (at % 3 === 0 ? 1 : at % 5 || 1))
    for (let at = 0; at < length; at += 1) if (Number.isNaN(values[at])) values[at] = at - 2500
    const expected = Array.from(values.keys()).sort((a, b) =>
      values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b,
    )
    expect([...ascendingOrder(values)]).toEqual(expected)
  }
})

test('DeLong: a weight counts as the row so many times, 0 as no row', () => {
  law(({ scores, labels }) => {
    const weights = scores.map((score, row) => (Math.round(7 * score) + row) % 4)
    // Two of each class at least, so that there is a spread.
    const whole = { scores: [...scores, 0.2, 0.4], labels: [...labels, 0, 1], weights: [...weights, 2, 2] }
    const others = whole.scores.map((score, row) => score + 0.1 * ((row * 5) % 3))
    const repeated = <T>(values: readonly T[]): T[] =>
      values.flatMap((value, row) => Array.from({ length: whole.weights[row]! }, () => value))
    const { weights: counted } = whole
    const [weighed, plain] = [
      [
        rocAucInterval(whole.scores, whole.labels, { weights: counted }),
        rocAucDifference(whole.scores, others, whole.labels, { weights: counted }),
      ],
      [
        rocAucInterval(repeated(whole.scores), repeated(whole.labels)),
        rocAucDifference(repeated(whole.scores), repeated(others), repeated(whole.labels)),
      ],
    ]
    weighed.forEach((found, at) => {
      expect(found.defined).toBe(plain[at]!.defined)
      for (const [key, value] of Object.entries(plain[at]!)) {
        if (typeof value === 'number') expect(found[key as keyof typeof found]).toBeCloseTo(value, 9)
      }
    })
  })
  // A class of a weight of 1 has no spread.
  expect(rocAucInterval([1, 2, 3], [0, 1, 1], { weights: [1, 1, 1] })).toMatchObject({ because: 'one-class' })
  expect(rocAucInterval([1, 2, 3], [0, 1, 1], { weights: [2, 1, 1] })).toMatchObject({ defined: true, value: 1 })
})
