import { type Purpose, purpose as purposes } from '@rapport/protocol'
import type { Instant } from '../base/index.ts'
import type { State } from '../state/index.ts'

/** What holds for one customer and purpose, and why. */
export interface Standing {
  readonly purpose: Purpose
  readonly isGranted: boolean
  readonly decision: string
  readonly source: string
  readonly basis: string
  readonly decidedAt: Instant
}

/**
 * What a customer agreed to and refused over the wire, by purpose: the latest decision under any of their ids, and of two
 * at the same moment the refusal. A purpose that they never decided about is not in it.
 *
 * @param receivedIds the ids that the identity room joined to the customer: user ids, `anonymous:` and browsers'
 */
export async function standingsOf({ queries }: State, receivedIds: readonly string[]): Promise<Standing[]> {
  if (receivedIds.length === 0) return []
  const rows = await queries.selectFrom('consents').selectAll().where('customer_id', 'in', receivedIds).execute()
  const decisions = rows.map(
    (row): Standing => ({
      ...{ purpose: row.purpose as Purpose, isGranted: row.decision === 'granted', decision: row.decision },
      ...{ source: row.source, basis: row.basis, decidedAt: row.decided_at },
    }),
  )
  return purposes.options.flatMap((purpose) => {
    const latest = latestOf(decisions.filter((decision) => decision.purpose === purpose))
    return latest ? [latest] : []
  })
}

/** The latest; of several at the same moment a refusal. */
export function latestOf<Decision extends { readonly isGranted: boolean; readonly decidedAt: Instant }>(
  decisions: readonly Decision[],
): Decision | undefined {
  let latest: Decision | undefined
  for (const decision of decisions) {
    const isLater = latest === undefined || decision.decidedAt > latest.decidedAt
    const refusesAtOnce = latest?.decidedAt === decision.decidedAt && !decision.isGranted
    if (isLater || refusesAtOnce) latest = decision
  }
  return latest
}
