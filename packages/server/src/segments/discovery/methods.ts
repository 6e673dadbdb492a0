/** Ways to look for groups; `factors` is k-means among the customers' factors of alternating least squares. */
export const discoveryMethods = ['kmeans', 'hierarchical', 'dbscan', 'hdbscan', 'gmm', 'medoids', 'factors'] as const

export type DiscoveryMethod = (typeof discoveryMethods)[number]

/** Methods that find the number of groups themselves, and leave customers in none. */
export type DensityMethod = Extract<DiscoveryMethod, 'dbscan' | 'hdbscan'>

/** Methods that part everybody into a number of groups that is given or chosen. */
export type PartitionMethod = Exclude<DiscoveryMethod, DensityMethod>

export const isDensity = (method: DiscoveryMethod): method is DensityMethod =>
  method === 'dbscan' || method === 'hdbscan'

export const methodWords: Readonly<Record<DiscoveryMethod, string>> = {
  kmeans: 'k-means',
  hierarchical: 'hierarchical clustering by Ward’s criterion',
  dbscan: 'DBSCAN',
  hdbscan: 'HDBSCAN',
  gmm: 'a mixture of normal distributions',
  medoids: 'k-medoids by Gower’s distance',
  factors: 'k-means among factors of what customers bought',
}
