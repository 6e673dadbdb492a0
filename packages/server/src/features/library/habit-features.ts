import { build, type FeatureDefinition } from '@rapport/protocol'

const { events, feature, given } = build

/** Events with a source before any is called usual. */
const evidenceMin = 5

const fromSomewhere = events().where('source', 'known')

/** How somebody is used to come. */
export const habitFeatures: readonly FeatureDefinition[] = [
  feature(
    'usual_source',
    'Where somebody mostly comes from',
    given(fromSomewhere.mostFrequent('source'), fromSomewhere.count(), '>=', evidenceMin),
  ),
]
