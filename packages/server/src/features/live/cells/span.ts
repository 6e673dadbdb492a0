import { earliestCell, latestCell } from './extreme.ts'
import { beside } from './number-cell.ts'

/** The earliest and the latest moment. */
export const spanCell = beside(earliestCell, latestCell)
