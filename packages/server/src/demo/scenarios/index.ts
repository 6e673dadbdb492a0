import type { Scenario } from '../scenario.ts'
import { fashion } from './fashion.ts'

/** Every shop that can be simulated. */
export const scenarios: readonly Scenario[] = [fashion]
