import type { FeedRefusal } from '../../features/index.ts'

const refusals: Readonly<Record<FeedRefusal, string>> = {
  none: 'there was no snapshot of them',
  'other-format': 'their snapshot is another version’s',
  'other-store': 'their snapshot is another store’s',
  'other-plan': 'others were declared when their snapshot was written',
  'other-history': 'history was changed since their snapshot in another way than by new events',
  damaged: 'their snapshot is damaged',
}

/** How features and segments came to be what they are after a start, for the operator. @param refusal why no snapshot was used */
export function startWords(refusal: FeedRefusal | undefined, tookMs: number): string {
  const how = refusal === undefined ? 'went on from where they were' : `were built from the log (${refusals[refusal]})`
  return `live features and segments ${how} in ${(tookMs / 1000).toFixed(1)} s`
}
