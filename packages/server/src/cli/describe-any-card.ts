import type { AnyCard } from '../predictions/index.ts'
import { describeSeriesCard } from './describe-forecast.ts'
import { describeCard } from './describe-prediction.ts'
import { describeSessionsCard } from './describe-sessions.ts'

/** A card for people, of customers, of sessions or of days. */
export const describeAnyCard = (card: AnyCard): string => {
  if (card.kind === 'sessions') return describeSessionsCard(card)
  return card.kind === 'series' ? describeSeriesCard(card) : describeCard(card)
}
