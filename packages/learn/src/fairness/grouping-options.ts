import { RapportError } from '@rapport/numerics'

/** How rows are grouped, and from where on groups are compared. */
export interface GroupingOptions {
  /** Most attributes that are crossed; 1 looks at each alone. Default 2. */
  readonly crossed?: number
  /** What rests on fewer rows of a group is shown and not compared, ≥ 1. Default 30. */
  readonly rowsMin?: number
  /** Confidence of every interval, in (0, 1). Default 0.95. */
  readonly confidence?: number
}

/** The options with their defaults. @throws RapportError `fairness.options` */
export function checkGrouping({
  crossed = 2,
  rowsMin = 30,
  confidence = 0.95,
}: GroupingOptions): Required<GroupingOptions> {
  const refuse = (message: string): never => {
    throw new RapportError('fairness.options', message)
  }
  if (!Number.isInteger(crossed) || crossed < 1) refuse(`crossed must be a whole number ≥ 1, got ${crossed}`)
  if (!(rowsMin >= 1 && rowsMin < Infinity)) refuse(`rowsMin must be at least 1, got ${rowsMin}`)
  if (!(confidence > 0 && confidence < 1)) refuse(`confidence must be between 0 and 1, got ${confidence}`)
  return { crossed, rowsMin, confidence }
}
