import type { AnyCard } from '../predictions/index.ts'
import { describeSeriesCard } from './describe-forecast.ts'
import { describeCard } from './describe-prediction.ts'

/** A card for people, of customers or of days. */
export const describeAnyCard = (card: AnyCard): string =>
  card.kind === 'series' ? describeSeriesCard(card) : describeCard(card)
