import { countOf, dayMs, type Instant, type Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { listCleaning } from './cleaning.ts'
import { type Examples, findingsFrom, type LineFacts } from './findings.ts'
import { profileTables } from './profile.ts'
import type { Change, ClassBalance, QualityReport, Representativeness } from './report.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

const horizonDays = 90
const windowDays = 180

/**
 * Looks at everything in the store as of a moment and says what a person should know before trusting the numbers.
 *
 * @param asOf later records are counted, and otherwise left out
 * @throws RapportError `work.aborted`, within any of its queries
 */
export async function assessQuality(warehouse: Warehouse, asOf: Instant, work?: Work): Promise<QualityReport> {
  let done = 0
  const step = (stage: string): void => {
    done += 1
    work?.onProgress?.({ stage: `looking at ${stage}`, done, total: 8 })
  }
  const tables = await profileTables(warehouse, (table) => step(table.replace('_', ' ')), work)
  step('order lines')
  const [facts] = await warehouse.rows<LineFacts>(query('line_facts'), { as_of: { instant: asOf } }, work)
  const examples = await readExamples(warehouse, asOf, work)
  step('what can be predicted')
  const balance = await readBalance(warehouse, asOf, work)
  step('who is known')
  return {
    asOf,
    tables,
    findings: facts!.lines === 0 ? [] : findingsFrom(facts!, examples),
    balance,
    representativeness: await readRepresentativeness(warehouse, asOf, work),
    sinceLastImport: await readChanges(warehouse, work),
    cleaning: await listCleaning(warehouse, work),
  }
}

async function readExamples(warehouse: Warehouse, asOf: Instant, work: Work | undefined): Promise<Examples> {
  const moment = { as_of: { instant: asOf } }
  const codes = await warehouse.rows<{ code: string; rule: string; lines: number }>(
    query('non_product_codes'),
    undefined,
    work,
  )
  const adjustments = await warehouse.rows<{ example: string }>(query('adjustment_examples'), undefined, work)
  const conflicts = await warehouse.rows<{ example: string; total: number }>(
    query('product_conflicts'),
    undefined,
    work,
  )
  const gaps = await warehouse.rows<{ example: string; total: number }>(query('day_gaps'), moment, work)
  const quarantined = await warehouse.rows<{ reason: string; n: number; total: number }>(
    query('quarantined'),
    undefined,
    work,
  )
  const [emails] = await warehouse.rows<{ n: number }>(query('shared_emails'), undefined, work)
  return {
    nonProducts: codes.map(({ code, rule, lines }) => `${code}: ${countOf(lines, 'line')} (${rule})`),
    adjustments: adjustments.map(({ example }) => example),
    priceConflicts: { total: conflicts[0]?.total ?? 0, examples: conflicts.map(({ example }) => example) },
    gaps: { total: gaps[0]?.total ?? 0, examples: gaps.map(({ example }) => example) },
    quarantined: {
      total: quarantined[0]?.total ?? 0,
      examples: quarantined.map(({ reason, n }) => `${reason}: ${n}`),
    },
    sharedEmails: emails!.n,
  }
}

interface Counted {
  readonly customers: number
  readonly positive: number
}

async function readBalance(warehouse: Warehouse, asOf: Instant, work: Work | undefined): Promise<ClassBalance[]> {
  const as_of = { instant: asOf }
  const [span] = await warehouse.rows<{ first: number | null; last: number | null }>(query('span'), { as_of }, work)
  const days = span?.first == null || span.last == null ? 0 : (span.last - span.first) / dayMs
  const [lapse] = await warehouse.rows<Counted>(
    query('lapse_balance'),
    {
      as_of,
      window: windowDays,
      horizon: horizonDays,
    },
    work,
  )
  const [second] = await warehouse.rows<Counted>(
    query('second_purchase_balance'),
    { as_of, horizon: horizonDays },
    work,
  )
  const [response] = await warehouse.rows<Counted>(query('response_balance'), { as_of }, work)
  return [
    withReason(
      {
        target: 'lapse',
        definition: `bought in the ${windowDays} days before the cut, nothing in the ${horizonDays} days after`,
        ...lapse!,
      },
      days < horizonDays ? `the history must be longer than ${horizonDays} days, got ${Math.round(days)}` : undefined,
    ),
    withReason({
      target: 'second purchase',
      definition: `bought again on another day within ${horizonDays} days of the first`,
      ...second!,
    }),
    withReason({ target: 'email click', definition: 'emails sent that were clicked', ...response! }),
  ]
}

function withReason(balance: ClassBalance, because?: string): ClassBalance {
  const { customers, positive } = balance
  const reason =
    because ??
    (customers === 0
      ? 'nobody fits the definition yet'
      : positive === 0 || positive === customers
        ? 'all customers have the same outcome'
        : undefined)
  return reason ? { ...balance, because: reason } : balance
}

async function readRepresentativeness(
  warehouse: Warehouse,
  asOf: Instant,
  work: Work | undefined,
): Promise<Representativeness> {
  const moment = { as_of: { instant: asOf } }
  const [share] = await warehouse.rows<{ revenue: number | null; orders: number | null }>(
    query('known_share'),
    moment,
    work,
  )
  if (share!.orders === null || share!.orders === 0) {
    return {
      knownRevenueShare: null,
      knownOrderShare: share!.orders,
      dimensions: [],
      because: 'no sale names a customer',
    }
  }
  const rows = await warehouse.rows<{ dimension: string; value: string; known: number; all_lines: number }>(
    query('known_by_dimension'),
    moment,
    work,
  )
  const names = [...new Set(rows.map(({ dimension }) => dimension))]
  return {
    knownRevenueShare: share!.revenue,
    knownOrderShare: share!.orders,
    dimensions: names.map((name) => {
      const values = rows.filter(({ dimension }) => dimension === name)
      const apart = values.toSorted((a, b) => Math.abs(b.known - b.all_lines) - Math.abs(a.known - a.all_lines))[0]
      return {
        name,
        distance: values.reduce((sum, { known, all_lines }) => sum + Math.abs(known - all_lines), 0) / 2,
        largest: apart ? { value: apart.value, known: apart.known, all: apart.all_lines } : null,
      }
    }),
  }
}

interface Side {
  readonly is_last: number | boolean
  readonly lines: number
  readonly without_customer: number
  readonly cancelled: number
  readonly median_price: number
  readonly products: number
  readonly countries: number
}

async function readChanges(warehouse: Warehouse, work: Work | undefined): Promise<Change[]> {
  const sides = await warehouse.rows<Side>(query('last_two_imports'), undefined, work)
  const before = sides.find(({ is_last }) => !is_last)
  const last = sides.find(({ is_last }) => is_last)
  if (!before || !last) return []
  return [
    { measure: 'lines', before: before.lines, now: last.lines },
    { measure: 'share of lines without a customer', before: before.without_customer, now: last.without_customer },
    { measure: 'share of lines cancelled', before: before.cancelled, now: last.cancelled },
    { measure: 'median price', before: before.median_price, now: last.median_price },
    { measure: 'different products', before: before.products, now: last.products },
    { measure: 'different countries', before: before.countries, now: last.countries },
  ]
}
