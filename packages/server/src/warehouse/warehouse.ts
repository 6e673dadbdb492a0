import type { Instant, Work } from '../base/index.ts'
import type { Columns } from './columns.ts'
import type { FileReader } from './file-reader.ts'
import type { Handover } from './handover.ts'
import type { WarehouseSnapshot } from './snapshot.ts'

/** A value bound to `$name` in a query. */
export type Parameter = string | number | bigint | boolean | null | { readonly instant: Instant }
export type Parameters = Readonly<Record<string, Parameter>>

/** Columns of one length. Numbers: NaN is missing. Text: null is missing. BigInt64Array: whole numbers. */
export type Stageable = Readonly<Record<string, Float64Array | Int32Array | BigInt64Array | readonly (string | null)[]>>

/**
 * The store of facts. One per process and file; every call waits for the one before it.
 *
 * SQL uses `$name` parameters. Sums that feed results are of integers: sums of doubles differ between runs.
 */
export interface Warehouse {
  /** The store's folder. */
  readonly folder: string
  /** The folder of the event log's segments, which the store's queries may read. */
  readonly logFolder: string
  /** Runs one or more statements. `work.signal` interrupts the query itself. */
  run(sql: string, parameters?: Parameters, work?: Work): Promise<void>
  /** A small result as objects (≤ 10,000 rows). BIGINT comes as number where exact, instants as ms since 1970. */
  rows<Row extends object>(sql: string, parameters?: Parameters, work?: Work): Promise<Row[]>
  /** A result of any size as typed arrays. Cast DECIMAL and HUGEINT to double or bigint in the query. */
  columns(sql: string, parameters?: Parameters, work?: Work): Promise<Columns>
  /** One row of blobs, by column; missing is empty. Texts joined in SQL come so without a JavaScript text for each. */
  blobs(sql: string, work?: Work): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>>
  /**
   * Puts columns into the temporary table `name` (DOUBLE, INTEGER, BIGINT, VARCHAR), made if it is not there, for SQL to
   * read; the caller drops it.
   *
   * @throws RapportError `warehouse.ragged` when the columns differ in length
   */
  stage(name: string, columns: Stageable, work?: Work): Promise<void>
  /**
   * Puts what `sql` selects in `reader` into a file that the store's queries can read; whoever asked for it drops it.
   *
   * @throws RapportError `warehouse.type` for a HUGEINT, `warehouse.disk-full`
   */
  handOver(reader: FileReader, sql: string, work?: Work): Promise<Handover>
  /**
   * Inserts what `sql` selects in `reader`: exactly the columns of `table`, in their order. Rows come in any order.
   *
   * @returns rows inserted
   * @throws RapportError `warehouse.columns` when they are other columns
   */
  pour(table: string, reader: FileReader, sql: string, work?: Work): Promise<number>
  /**
   * All or nothing: what `work` did is kept when it resolves and undone when it throws. Calls from outside it wait.
   *
   * @throws RapportError `warehouse.nested` when called inside another transaction
   */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>
  /**
   * The store as it is now, to be read while others go on writing; the caller closes it. Meanwhile no free room is given
   * back, and `rewrite` waits.
   */
  snapshot(): Promise<WarehouseSnapshot>
  /** Flushes the log into the file, unless a snapshot is open: the log is as safe. */
  checkpoint(): Promise<void>
  /**
   * Copies the store into a new file and puts that in its place, so that nothing that was deleted is left in it. Calls wait
   * meanwhile; an import, analysis or backup that runs is waited for. A crash leaves the old file or the new one.
   *
   * @throws RapportError `warehouse.in-use`, `warehouse.disk-full`
   */
  rewrite(work?: Work): Promise<void>
  close(): Promise<void>
}
