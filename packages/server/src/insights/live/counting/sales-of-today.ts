import { inTurns, servingMs } from '../../../base/index.ts'
import type { WrittenEvent } from '../../../ingestion/index.ts'
import { type Columns, readQueries, type Warehouse } from '../../../warehouse/index.ts'
import { type Day, stepMs } from '../usual/local-day.ts'
import { type SalesTotal, type SoldLine, TodaySales } from './today-sales.ts'

const query = readQueries(new URL('../live.sql', import.meta.url))

/** Events with orders that may wait for the warehouse; beyond that the oldest are told by it alone. */
const waitingMax = 50_000

/** Sales of the day that runs: each order as it is written, and what the warehouse has holds. */
export class SalesOfToday {
  private readonly warehouse: Warehouse
  private sales: TodaySales | undefined
  /** Events with orders that the warehouse may not have yet. */
  private waiting: WrittenEvent[] = []
  /** Whether the warehouse has taken orders in since it was last asked. */
  private isDue = true
  /** While the day is read, nothing that waits is let go of: it may be of after what was read. */
  private isReading = false

  constructor(warehouse: Warehouse) {
    this.warehouse = warehouse
  }

  /** Undefined before the day was first read. */
  get today(): TodaySales | undefined {
    return this.sales
  }

  written(events: readonly WrittenEvent[]): void {
    for (const event of events) {
      if (event.lines.length === 0) continue
      this.waiting.push(event)
      if (this.waiting.length > waitingMax) this.waiting.shift()
      this.sales?.written(event)
    }
  }

  /** The warehouse has the log up to a position. */
  followed(position: number): void {
    if (this.isReading || this.waiting.length === 0 || this.waiting[0]!.position > position) return
    this.waiting = this.waiting.filter((event) => event.position > position)
    this.isDue = true
  }

  /**
   * Makes it the same as in the warehouse.
   *
   * @param always also where no order came: an import, an erasure or a cleaning step may have changed it
   */
  async reconcile(day: Day, currency: string, always: boolean): Promise<void> {
    const { sales } = this
    const isSame = sales?.from === day.from && sales.until === day.until && sales.currency === currency
    if (isSame && !this.isDue && !always) return
    this.isDue = false
    if (isSame) {
      const [told] = await this.warehouse.rows<SalesTotal & { position: number }>(query('sales_total'), {
        ...{ currency, from: { instant: day.from }, until: { instant: day.until } },
      })
      if (sales.agrees(told!, told!.position)) return
    }
    await this.read(day, currency)
  }

  private async read(day: Day, currency: string): Promise<void> {
    this.isReading = true
    try {
      const columns = await this.warehouse.columns(query('sales_of_day'), {
        ...{ currency, from: { instant: day.from }, until: { instant: day.until } },
      })
      const fresh = new TodaySales(day, currency, stepMs)
      await inTurns(taking(fresh, columns), servingMs)
      const position = columns.rows > 0 ? columns.numbers('position')[0]! : Number.NEGATIVE_INFINITY
      for (const event of this.waiting) if (event.position > position) fresh.written(event)
      this.sales = fresh
    } finally {
      this.isReading = false
    }
  }
}

function* taking(fresh: TodaySales, columns: Columns): Generator<void, void> {
  const [keys, orders] = [columns.keys('key'), columns.keys('orderId')]
  const [revenue, refunds] = [columns.numbers('revenueMicros'), columns.numbers('refundMicros')]
  const [firsts, moments] = [columns.numbers('orders'), columns.numbers('occurredAt')]
  for (let row = 0; row < columns.rows; row += 1) {
    const line: SoldLine = {
      ...{ key: keys[row]!, orderId: orders[row]!, occurredAt: moments[row]! },
      ...{ revenueMicros: revenue[row]!, refundMicros: refunds[row]!, orders: firsts[row]! },
    }
    fresh.take(line)
    if (row % 256 === 0) yield
  }
}
