import type { Scenario } from '../scenario.ts'
import { fashion } from './fashion.ts'
import { subscription } from './subscription.ts'
import { watches } from './watches.ts'

/** Every shop that can be simulated. */
export const scenarios: readonly Scenario[] = [fashion, watches, subscription]
