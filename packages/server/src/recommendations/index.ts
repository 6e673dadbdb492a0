export { recommend } from './recommend.ts'
export type { NamedProduct, NoRecommendations, RankingQuality, RecommendationsResult } from './result.ts'
export {
  boughtTogether,
  customerRecommendations,
  type RecommendedProduct,
  type RelatedProduct,
  similarProducts,
} from './stored.ts'
