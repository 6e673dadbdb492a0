import type { Instant, Work } from '../../../base/index.ts'
import { computeFeatures, storeCatalogue } from '../../../features/index.ts'
import { ruleSql } from '../../../rules/index.ts'
import { duckdbDialect, readQueries, type Warehouse } from '../../../warehouse/index.ts'
import { featuresOfPopulation, type Prediction, populationPointer } from './definition.ts'

const query = readQueries(new URL('./cohort.sql', import.meta.url))
const populationTable = 'asked_population'

/** Who a prediction is about as of a moment. */
export interface Cohort {
  /** By code point. */
  readonly customerIds: readonly string[]
  /** Of the population, those who did not agree to the prediction's purpose; not among the ids. */
  readonly withoutConsent: number
}

/**
 * Everybody whom the population's rule held for by what was known at the moment, and who agrees to the purpose today.
 *
 * @throws RapportError `segments.rule` where the rule names what the store does not have
 */
export async function readCohort(
  warehouse: Warehouse,
  prediction: Prediction,
  cut: Instant,
  work?: Work,
): Promise<Cohort> {
  const catalogue = await storeCatalogue(warehouse, cut)
  const wanted = new Set(featuresOfPopulation(prediction))
  const features = catalogue.filter(({ name }) => wanted.has(name))
  try {
    await computeFeatures(warehouse, { asOf: cut, table: populationTable, catalogue: features }, work)
    const context = {
      ...{ features, table: populationTable, asOf: cut, dialect: duckdbDialect, under: populationPointer },
      rules: new Map<string, never>(),
    }
    const sql =
      prediction.population === undefined
        ? `select customer_id from ${populationTable} order by customer_id`
        : ruleSql(prediction.population, context)
    const all = (await warehouse.columns(sql, undefined, work)).keys('customer_id')
    return await agreeing(warehouse, all, prediction.definition.purpose)
  } finally {
    await warehouse.run(query('drop_population'))
    await warehouse.run(query('forget_population'))
  }
}

async function agreeing(warehouse: Warehouse, customerIds: readonly string[], purpose: string): Promise<Cohort> {
  return withStaged(warehouse, customerIds, async () => {
    const read = await warehouse.columns(query('agreeing'), { purpose })
    return { customerIds: read.keys('customer_id'), withoutConsent: customerIds.length - read.rows }
  })
}

/** Runs what reads `staged_cohort` while it holds these customers. */
export async function withStaged<Result>(
  warehouse: Warehouse,
  customerIds: readonly string[],
  use: () => Promise<Result>,
): Promise<Result> {
  await warehouse.run('drop table if exists staged_cohort')
  await warehouse.stage('staged_cohort', { customer_id: customerIds })
  try {
    return await use()
  } finally {
    await warehouse.run('drop table if exists staged_cohort')
  }
}
