export type { InteractionWeighting } from './interaction-weighting.ts'
export {
  fitItemItem,
  type ItemItemModel,
  type ItemItemOptions,
  type RankedItems,
  recommendItemItem,
  similarItems,
} from './item-item.ts'
export { fitPopularity, type PopularityModel, recommendPopular } from './popularity.ts'
export type { Recommendations, RecommendOptions } from './recommend.ts'
