import { build, type FeatureDefinition } from '@rapport/protocol'

const { events, feature, given } = build

/** Events with a source before any is called usual. */
const sourcesMin = 5
/** Visits before any hour is called usual: many events of one visit tell of one hour. */
const visitsMin = 5
/** After as many days what somebody did counts half: habits change more slowly than interests. */
const halfLifeDays = 90

const fromSomewhere = events().where('source', 'known')
const inVisits = events().where('session_id', 'known')

/** How and when somebody is used to come. */
export const habitFeatures: readonly FeatureDefinition[] = [
  feature(
    'usual_source',
    'Where somebody mostly comes from',
    given(fromSomewhere.strongest('source', halfLifeDays, 'days'), fromSomewhere.count(), '>=', sourcesMin),
  ),
  feature(
    'usual_hour',
    'The hour of the day at which somebody is mostly there',
    given(inVisits.strongest('hour', halfLifeDays, 'days'), inVisits.distinct('session_id'), '>=', visitsMin),
  ),
]
