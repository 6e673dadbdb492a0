import {
  assignDbscan,
  assignGaussianMixture,
  assignKMeans,
  assignKMedoids,
  assignLatentClasses,
  type CovarianceKind,
  cutIntoClusters,
  fitAgglomerative,
  fitDbscan,
  fitGaussianMixture,
  fitHdbscan,
  fitKMeans,
  fitKMedoids,
  fitLatentClasses,
  type Linkage,
} from '../../clustering/index.ts'
import { estimator } from '../estimator.contract.ts'
import { tableInputs } from '../other-inputs.contract.ts'
import { countRowInputs, rowInputs } from '../row-inputs.contract.ts'

const mixture = (covariance: CovarianceKind) =>
  estimator({
    name: `fitGaussianMixture ${covariance}`,
    inputs: rowInputs(),
    fit: (data) => fitGaussianMixture(data, { clusters: 2, covariance, seed: 3 }),
    use: async (model, data) => {
      const { probabilities, labels } = await assignGaussianMixture(model, data)
      return { probabilities, labels }
    },
  })

const agglomerative = (linkage: Linkage) =>
  estimator({
    name: `fitAgglomerative ${linkage}`,
    inputs: rowInputs(),
    fit: (data, workers) => fitAgglomerative(data, { linkage, workers }),
    use: (tree) => cutIntoClusters(tree, Math.min(3, tree.rows)),
    hasNoUnits: true,
  })

export const clusteringEstimators = [
  estimator({
    name: 'fitKMeans',
    inputs: rowInputs(),
    fit: (data, workers) => fitKMeans(data, { clusters: Math.min(3, data.rows), workers, seed: 3 }),
    use: async (model, data) => (await assignKMeans(model, data)).labels,
    hasNoUnits: true,
  }),
  mixture('full'),
  mixture('tied'),
  mixture('diagonal'),
  mixture('spherical'),
  agglomerative('ward'),
  agglomerative('average'),
  agglomerative('complete'),
  agglomerative('single'),
  estimator({
    name: 'fitDbscan',
    inputs: rowInputs(),
    fit: (data) => fitDbscan(data, { radius: 2, neighboursMin: 4 }),
    use: (model, data) => assignDbscan(model, data),
  }),
  estimator({
    name: 'fitHdbscan',
    inputs: rowInputs(),
    fit: (data) => fitHdbscan(data),
    use: ({ labels, strengths }) => ({ labels, strengths }),
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitKMedoids',
    inputs: tableInputs(),
    fit: ({ of }) => fitKMedoids(of, { clusters: 3, seed: 3 }),
    use: (model, { of }) => assignKMedoids(model, of),
  }),
  estimator({
    name: 'fitLatentClasses',
    inputs: countRowInputs(),
    fit: (counts) =>
      fitLatentClasses([{ kind: 'counts', counts }], {
        classes: 2,
        labels: Int32Array.from({ length: counts.rows }, (_, row) => row % 2),
      }),
    use: (model, counts) => assignLatentClasses(model, [{ kind: 'counts', counts }]),
  }),
]
