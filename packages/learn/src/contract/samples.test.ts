import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatVersion } from '../persist/format.ts'
import { loadModel, type Saveable, saveModel } from '../persist/index.ts'
import { estimators } from './estimators.contract.ts'
import { expectNearlyEqual } from './laws.contract.ts'

// A model of every estimator as an earlier release saved it, with an input and what was said of it: what shops have on
// their disks must go on working. Files are added (RAPPORT_WRITE_SAMPLES=1 writes those that are not there) and never
// changed. Where a model's fields must change, `formatVersion` rises, and `loadModel` learns to read the older ones.

interface Sample {
  readonly kind: 'sample'
  readonly saved: Uint8Array
  readonly input: unknown
  readonly said: unknown
}

const folder = new URL(`../persist/golden/format-${formatVersion}/`, import.meta.url)

test.each(estimators)('$name: a model that was saved earlier says what it said', async ({ name, inputs, fit, use }) => {
  const file = new URL(`${name.replaceAll(' ', '-')}.rapport`, folder)
  if (!existsSync(file) && process.env['RAPPORT_WRITE_SAMPLES'] === '1') {
    const model = await fit(inputs.ordinary, 1)
    const said = await use(model, inputs.ordinary)
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      file,
      saveModel({ kind: 'sample', saved: saveModel(model), input: inputs.ordinary, said } as Saveable),
    )
  }
  expect(existsSync(file), `${file.pathname} must be there: run this test with RAPPORT_WRITE_SAMPLES=1`).toBe(true)
  const { saved, input, said } = loadModel<Sample>(readFileSync(file), 'sample')
  const model = loadModel(saved)
  expect(saveModel(model)).toEqual(saved)
  expectNearlyEqual(await use(model, input), said)
})
