import type { ImportKind } from '@rapport/protocol'
import { headerPhrases } from './header-phrases.ts'

const parsed = new Map<string, ReadonlyMap<string, readonly (readonly string[])[]>>()

/** Phrases of each target of a kind, each as words. */
function phrasesOf(kind: ImportKind): ReadonlyMap<string, readonly (readonly string[])[]> {
  const known = parsed.get(kind)
  if (known) return known
  const phrases = new Map(
    Object.entries(headerPhrases[kind]).map(([target, text]) => [
      target,
      [target.replaceAll('_', ' '), ...text.split(',')].map((phrase) => wordsOf(phrase)),
    ]),
  )
  parsed.set(kind, phrases)
  return phrases
}

/** Words that say nothing of what a column holds. */
const fillers = new Set([
  'the',
  'of',
  'de',
  'du',
  'la',
  'le',
  'del',
  'della',
  'der',
  'die',
  'das',
  'd',
  'l',
  'di',
  'in',
  'eur',
  'usd',
  'gbp',
  'chf',
  'euro',
  'dollar',
  'utc',
  'default',
  'address',
])

/** Spellings of one word. */
const spellings: Readonly<Record<string, string>> = {
  n: 'no',
  nr: 'no',
  num: 'no',
  number: 'no',
  numero: 'no',
  nummer: 'no',
  nbr: 'no',
  ts: 'timestamp',
  dt: 'date',
  amt: 'amount',
  desc: 'description',
  descr: 'description',
  prod: 'product',
  art: 'artikel',
  cat: 'category',
  ctry: 'country',
}

/** A column's name as words: `InvoiceDate`, `invoice_date` and `Invoice date (UTC)` are the same two. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/\bn\s*[°º]\.?|№|#/gi, ' no ')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ß', 'ss')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => spellings[word] ?? word)
}

/**
 * How well a column's name fits each target of a kind.
 *
 * @returns 0 … 1 by target: 1 when the name is one of its phrases, less when words are left over; targets with 0 left out
 */
export function nameFits(kind: ImportKind, name: string): ReadonlyMap<string, number> {
  const words = wordsOf(name)
  const plain = words.filter((word) => !fillers.has(word))
  const joined = words.join('')
  const fits = new Map<string, number>()
  for (const [target, phrases] of phrasesOf(kind)) {
    let best = 0
    for (const phrase of phrases) {
      const bare = phrase.filter((word) => !fillers.has(word))
      if (phrase.join('') === joined) best = 1
      else if (bare.length > 0 && sameWords(bare, plain)) best = Math.max(best, 0.95)
      else if (bare.length > 0 && bare.every((word) => plain.includes(word))) {
        best = Math.max(best, (0.8 * bare.length) / plain.length)
      }
    }
    if (best > 0.3) fits.set(target, best)
  }
  return fits
}

const sameWords = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((word) => other.includes(word))
