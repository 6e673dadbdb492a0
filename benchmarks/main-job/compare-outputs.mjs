/** Everything that both sides say, stage by stage: what is equal, what is not, and what may differ by chance. */
export function compareOutputs(ours, theirs) {
  return [
    ...compareImport(ours, theirs),
    ...compareSegments(ours, theirs),
    ...compareGroups(ours, theirs),
    ...compareLapse(ours.lapse, theirs.lapse),
    ...compareLifetime(ours.lifetime, theirs.lifetime),
    ...compareRecommendations(ours.recommendations, theirs.recommendations),
  ]
}

/**
 * One line on numbers that must be equal to a tolerance, and one more for each that is not.
 *
 * @param numbers [name, ours, Python's]; words must be the same
 */
function expected(title, numbers, tolerance = 0) {
  const isNear = ([, one, other]) =>
    typeof one === 'string' || typeof other === 'string'
      ? one === other
      : one === other || Math.abs(one - other) <= tolerance * Math.max(Math.abs(one), Math.abs(other))
  // What neither side says is not equal: it is not there.
  const apart = numbers.filter((one) => one[1] === undefined || !isNear(one))
  const names = numbers.length > 14 ? '' : ` (${numbers.map(([name]) => name).join(', ')})`
  const within = tolerance === 0 ? '' : ` to ${tolerance}`
  return [
    `- ${title}: ${numbers.length - apart.length} of ${numbers.length} equal${within}${names}`,
    ...apart.map(([name, one, other]) => `- differs: ${title}, ${name}: ours ${one}, Python ${other}`),
  ]
}

/** One line on numbers that are drawn or found in another way on each side. */
const beside = (title, numbers, count = 4) =>
  `- ${title}, ours and Python: ${numbers.map(([name, one, other]) => `${name} ${digits(one, count)} and ${digits(other, count)}`).join('; ')}`

/** [name, ours, Python's] for every name that Python has. */
const paired = (ours, theirs) => Object.entries(theirs ?? {}).map(([name, other]) => [name, ours?.[name], other])

function compareImport(ours, theirs) {
  const numbers = paired(ours.import, theirs.import).filter(([name]) => name !== 'sha256')
  return [
    ...expected('import', numbers),
    ...expected(
      'features, sums of columns',
      paired(ours.features, theirs.features).filter(([, one]) => one !== undefined),
      1e-9,
    ),
  ]
}

const compareSegments = (ours, theirs) =>
  expected(
    'RFM, customers of segments',
    Object.entries(theirs.rfm).map(([name, count]) => [name, ours.rfm[name] ?? 0, count]),
  )

function compareGroups(ours, theirs) {
  const [one, other] = [ours.checks, theirs.checks]
  return [
    ...expected(
      'groups, coordinates',
      ['rows', 'columns'].map((name) => [name, one[name], other[name]]),
    ),
    ...expected('groups, sum of squares of the coordinates', [['scatter', one.scatter, other.scatter]], 1e-9),
    ...expected('groups, inertias for k = 2 … 8 from the same rows', paired(one.inertias, other.inertias), 1e-6),
    ...expected(
      'groups, silhouettes for k = 2 … 8 from the same rows',
      paired(one.silhouettes, other.silhouettes),
      1e-6,
    ),
    beside(
      'groups, silhouettes as the verdict sees them',
      paired(ours.groups.silhouettes, theirs.groups.silhouettes),
      3,
    ),
    beside('groups, the null’s', paired(ours.groups.null_silhouettes, theirs.groups.null_silhouettes), 3),
    beside('groups, stability', paired(ours.groups.stability, theirs.groups.stability), 2),
    ...expected('groups, verdict', [['k', String(ours.groups.k), String(theirs.groups.k)]]),
    `- groups, in words: ours "${ours.groups.because}"; Python ${theirs.groups.because} (p = ${digits(theirs.groups.p, 3)})`,
  ]
}

const lapseNames = { recency: 'recency only', logistic: 'logistic regression', boosting: 'gradient boosting' }

function compareLapse(ours, theirs) {
  const named = (what) =>
    Object.entries(theirs[what]).map(([key, other]) => [lapseNames[key], ours[what]?.[lapseNames[key]], other])
  const { training, test } = theirs
  return [
    ...expected('lapse, cuts and populations', [
      ...['horizon_days', 'active_days', 'scored'].map((name) => [name, ours[name], theirs[name]]),
      ...['customers', 'lapsed'].map((name, at) => [`training ${name}`, ours.training[at], training[at]]),
      ...['customers', 'lapsed'].map((name, at) => [`test ${name}`, ours.test[at], test[at]]),
      ['chosen', ours.chosen, lapseNames[theirs.chosen]],
    ]),
    ...expected('lapse, AUC on the later cut', named('auc'), 0.01),
    beside('lapse, AUC', named('auc')),
    beside('lapse, log loss', named('log_loss')),
    ...expected(
      'lapse, sum of probabilities',
      [['expected lapses', ours.expected_lapses, theirs.expected_lapses]],
      0.02,
    ),
  ]
}

function compareLifetime(ours, theirs) {
  const [own, other] = [ours.holdout, theirs.holdout]
  return [
    ...expected(
      'lifetime',
      ['log_likelihood', 'spend_log_likelihood', 'customers', 'total_value', 'alive', 'purchases'].map((name) => [
        name,
        ours[name],
        theirs[name],
      ]),
      1e-5,
    ),
    ...expected(
      'lifetime, hold-out',
      [
        ['customers', own.customers, other.customers],
        ['predicted', own.purchases.predicted, other.predicted],
        ['actual', own.purchases.actual, other.actual],
        ['error', own.purchases.mae, other.mae],
        ['error of the past average', own.purchases.maeBaseline, other.mae_baseline],
        ['error in spend', own.spend.mae, other.spend_mae],
        ['rank correlation', own.rankCorrelation.model, other.rank],
        ['rank correlation of the past average', own.rankCorrelation.baseline, other.rank_baseline],
        ['coverage of 80 % intervals', own.coverage80, other.coverage],
      ],
      1e-3,
    ),
    ...compareIntervals(ours, theirs),
  ]
}

function compareIntervals(ours, theirs) {
  const { low, high } = ours.total_interval
  // Where the likelihood is flat it is for rounding to say whether the matrix of its second derivatives is definite.
  if (!theirs.total_interval) {
    const own = [low, high, ours.low, ours.high].map((end) => digits(end, 0)).join(', ')
    return [`- lifetime, 80 % intervals from 400 drawn futures: Python has none, its likelihood is flat; ours ${own}`]
  }
  return expected(
    'lifetime, 80 % intervals from 400 drawn futures',
    [
      ...[low, high].map((end, at) => [`end ${at} of the total’s`, end, theirs.total_interval[at]]),
      ['sum of lower ends', ours.low, theirs.low],
      ['sum of upper ends', ours.high, theirs.high],
    ],
    0.03,
  )
}

const methods = { popularity: 'popularity', 'item-item': 'item-item', als: 'ALS' }

function compareRecommendations(ours, theirs) {
  const named = (what) =>
    Object.entries(theirs[what]).map(([key, other]) => [methods[key] ?? key, ours[what]?.[methods[key] ?? key], other])
  const apart = ([name]) => name === 'ALS'
  const counts = [
    'tested',
    'customers',
    'products',
    'unavailable',
    'mostly_returned',
    'entries',
    'similar',
    'pairs',
    'pairs_orders',
  ]
  return [
    ...expected(
      'recommendations, counts',
      counts.map((name) => [name, ours[name], theirs[name]]),
    ),
    ...expected(
      'recommendations, sums of scores of related products',
      ['similar_score', 'pairs_lift'].map((name) => [name, ours[name], theirs[name]]),
      1e-3,
    ),
    ...expected(
      'recommendations, NDCG@10 on new products',
      named('ndcg').filter((one) => !apart(one)),
      1e-3,
    ),
    ...expected(
      'recommendations, NDCG@10 on repeat purchases',
      named('repeat_ndcg').filter((one) => !apart(one)),
      1e-3,
    ),
    beside('recommendations, ALS (another penalty)', [
      ...named('ndcg')
        .filter(apart)
        .map(([, ...both]) => ['new', ...both]),
      ...named('repeat_ndcg')
        .filter(apart)
        .map(([, ...both]) => ['repeat', ...both]),
    ]),
    `- recommendations, chosen: ours ${ours.chosen}, Python ${methods[theirs.chosen]}; entries of lists with a reason ${ours.explained} and ${theirs.explained}, by popularity ${ours.by_popularity} and ${theirs.by_popularity}`,
  ]
}

function digits(value, count = 4) {
  return value === undefined || value === null ? 'none' : Number(value).toFixed(count)
}
