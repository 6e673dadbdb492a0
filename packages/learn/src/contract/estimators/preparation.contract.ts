import { columnVariances, selectColumns } from '../../feature-selection/index.ts'
import { fitLogistic, predictLogistic } from '../../linear/index.ts'
import {
  fitFences,
  fitIsolationForest,
  isolationOutliers,
  isolationScores,
  outsideFences,
} from '../../outliers/index.ts'
import { fitPipeline, predictPipeline } from '../../pipeline/index.ts'
import {
  applyBinning,
  applyImputation,
  applyNeighbourImputation,
  applyPower,
  applyPreparation,
  applyQuantiles,
  applyScaling,
  applyTargetEncoding,
  encodeCategories,
  fitBinning,
  fitCategories,
  fitImputation,
  fitNeighbourImputation,
  fitPower,
  fitPreparation,
  fitQuantiles,
  fitScaling,
  fitTargetEncoding,
  type PreparationPlan,
  type ScalingOptions,
} from '../../preparation/index.ts'
import { estimator } from '../estimator.contract.ts'
import { tableInputs, wordInputs } from '../other-inputs.contract.ts'
import { rowInputs } from '../row-inputs.contract.ts'

const scaling = (method: NonNullable<ScalingOptions['method']>) =>
  estimator({
    name: `fitScaling ${method}`,
    inputs: rowInputs(),
    fit: (data) => fitScaling(data, { method }),
    use: applyScaling,
    keepsMissing: true,
    hasNoUnits: true,
  })

const preparation = (name: `fitPreparation${string}`, plan: PreparationPlan) =>
  estimator({
    name,
    inputs: tableInputs(),
    fit: (input) =>
      fitPreparation(
        input.of,
        plan,
        plan.some((step) => 'encode' in step && step.encode === 'target') ? { targets: input.targets } : {},
      ),
    use: (model, { of }) => applyPreparation(model, of),
  })

export const preparationEstimators = [
  scaling('standard'),
  scaling('robust'),
  scaling('min-max'),
  estimator({
    name: 'fitQuantiles',
    inputs: rowInputs(),
    fit: (data) => fitQuantiles(data, { output: 'normal' }),
    use: applyQuantiles,
    keepsMissing: true,
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitPower',
    inputs: rowInputs(),
    fit: (data) => fitPower(data),
    use: applyPower,
    keepsMissing: true,
  }),
  estimator({
    name: 'fitImputation',
    inputs: rowInputs(),
    fit: (data) => fitImputation(data, { indicators: true }),
    use: applyImputation,
  }),
  estimator({
    name: 'fitNeighbourImputation',
    inputs: rowInputs(),
    fit: (data) => fitNeighbourImputation(data, { voice: 'distance', indicators: true }),
    use: applyNeighbourImputation,
  }),
  ...(['quantile', 'uniform', 'k-means'] as const).map((method) =>
    estimator({
      name: `fitBinning ${method}`,
      inputs: rowInputs(),
      fit: (data) => fitBinning(data, { method }),
      use: applyBinning,
      keepsMissing: true,
      hasNoUnits: true,
    }),
  ),
  estimator({
    name: 'fitFences',
    inputs: rowInputs(),
    fit: (data) => fitFences(data, { method: 'mad' }),
    use: outsideFences,
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitIsolationForest',
    inputs: rowInputs(),
    fit: (data) => fitIsolationForest(data, { trees: 20, share: 0.1, seed: 1 }),
    use: (model, data) => [isolationScores(model, data), isolationOutliers(model, data)],
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitCategories',
    inputs: wordInputs(),
    fit: ({ values }) => fitCategories(values, { rowsMin: 3 }),
    use: (model, { values }) => encodeCategories(model, values),
  }),
  estimator({
    name: 'fitTargetEncoding',
    inputs: wordInputs(),
    fit: ({ values, targets }) => fitTargetEncoding(values, targets),
    use: (model, { values }) => applyTargetEncoding(model, values),
  }),
  preparation('fitPreparation', [
    { kind: 'number', columns: ['spend'], indicators: true, reshape: 'quantiles' },
    { kind: 'text', columns: ['plan'] },
  ]),
  preparation('fitPreparation with every step', [
    { kind: 'number', columns: ['spend'], impute: 'neighbours', indicators: true },
    { kind: 'bins', columns: ['spend'] },
    { kind: 'interactions', columns: ['spend'], distinct: false },
    { kind: 'text', columns: ['plan'], encode: 'hash' },
  ]),
  preparation('fitPreparation with targets', [
    { kind: 'number', columns: ['spend'], reshape: 'log1p', scale: 'robust' },
    { kind: 'text', columns: ['plan'], encode: 'target' },
  ]),
  estimator({
    name: 'fitPipeline',
    inputs: tableInputs(),
    fit: ({ of, targets }) =>
      fitPipeline(of, targets, {
        plan: [
          { kind: 'number', columns: ['spend'], indicators: true },
          { kind: 'text', columns: ['plan'], encode: 'target' },
        ],
        select: ({ data }) => selectColumns(columnVariances(data), { most: 2 }),
        resample: { method: 'over' },
        fit: ({ data, targets: labels }) => fitLogistic(data, labels),
        seed: 1,
      }),
    use: (model, { of }) => predictPipeline(model, of, predictLogistic),
  }),
]
