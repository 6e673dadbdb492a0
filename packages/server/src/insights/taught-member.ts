/** How sure a taught model is of a member; nothing of that for segments that were not taught. */
export interface TaughtMember {
  /** 0 … 1; null where no model was asked. */
  readonly probability: number | null
  /** In it because somebody said so; null where no model was asked. */
  readonly isLabelled: boolean | null
  /** What speaks most for it, in words; empty where that was not worked out. */
  readonly reasons: readonly string[]
}

/** The same as a query gives it. */
export interface TaughtRow {
  readonly probability: number | null
  readonly isLabelled: number | boolean | null
  /** JSON */
  readonly reasons: string | null
}

export const taughtMember = ({ probability, isLabelled, reasons }: TaughtRow): TaughtMember => ({
  probability,
  isLabelled: isLabelled === null ? null : Boolean(isLabelled),
  reasons: wordsOf(reasons),
})

/** The words of reasons as they are kept. */
export const wordsOf = (reasons: string | null): string[] =>
  reasons === null ? [] : (JSON.parse(reasons) as { words: string }[]).map(({ words }) => words)
