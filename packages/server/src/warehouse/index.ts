export { type Column, Columns } from './columns.ts'
export { type Dialect, duckdbDialect } from './dialect.ts'
export { FileReader } from './file-reader.ts'
export type { Handover } from './handover.ts'

export { openWarehouse } from './open-warehouse.ts'
export { readQueries } from './queries.ts'
export { stoppable } from './stoppable.ts'
export type { Parameter, Parameters, Stageable, Warehouse } from './warehouse.ts'
