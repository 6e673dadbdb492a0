import type { Instant } from '../../base/index.ts'
import type { WrittenEvent } from '../../ingestion/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { Needs } from '../point-in-time/needs.ts'

const query = readQueries(new URL('./live.sql', import.meta.url))

interface Doubt {
  /** Of the log, up to which the warehouse must have come to say. */
  readonly position: number
  readonly customerId: string
}

/** A line of an order as it was told here: the warehouse may have it already, from another event or from an import. */
interface ToldLine extends Doubt {
  readonly key: bigint
  readonly receivedAt: Instant
}

/** Customers of whom the warehouse may take less than was told here, or know more: what it has holds. */
export class Doubts {
  private readonly warehouse: Warehouse
  private readonly lineKinds: ReadonlySet<string> | 'all' | 'none'
  private readonly areTraitsNeeded: boolean
  private doubts: Doubt[] = []
  private lines: ToldLine[] = []

  constructor(warehouse: Warehouse, { line, traits }: Pick<Needs, 'line' | 'traits'>) {
    this.warehouse = warehouse
    this.lineKinds = line === null ? 'none' : line.names === null ? 'all' : new Set(line.names)
    this.areTraitsNeeded = traits.length > 0
  }

  /** @param customerId who did it, who may be profiled */
  note({ event, position, isSuspect, lines }: WrittenEvent, customerId: string): void {
    // The warehouse may have it already; and only it says what is known of who identified themselves.
    if (isSuspect || (event.call === 'identify' && this.areTraitsNeeded)) this.doubts.push({ position, customerId })
    for (const { key, kind, receivedAt } of lines)
      if (this.isNeeded(kind)) this.lines.push({ position, customerId, key, receivedAt })
  }

  /** @returns who must be made anew from the warehouse, which has the log up to a position; of them there is no doubt any more */
  async due(position: number): Promise<readonly string[]> {
    const isDue = (one: Doubt): boolean => one.position <= position
    // Where the warehouse does not answer they stay in doubt.
    const otherwise = await this.takenOtherwise(this.lines.filter(isDue))
    const due = [...this.doubts.filter(isDue), ...otherwise]
    this.doubts = this.doubts.filter((one) => !isDue(one))
    this.lines = this.lines.filter((one) => !isDue(one))
    return [...new Set(due.map(({ customerId }) => customerId))]
  }

  /** Everybody who is in doubt. */
  customers(): ReadonlySet<string> {
    return new Set([...this.doubts, ...this.lines].map(({ customerId }) => customerId))
  }

  forget(customerIds: readonly string[]): void {
    const gone = new Set(customerIds)
    this.doubts = this.doubts.filter(({ customerId }) => !gone.has(customerId))
    this.lines = this.lines.filter(({ customerId }) => !gone.has(customerId))
  }

  private isNeeded(kind: string): boolean {
    return this.lineKinds === 'all' || (this.lineKinds !== 'none' && this.lineKinds.has(kind))
  }

  /** Those that the warehouse has not, or as another event or an import told them. */
  private async takenOtherwise(lines: readonly ToldLine[]): Promise<readonly ToldLine[]> {
    if (lines.length === 0) return []
    const receivedAt = Float64Array.from(lines, (line) => line.receivedAt)
    const rows = await this.warehouse.transaction(async () => {
      await this.warehouse.stage('staged_told_lines', {
        nth: Int32Array.from(lines, (_, nth) => nth),
        line_key: lines.map(({ key }) => String(key)),
        received_at: receivedAt,
      })
      const since = receivedAt.reduce((least, one) => Math.min(least, one), Infinity)
      const found = await this.warehouse.rows<{ nth: number }>(query('told_otherwise'), { since })
      await this.warehouse.run('drop table staged_told_lines')
      return found
    })
    return rows.map(({ nth }) => lines[nth]!)
  }
}
