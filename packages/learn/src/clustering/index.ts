export { type Assignment, assignKMeans, fitKMeans, type KMeansModel, type KMeansOptions } from './k-means.ts'
