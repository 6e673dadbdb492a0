import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { disagreements, trialOf } from './agreement.contract.ts'
import { Coverage } from './coverage.contract.ts'
import { LiveExecution } from './live-execution.contract.ts'
import { SqlExecution } from './sql-execution.contract.ts'

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-agreement-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const trials = 6

test('SQL and the live engine say what the reference says, whatever happens in whatever order', {
  timeout: 300_000,
}, async () => {
  const coverage = new Coverage()
  for (let turn = 0; turn < trials; turn += 1) {
    const trial = trialOf(fc.readConfigureGlobal().seed!, turn, {
      ...{ definitions: 120, people: 10, arrivals: 200, checks: 3 },
    })
    const executions = [
      new LiveExecution(trial.plan, trial.story.timezone, folder),
      new SqlExecution(warehouse, trial.plan),
    ]
    expect((await disagreements(trial, executions, { coverage })).slice(0, 3)).toEqual([])
  }
  console.log(coverage.table())
  expect(coverage.size).toBeGreaterThan(5000)
  expect(coverage.empty()).toEqual([])
})
