import { applyReweighing, fairSelection, fitFairThresholds, fitReweighing } from '../../fairness/index.ts'
import { estimator } from '../estimator.contract.ts'
import { scoreInputs, wordInputs } from '../other-inputs.contract.ts'

/** Two groups that take turns by fours, so that each has both labels. */
const groupsOf = ({ length }: ArrayLike<number>): string[] =>
  Array.from({ length }, (_, row) => ((row >> 2) % 2 === 0 ? 'a' : 'b'))

const constrained = (constraint: 'demographic-parity' | 'equal-opportunity' | 'equalised-odds') =>
  estimator({
    name: `fitFairThresholds ${constraint}`,
    inputs: scoreInputs(),
    fit: ({ scores, labels }) => fitFairThresholds(scores, labels, groupsOf(scores), { constraint }),
    use: (model, { scores }) => fairSelection(model, scores, groupsOf(scores)),
    hasNoUnits: true,
  })

export const fairnessEstimators = [
  constrained('demographic-parity'),
  constrained('equal-opportunity'),
  constrained('equalised-odds'),
  estimator({
    name: 'fitReweighing',
    inputs: wordInputs(),
    fit: ({ values, targets }) => fitReweighing(targets, values),
    use: (model, { values, targets }) => applyReweighing(model, targets, values),
  }),
]
