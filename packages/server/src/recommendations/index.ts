export { recommend } from './recommend.ts'
export type { NamedProduct, NoRecommendations, RankingQuality, RecommendationsResult } from './result.ts'
export {
  boughtTogether,
  customerRecommendations,
  type RecommendedProduct,
  type RelatedPair,
  type RelatedProduct,
  similarProducts,
} from './stored-lists.ts'
