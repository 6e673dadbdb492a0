import type { Warehouse } from '../warehouse/index.ts'
import { applyDefaults } from './standings.ts'

/** Lets everybody be profiled, as a shop does that declares a basis for it: for tests of what is found in profiles. */
export const profileEverybody = (warehouse: Warehouse): Promise<void> =>
  applyDefaults(warehouse, {
    rule: 'by-region',
    declared: { basis: 'legitimate-interest', purposes: ['profiling'], declaredAt: 0 },
  })
