import type { ModelCard } from './judging/model-card.ts'
import type { SeriesCard } from './series/series-card.ts'
import type { SessionsCard } from './sessions/sessions-card.ts'

/**
 * The format of cards and of what is fitted, which both carry. It rises whenever one of them gets another shape. A model of
 * another format is not read but learned anew: the records that it came from are still there.
 */
export const modelFormat = 4

export type AnyCard = ModelCard | SeriesCard | SessionsCard

/** In the place of a card that another version of the product wrote. */
export interface UnreadCard {
  readonly kind: 'unread'
  /** What to say of it, and what to do. */
  readonly because: string
}

export type StoredCard = AnyCard | UnreadCard

/** Whose model it is: of the prediction `name`. */
interface Named {
  readonly modelId: string
  readonly name: string
}

export const writeCard = (card: AnyCard): string => JSON.stringify({ format: modelFormat, ...card })

/** A card, or why it cannot be read; cards without a format are older than formats are. */
export function readCard(text: string, named: Named): StoredCard {
  const card = JSON.parse(text) as AnyCard & { readonly format?: number }
  const { format = null } = card
  return format === modelFormat ? card : { kind: 'unread', because: unreadWords(named, format) }
}

function unreadWords({ modelId, name }: Named, format: number | null): string {
  const age = format !== null && format > modelFormat ? 'a later' : 'an earlier'
  return (
    `${modelId} must be of format ${modelFormat}, got ${format ?? 'none'}: it was made by ${age} version of Rapport; ` +
    `rapport predict train ${name} makes a new one`
  )
}
