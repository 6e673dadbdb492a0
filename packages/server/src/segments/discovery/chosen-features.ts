import { RapportError } from '../../base/index.ts'
import type { Feature } from '../../features/index.ts'

/**
 * The features that were asked for by name or by family ('purchases', 'returns and discounts'), in the catalogue's order.
 *
 * @throws RapportError `segments.features` for a word that is neither
 */
export function chosenFeatures(catalogue: readonly Feature[], words: readonly string[]): readonly Feature[] {
  const chosen = new Set<string>()
  for (const word of words) {
    const plain = word.trim().toLowerCase().replaceAll('-', ' ')
    const found = catalogue.filter(({ name, group }) => name === word.trim() || group === plain)
    if (found.length === 0) {
      const families = [...new Set(catalogue.map(({ group }) => group))].join(', ')
      throw new RapportError(
        'segments.features',
        `features must be names of the catalogue (rapport features lists them) or its families ${families}, got ${word}`,
      )
    }
    for (const { name } of found) chosen.add(name)
  }
  return catalogue.filter(({ name }) => chosen.has(name))
}
