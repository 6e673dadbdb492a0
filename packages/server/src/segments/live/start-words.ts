import type { FeedRefusal } from '../../features/index.ts'

const refusals: Readonly<Record<FeedRefusal, string>> = {
  none: 'there was no snapshot of them',
  'other-format': 'their snapshot is another version’s',
  'other-store': 'their snapshot is another store’s',
  'other-plan': 'others were declared when their snapshot was written',
  'other-history': 'history was changed since their snapshot in another way than by new events',
  damaged: 'their snapshot is damaged',
}

/**
 * How features and segments came to be what they are after a start, for the operator.
 *
 * @param since events that the log had since their snapshot; why it was not used, where it was not
 */
export function startWords(since: number | FeedRefusal, tookMs: number): string {
  const how =
    typeof since === 'number' ? 'went on from where they were' : `were built from the log (${refusals[since]})`
  return `live features and segments ${how} in ${(tookMs / 1000).toFixed(1)} s`
}
