export { adjustedRand } from './adjusted-rand.ts'
export { calinskiHarabasz, daviesBouldin } from './cluster-indices.ts'
export { type Assignment, assignKMeans, fitKMeans, type KMeansModel, type KMeansOptions } from './k-means.ts'
export {
  type SampledSilhouette,
  type SampledSilhouetteOptions,
  type Silhouette,
  sampledSilhouette,
  silhouette,
} from './silhouette.ts'
