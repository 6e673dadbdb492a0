import { matrixFromRows, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import { fitUpliftTree } from './fit-uplift-forest.ts'
import { predictArmResponses } from './uplift-forest-model.ts'
import type { UpliftTreeOptions } from './uplift-tree-options.ts'

// Reference: causalml's UpliftTreeClassifier; made by golden/make/uplift-trees.py. Both count the same customers in the same
// leaves; shares of them are the same to rounding.
interface Case {
  readonly options: Omit<UpliftTreeOptions, 'seed'>
  readonly leaves: number
  /** Of the first rows. */
  readonly responses: number[][]
}

const { values: golden, agree } = readGolden<{
  readonly rows: number[][]
  readonly arms: Record<'two' | 'three', number[]>
  readonly outcomes: Record<'two' | 'three', number[]>
  readonly cases: Record<'two' | 'three', Case[]>
}>(new URL('../golden/uplift-trees.json', import.meta.url))

const data = matrixFromRows(golden.rows)
const cases = (['two', 'three'] as const).flatMap((arms) =>
  golden.cases[arms].map((own) => ({ name: `${arms} arms, ${JSON.stringify(own.options)}`, arms, own })),
)

test.each(cases)('$name', async ({ arms, own }) => {
  const rows = { data, arms: golden.arms[arms], outcomes: golden.outcomes[arms] }
  const tree = await fitUpliftTree(rows, { ...own.options, assignment: 'passed', seed: 1 })
  expect(tree.trees.columns.filter((column) => column < 0)).toHaveLength(own.leaves)
  const first = takeRows(data, [...own.responses.keys()])
  agree('uplift tree', predictArmResponses(tree, first).values, own.responses.flat(), 1e-12)
})
