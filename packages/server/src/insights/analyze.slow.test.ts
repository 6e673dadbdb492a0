import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { storeDefaults, syncConsents } from '../consent/index.ts'
import { makeDemo } from '../demo/index.ts'
import { predict } from '../predictions/index.ts'
import { recommend } from '../recommendations/index.ts'
import { refreshSegments } from '../segments/index.ts'
import { openState } from '../state/index.ts'
import { openWarehouse } from '../warehouse/index.ts'
import { analyze } from './analyze.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-analyze-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A result without the ids of models, which count the runs. */
const unnumbered = (result: unknown): unknown =>
  JSON.parse(JSON.stringify(result, (name, value) => (name === 'modelId' ? undefined : value)))

test('stages that run beside each other find what they find one after another, and say so in their times', async () => {
  const warehouse = await openWarehouse(folder)
  const state = await openState(folder)
  try {
    await storeDefaults(state.queries, { rule: 'by-region', declared: null })
    await syncConsents(warehouse, state)
    await makeDemo(warehouse, { scenario: 'fashion', customers: 600 })
    const heard: string[] = []
    const work = { onProgress: ({ stage }: { readonly stage: string }) => heard.push(stage.split(':')[0]!) }
    const analysis = await analyze(warehouse, {}, work)
    const { asOf, seed, timings, elapsedSeconds } = analysis
    const segments = await refreshSegments(warehouse, { asOf, seed, areFeaturesFresh: true })
    const predictions = await predict(warehouse, { asOf, seed })
    const recommendations = await recommend(warehouse, { asOf, seed })
    expect(unnumbered(analysis.segments)).toEqual(unnumbered(segments))
    expect(unnumbered(analysis.predictions)).toEqual(unnumbered(predictions))
    expect(unnumbered(analysis.recommendations)).toEqual(unnumbered(recommendations))
    expect(analysis.predictions.lapse.found && analysis.recommendations.found).toBe(true)
    expect(timings.map(({ stage }) => stage).slice(3, 6)).toEqual(['segments', 'predictions', 'recommendations'])
    const seconds = timings.filter(({ beside }) => beside === undefined).map((time) => time.seconds)
    expect(elapsedSeconds).toBeGreaterThanOrEqual(seconds.reduce((sum, one) => sum + one, 0))
    // One bar for both: recommendations are not heard of between other stages' words.
    expect(heard.slice(0, heard.lastIndexOf('predictions'))).not.toContain('recommendations')
    expect(heard).toContain('predictions')
  } finally {
    await state.close()
    await warehouse.close()
  }
}, 240_000)
