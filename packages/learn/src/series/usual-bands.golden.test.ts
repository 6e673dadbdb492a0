// Reference: the definition written once more in numpy, with its quantiles and scipy's trimmed mean, versions in the file;
// made by golden/make/usual-bands.py.
import { test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { fitted } from './forecast.contract.ts'
import { findUsualBands } from './usual-bands.ts'

const bounds = ['expected', 'low', 'high', 'alarmLow', 'alarmHigh'] as const

interface Golden {
  readonly options: Parameters<typeof findUsualBands>[1]
  readonly steps: number
  readonly cases: readonly ({
    readonly unit: number
    readonly values: readonly (number | null)[]
    readonly totals: readonly number[]
  } & Readonly<Record<(typeof bounds)[number], readonly number[]>>)[]
}
const { values: golden, agree } = readGolden<Golden>(new URL('golden/usual-bands.json', import.meta.url))

test.each(golden.cases)('bands of counts times $unit', ({ unit, values, totals, ...expected }) => {
  const past = {
    ...{ steps: golden.steps, totals: Float64Array.from(totals) },
    values: Float64Array.from(values, (value) => value ?? Number.NaN),
  }
  const found = fitted(findUsualBands(past, { ...golden.options, unit }))
  for (const bound of bounds) agree('usual bands', found[bound], expected[bound], 1e-12)
})
