import { now, RapportError, type Work } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import type { CleaningStep } from './report.ts'

interface Step {
  readonly id: string
  readonly title: string
  readonly effect: string
  /** Selects the `line_key` of the lines to leave out. */
  readonly sql: string
}

/** Nothing is left out unless somebody says so: what a step does is a judgement about the shop, not about the file. */
const steps: readonly Step[] = [
  {
    id: 'repeated-lines',
    title: 'Leave out lines that their file repeats word for word',
    effect: 'Right when the export doubled lines; wrong when two pieces were scanned one by one.',
    sql: 'select line_key from order_lines where ordinal > 0',
  },
  {
    id: 'reversed-orders',
    title: 'Leave out sales cancelled in full on the same day, with their cancellation',
    effect: 'Keeps typing errors (a thousand instead of ten) out of spend and quantities.',
    sql: `
      with pairs as (
        select sale.line_key as sold, cancelled.line_key as reversed,
          row_number() over (partition by sale.line_key order by cancelled.occurred_at, cancelled.line_key) as nth_sale,
          row_number() over (partition by cancelled.line_key order by sale.occurred_at, sale.line_key) as nth_reversal
        from order_lines sale
        join order_lines cancelled
          on cancelled.customer_id = sale.customer_id and cancelled.product_id = sale.product_id
          and cancelled.quantity = -sale.quantity and cancelled.unit_price_micros = sale.unit_price_micros
          and cancelled.occurred_at::date = sale.occurred_at::date and cancelled.occurred_at >= sale.occurred_at
        where sale.kind = 'sale' and cancelled.kind = 'cancellation'
      )
      select unnest([sold, reversed]) as line_key from pairs where nth_sale = 1 and nth_reversal = 1`,
  },
  {
    id: 'free-lines',
    title: 'Leave out sales at a price of nothing',
    effect: 'Keeps gifts, samples and stock corrections out of baskets and purchase counts.',
    sql: "select line_key from order_lines where kind = 'sale' and unit_price_micros = 0",
  },
]

export async function listCleaning(warehouse: Warehouse, work?: Work): Promise<CleaningStep[]> {
  const on = await warehouse.rows<{ step: string }>('select step from cleaning_steps')
  const listed: CleaningStep[] = []
  for (const { id, title, effect, sql } of steps) {
    const [count] = await warehouse.rows<{ n: number }>(`select count(*) as n from (${sql})`, undefined, work)
    listed.push({ id, title, effect, isOn: on.some(({ step }) => step === id), lines: count!.n })
  }
  return listed
}

/**
 * Switches a cleaning step on or off. Only the list of lines left out changes; no line does.
 *
 * @throws RapportError `quality.step` when there is no such step
 */
export async function switchCleaning(warehouse: Warehouse, id: string, isOn: boolean, work?: Work): Promise<void> {
  if (!steps.some((step) => step.id === id)) {
    throw new RapportError(
      'quality.step',
      `the step must be one of ${steps.map((step) => step.id).join(', ')}, got ${id}`,
    )
  }
  await warehouse.transaction(async () => {
    await warehouse.run('delete from cleaning_steps where step = $id', { id })
    if (isOn) await warehouse.run('insert into cleaning_steps values ($id, $at)', { id, at: { instant: now() } })
    await refreshLeftOut(warehouse, work)
  })
}

/** Applies the steps that are on to the lines there are now; run after every import. */
export async function refreshLeftOut(warehouse: Warehouse, work?: Work): Promise<void> {
  const on = await warehouse.rows<{ step: string }>('select step from cleaning_steps')
  await warehouse.run('delete from left_out_lines')
  for (const { id, sql } of steps) {
    if (!on.some(({ step }) => step === id)) continue
    await warehouse.run(`insert into left_out_lines select line_key, $id from (${sql})`, { id }, work)
  }
}
