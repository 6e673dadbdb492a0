// Reference: statsmodels ETSModel and statsforecast's ets_f, versions in the file; made by golden/make/series-ets.py.
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { type EtsModel, fitEts } from './ets.ts'
import { place } from './ets-filter.ts'
import { forecastEts } from './ets-forecast.ts'
import { type EtsForm, etsName } from './ets-form.ts'
import { etsRun } from './ets-likelihood.ts'
import { fitSeasonalNaive, forecastSeasonalNaive } from './seasonal-naive.ts'

interface Golden {
  values: number[]
  season: Record<'additive' | 'multiplicative', number[]>
  forms: {
    form: EtsForm
    logLikelihood: number
    fitted: number[]
    forecast: number[]
    relativeVariance: number[] | null
  }[]
  fits: {
    data: 'all' | '120'
    method: string
    aicc: number
    logLikelihood: number
    parameters: (number | null)[]
    initial: number[]
    mean: number[]
    low80: number[]
    high95: number[]
  }[]
  seasonalNaive: { observations: number; mean: number[]; low: number[]; high: number[] }
}
const { values: golden, agree } = readGolden<Golden>(new URL('golden/ets.json', import.meta.url))
const period = 12

test.each(golden.forms)('at fixed parameters as statsmodels: $form', ({ form, ...expected }) => {
  const series = Float64Array.from(golden.values.slice(0, 48))
  const seasons = form.season === 'none' ? [] : golden.season[form.season]
  const slope = form.trend === 'none' ? 0 : form.trend === 'additive' ? 1.5 : 1.01
  const point = new Float64Array(place.startSeason + seasons.length)
  // Multiplicative seasons of statsmodels follow another level than ours; see the script.
  const seasonal = form.season === 'additive' ? 0.2 : 0
  point.set([0.4, form.trend === 'none' ? 0 : 0.05, seasonal, form.damped ? 0.93 : 1, 120, slope])
  point.set(seasons, place.startSeason)
  const run = etsRun(form, period, series, point)
  if (run === undefined) throw new Error('outside of the domain')
  const { fitted, levels, slopes, seasons: states } = run.pass
  // The same recursions: rounding only.
  agree('exponential smoothing', run.logLikelihood, expected.logLikelihood, 1e-11)
  const some = [0, 1, 13, 47].map((step) => fitted[step]!)
  agree('exponential smoothing', some, expected.fitted, 1e-11)

  const [level, trend, season, damping] = point as unknown as [number, number, number, number]
  const end = { level: levels[48]!, slope: slopes[48]!, seasons: states.slice(48) }
  const model: EtsModel = {
    ...(fitEts(
      series.map((value) => value),
      { period, form: form },
    ) as EtsModel),
    smoothing: { level, trend, season, damping },
    end: form.season === 'none' ? { ...end, seasons: new Float64Array(0) } : end,
    sigma: 2,
  }
  const { mean, high } = forecastEts(model, { horizon: 15 })
  agree('exponential smoothing', mean, expected.forecast, 1e-11)
  if (expected.relativeVariance === null) return
  const variances = mean.map((value, step) => ((high[step]! - value) / 2 / 1.959963984540054) ** 2)
  agree('exponential smoothing', variances, expected.relativeVariance, 1e-9)
})

test.each(golden.fits)('$method on $data values is at least as likely as what statsforecast finds', (fit) => {
  const values = fit.data === 'all' ? golden.values : golden.values.slice(0, 120)
  const n = values.length
  const constant = (n / 2) * (Math.log((2 * Math.PI) / n) + 1)
  const form = formOf(fit.method)
  const found = fitEts(values, { period, form })
  if (found.kind !== 'ets') throw new Error(found.message)
  expect(found.converged).toBe(true)
  expect(found.logLikelihood + constant).toBeGreaterThan(fit.logLikelihood - 1e-4)

  // At its own parameters the likelihood is the same to rounding, seasons that multiply included.
  const [level, trend, season, damping] = fit.parameters.map((value) => value ?? 0)
  const [startLevel, ...others] = fit.initial
  const slope = form.trend === 'none' ? 0 : others.shift()!
  const point = [level!, trend!, season!, form.damped ? damping! : 1, startLevel!, slope, ...others.reverse()]
  const run = etsRun(form, period, Float64Array.from(values), Float64Array.from(point))
  agree('exponential smoothing', run!.logLikelihood + constant, fit.logLikelihood, 1e-9)
})

test('the seasonal naive forecast as statsforecast', () => {
  const { observations, mean, low, high } = golden.seasonalNaive
  const model = fitSeasonalNaive(golden.values.slice(0, observations), { period })
  if (model.kind !== 'seasonal-naive') throw new Error(model.message)
  const found = forecastSeasonalNaive(model, { horizon: 26, confidence: 0.8 })
  agree('seasonal naive forecast', found.mean, mean, 0)
  agree('seasonal naive forecast', found.low, low, 1e-5)
  agree('seasonal naive forecast', found.high, high, 1e-5)
})

function formOf(method: string): EtsForm {
  const parts = ['none', 'additive', 'multiplicative'] as const
  for (const error of ['additive', 'multiplicative'] as const) {
    for (const trend of parts) {
      for (const season of parts) {
        for (const damped of [false, true]) {
          const form: EtsForm = { error, trend, damped, season }
          if (etsName(form) === method) return form
        }
      }
    }
  }
  throw new Error(`no form is called ${method}`)
}
