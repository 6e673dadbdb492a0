import { type Basis, basis as bases } from '@rapport/protocol'
import { RapportError, type Work } from '../base/index.ts'
import { duckdbDialect, type FileReader, readQueries, type Warehouse } from '../warehouse/index.ts'
import { consentColumns } from './kinds/customers.ts'
import type { PlanInput, RecordPlan } from './kinds/record-plan.ts'

const query = readQueries(new URL('./consents.sql', import.meta.url))

const { text } = duckdbDialect

/** @throws RapportError `ingestion.basis` when it is no basis for profiling and contacting people */
export function checkBasis(given: string | undefined): Basis | undefined {
  if (given === undefined) return undefined
  const checked = bases.safeParse(given)
  if (checked.success) return checked.data
  throw new RapportError('ingestion.basis', `the basis must be one of ${bases.options.join(', ')}, got ${given}`)
}

/**
 * Makes the reader's view `agreed` (customer_id, purpose, is_granted, basis, occurred_at): what the records' consent
 * columns say, and where they say nothing, the basis that the user gave, for profiling and for contacting. Neither: nothing,
 * so only the store's defaults say who may be profiled and contacted.
 *
 * @returns how many customers may be contacted by it, and why
 */
export async function collectConsents(
  reader: FileReader,
  plan: RecordPlan,
  input: PlanInput,
  basis: Basis | undefined,
  work?: Work,
): Promise<{ customers: number; why: string }> {
  const mapped = Object.keys(consentColumns).filter((target) => input.columns.has(target))
  const isKnown = plan.parsed.has('customer_id')
  if (!isKnown || (mapped.length === 0 && basis === undefined)) {
    await reader.run(
      'create table agreed (customer_id varchar, purpose varchar, is_granted boolean, basis varchar, occurred_at timestamptz)',
    )
    return { customers: 0, why: 'nobody may be contacted by it: there is no consent column, and no basis was given' }
  }
  const at = duckdbDialect.instant(input.now)
  const when = input.columns.has('consent_at') ? `coalesce(consent_at, ${at})` : at
  // The order of the columns is that in which they win; a later row of a customer wins over an earlier one.
  const sayings = mapped.flatMap((target, rank) =>
    consentColumns[target]!.map(
      (purpose) => `select customer_id, ${text(purpose)} as purpose, ${target} as is_granted, 'consent' as basis,
        ${when} as occurred_at, ${rank} as rank, file_index, row_number from keyed where ${target} is not null`,
    ),
  )
  if (basis) {
    for (const purpose of ['profiling', ...consentColumns['consent']!]) {
      sayings.push(
        `select customer_id, ${text(purpose)} as purpose, true as is_granted, ${text(basis)} as basis,
          ${at} as occurred_at, 99 as rank, file_index, row_number from keyed`,
      )
    }
  }
  await reader.run(
    `create table agreed as
    select customer_id, purpose, is_granted, basis, occurred_at from (${sayings.join(' union all ')})
    where customer_id is not null
    qualify row_number() over (partition by customer_id, purpose order by rank, file_index desc, row_number desc) = 1`,
    undefined,
    work,
  )
  await reader.run(
    'delete from agreed where customer_id in (select customer_id from keyed semi join erased using (file_index, row_number))',
  )
  const [count] = await reader.rows<{ customers: number }>(
    "select count(distinct customer_id) as customers from agreed where is_granted and starts_with(purpose, 'marketing.')",
  )
  const words = [
    ...(mapped.length > 0 ? [`by ${mapped.map((target) => input.columns.get(target)!.source).join(', ')}`] : []),
    ...(basis ? [`${mapped.length > 0 ? 'else ' : ''}by the basis ${basis} that was given`] : []),
  ]
  return { customers: count!.customers, why: words.join(', ') }
}

/** Stages what differs from the store. @returns how many sayings are new; the store's temporary table is left for `writeConsents` */
export async function stageConsents(warehouse: Warehouse, reader: FileReader): Promise<number> {
  await warehouse.run(query('make_staged'))
  await warehouse.pour('import_consents', reader, 'select * from agreed')
  await warehouse.run(query('drop_unchanged'))
  const [count] = await warehouse.rows<{ n: number }>(query('count_staged'))
  return count!.n
}

export const writeConsents = (warehouse: Warehouse, batch: number): Promise<void> =>
  warehouse.run(query('insert_staged'), { batch })

/** A store that could not be written to cannot drop either; what counts is the error that led here. */
export const dropStagedConsents = (warehouse: Warehouse): Promise<void> =>
  warehouse.run(query('drop_staged')).catch(() => undefined)
