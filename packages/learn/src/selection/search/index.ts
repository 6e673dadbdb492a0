export {
  type GridSearchOptions,
  type RandomSearchOptions,
  searchGrid,
  searchRandom,
} from './search-candidates.ts'
export type { SearchRange, SearchSpace } from './search-space.ts'
export { type HalvingSearchOptions, searchHalving } from './successive-halving.ts'
export type { Evaluate, Search, TimeBudget, Trial } from './trials.ts'
