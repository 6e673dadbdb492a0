import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { disagreements, type Trial, trialOf } from './agreement.contract.ts'
import { leavesUnder, treeKindsOf } from './coverage.contract.ts'
import { type PlantedBug, plantedBugs } from './planted-bugs.contract.ts'
import { PlantedExecution } from './planted-execution.contract.ts'

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-planted-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

// Some bugs are seen only after several trials, and other tests may run beside.
vi.setConfig({ testTimeout: 300_000 })

const trials = 8
const seed = fc.readConfigureGlobal().seed!

/** A trial of fewer features, all of which have to do with what the bug is about. */
function trialAbout(kind: PlantedBug['about'], turn: number): Trial {
  const size = { definitions: kind === undefined ? 80 : 240, people: 8, arrivals: 120, checks: 2 }
  const trial = trialOf(seed, turn, size)
  if (kind === undefined) return trial
  const { leaves, features } = trial.plan
  return {
    ...trial,
    plan: {
      leaves,
      features: features.filter(
        ({ tree }) =>
          leavesUnder(tree, leaves).some((leaf) => leaf.kind === kind) || treeKindsOf(tree).some((own) => own === kind),
      ),
    },
  }
}

test.each(plantedBugs.map((bug) => [bug.in, bug.name, bug] as const))('%s: %s is seen', async (_in, name, bug) => {
  for (let turn = 0; turn < trials; turn += 1) {
    const trial = trialAbout(bug.about, turn)
    const found = await disagreements(trial, [new PlantedExecution(bug, trial, warehouse, folder)])
    if (found.length > 0) return
  }
  expect.fail(`${name} must be seen in ${trials} trials, it was not`)
})

test.each(['SQL', 'live'] as const)('%s: nothing is seen where no bug was planted', async (where) => {
  for (const about of [undefined, 'sequence', 'trait', 'score'] as const)
    for (let turn = 0; turn < (about === undefined ? 2 : 1); turn += 1) {
      const trial = trialAbout(about, turn)
      const bug = { name: 'none', in: where }
      expect(await disagreements(trial, [new PlantedExecution(bug, trial, warehouse, folder)])).toEqual([])
    }
})
