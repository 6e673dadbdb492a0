import type { Instant } from '../base/index.ts'

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
