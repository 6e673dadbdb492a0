import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import {
  applyConformalInterval,
  applyConformalQuantiles,
  conformalClassSets,
  fitConformalClasses,
  fitConformalInterval,
  fitConformalQuantiles,
} from './index.ts'

// Reference: MAPIE 1.6.0 around predictions that are given; made by golden/make/selection.py. Adaptive sets are compared
// without the lot that MAPIE draws. The same order statistics: rounding only.
const { values: golden, agree } = readGolden<
  Record<'low' | 'high' | 'predicted' | 'amounts' | 'classes', number[]> & {
    known: number
    intervals: { confidence: number; plain: [number, number][]; quantiles: [number, number][] }[]
    chances: number[][]
    sets: { confidence: number; method: 'lac' | 'aps'; sets: number[][] }[]
  }
>(new URL('../golden/conformal.json', import.meta.url))
const { known, low, high, predicted, amounts } = golden

const fitted = <Model extends { kind: string }>(model: Model): Exclude<Model, { kind: 'too-few-rows' }> => {
  expect(model.kind).not.toBe('too-few-rows')
  return model as Exclude<Model, { kind: 'too-few-rows' }>
}

test.each(golden.intervals)('intervals as MAPIE at $confidence', ({ confidence, plain, quantiles }) => {
  const truth = amounts.slice(0, known)
  const interval = fitted(fitConformalInterval(predicted.slice(0, known), truth, { confidence }))
  const around = applyConformalInterval(interval, predicted.slice(known))
  const ends = (side: 0 | 1, of: [number, number][]) => of.map((own) => own[side])
  agree('split conformal intervals', around.low, ends(0, plain), 1e-13)
  agree('split conformal intervals', around.high, ends(1, plain), 1e-13)
  const moved = fitted(fitConformalQuantiles(low.slice(0, known), high.slice(0, known), truth, { confidence }))
  const between = applyConformalQuantiles(moved, low.slice(known), high.slice(known))
  agree('conformalised quantiles', between.low, ends(0, quantiles), 1e-13)
  agree('conformalised quantiles', between.high, ends(1, quantiles), 1e-13)
})

test.each(golden.sets)('sets of classes as MAPIE: $method at $confidence', ({ confidence, method, sets }) => {
  const model = fitted(
    fitConformalClasses(matrixFromRows(golden.chances.slice(0, known)), golden.classes.slice(0, known), {
      confidence,
      method,
    }),
  )
  const later = golden.chances.slice(known)
  const ours = conformalClassSets(model, matrixFromRows(later)).map((set) =>
    later[0]!.map((_, own) => Number(set.includes(own))),
  )
  agree('conformal sets of classes', ours.flat(), sets.flat(), 0)
})
