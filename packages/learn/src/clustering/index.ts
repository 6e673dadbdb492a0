export { adjustedRand } from './adjusted-rand.ts'
export { type AgglomerativeOptions, fitAgglomerative } from './agglomerative.ts'
export { assignHdbscan, type HdbscanPlaces } from './assign-hdbscan.ts'
export { bootstrapStability, type Stability, type StabilityOptions } from './bootstrap-stability.ts'
export { type ChoiceEvidence, type MeasuredK, pickClusters } from './choice-of-k.ts'
export {
  type ChooseGaussianMixtureOptions,
  chooseGaussianMixture,
  type MixtureCandidate,
  type MixtureChoice,
} from './choose-gaussian-mixture.ts'
export { type CandidateK, type ChoiceOfK, type ChooseKOptions, type ClusterIndices, chooseK } from './choose-k.ts'
export { type ClassCounts, fitClassCounts } from './class-counts.ts'
export { type ClassLevel, fitClassLevel } from './class-level.ts'
export { calinskiHarabasz, daviesBouldin } from './cluster-indices.ts'
export { assignDbscan, type DbscanModel, type DbscanOptions, fitDbscan } from './dbscan.ts'
export { cutAtHeight, cutIntoClusters, type Dendrogram, type Linkage, leafOrder } from './dendrogram.ts'
export { type Gap, type GapChoice, type GapOptions, gapStatistic } from './gap-statistic.ts'
export {
  assignGaussianMixture,
  fitGaussianMixture,
  type GaussianMixtureModel,
  type MixtureMembership,
} from './gaussian-mixture.ts'
export type { GaussianMixtureOptions } from './gaussian-mixture-options.ts'
export type { CovarianceKind } from './gaussian-parts.ts'
export type { GowerColumn } from './gower.ts'
export { fitHdbscan, type HdbscanModel, type HdbscanOptions } from './hdbscan.ts'
export { type Assignment, assignKMeans, fitKMeans, type KMeansModel, type KMeansOptions } from './k-means.ts'
export { assignKMedoids, fitKMedoids, type KMedoidsModel, type MedoidAssignment } from './k-medoids.ts'
export type { KMedoidsOptions } from './k-medoids-options.ts'
export {
  assignLatentClasses,
  type ClassMembership,
  fitLatentClasses,
  type LatentClassModel,
  type LatentClassOptions,
  type Observed,
} from './latent-classes.ts'
export { neighbourDistances } from './neighbour-distances.ts'
export { normalisedMutualInformation } from './normalised-mutual-information.ts'
export {
  type SampledSilhouette,
  type SampledSilhouetteOptions,
  type Silhouette,
  sampledSilhouette,
  silhouette,
} from './silhouette.ts'
export { type UnclusteredNull, unclusteredNull } from './unclustered-null.ts'
export { shareBehindValleys } from './valley.ts'
