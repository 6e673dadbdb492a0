import { type Format, formatFor, type Html, html, type TimelinePage } from '../../insights/index.ts'
import { icon } from './icons.ts'
import type { Moments } from './moments.ts'
import { wordsOf } from './occurrence-words.ts'

/** What happened, by day, the latest first. */
export function timelineList({ occurrences }: TimelinePage, moments: Moments): Html {
  const formats = new Map<string, Format>()
  const format = (currency: string): Format => {
    const known = formats.get(currency) ?? formatFor(currency, moments.timezone)
    formats.set(currency, known)
    return known
  }
  const days = new Map<string, Html[]>()
  for (const one of occurrences) {
    const day = moments.day(one.occurredAt)
    const { icon: picture, words, beside } = wordsOf(one, format)
    const line = html`<li><span class="at">${moments.time(one.occurredAt)}</span>${icon(picture)}<div><span class="words">${words}</span>${beside && html`<span class="beside">${beside}</span>`}${
      one.text !== null && html`<blockquote>${one.text}</blockquote>`
    }</div></li>`
    days.set(day, [...(days.get(day) ?? []), line])
  }
  return html`${[...days].map(([day, lines]) => html`<h3>${day}</h3><ol class="timeline">${lines}</ol>`)}`
}
