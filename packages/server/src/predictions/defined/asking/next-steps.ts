import { storeCatalogue } from '../../../features/index.ts'
import type { Warehouse } from '../../../warehouse/index.ts'
import type { NotEnough } from '../../result.ts'
import { eventsOf, type Prediction } from './definition.ts'
import { populationWords } from './population-words.ts'
import type { TooFew } from './too-few.ts'

/** What to do so that a prediction has enough to learn from. */
export function nextSteps(prediction: Prediction): string {
  const { advice } = prediction
  if (advice !== undefined) return advice
  const events = eventsOf(prediction)
  const sent =
    events.length === 0
      ? 'orders and events with the id of the customer'
      : `events named ${events.join(', ')} with the id of the customer`
  return (
    `import or send ${sent}, of more people or further back, ` +
    'or declare it with a wider population or a longer horizon (rapport predict define)'
  )
}

/** Why too few customers are there, who is counted, and what to do. */
export async function refusalOf(
  warehouse: Warehouse,
  prediction: Prediction,
  { because, cut }: TooFew,
): Promise<NotEnough> {
  const labels = new Map((await storeCatalogue(warehouse, cut)).map(({ name, label }) => [name, label]))
  const population = populationWords(prediction.population, labels)
  return { found: false, because: `${because}; its population: ${population}; ${nextSteps(prediction)}` }
}
