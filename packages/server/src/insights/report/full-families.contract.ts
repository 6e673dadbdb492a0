import type { FamilyResult } from '../../segments/index.ts'
import type { Analysis } from '../analysis.ts'
import { asOf, range } from './made-up.contract.ts'

type Found = Extract<Analysis['segments']['discovered'], { found: true }>

/** One family of groups with a tree, one without groups, and one that was taught. */
export const familiesLike = (groups: Found): readonly FamilyResult[] => [
  {
    ...{ kind: 'discover', family: 'branches', method: 'hierarchical', asOf, customers: 4_310, none: 210 },
    refresh: 'Fixed: a tree of merges says nothing of customers it does not hold.',
    notes: ['the tree holds 20,000 customers drawn at random'],
    groups: {
      ...groups,
      candidates: groups.candidates.map((one) => ({ ...one, gap: { value: 0.4 + one.k / 10, standardError: 0.012 } })),
    },
    tree: {
      leaves: range(8, (at) => ({ customers: 900 - 90 * at, segment: Math.floor(at / 2) })),
      merges: [
        ...range(4, (at) => ({ left: 2 * at, right: 2 * at + 1, height: 0.6 + 0.1 * at })),
        { left: 8, right: 9, height: 1.9 },
        { left: 10, right: 11, height: 2.4 },
        { left: 12, right: 13, height: 4.1 },
      ],
      cutHeight: 1.4,
      customers: 4_100,
    },
  },
  {
    ...{
      kind: 'discover',
      family: 'dense',
      method: 'dbscan',
      asOf,
      customers: 4_310,
      none: 4_310,
      tree: null,
      notes: [],
    },
    refresh: 'There is nothing to keep up to date.',
    groups: {
      found: false,
      reason: 'there are no groups here by DBSCAN: all dense places hang together',
      candidates: range(3, (at) => ({
        ...{
          k: 1,
          silhouette: null,
          daviesBouldin: null,
          calinskiHarabasz: null,
          stability: null,
          nullSilhouette: null,
        },
        ...{ setting: `radius 0.${at + 1}`, noneShare: 0.1 * at },
      })),
    },
  },
  {
    ...{ kind: 'teach', family: 'vip', asOf, customers: 5_000, none: 4_400, source: 'vip.csv', leftOut: 3 },
    labelled: [
      { class: 'no', customers: 300 },
      { class: 'yes', customers: 120 },
    ],
    leaks: [{ feature: 'orders_7d', auc: 0.997 }],
    areLeaksLeftOut: true,
    notes: ['3 labelled customers were left out: they may not be profiled, or nothing is known of them'],
    refresh: 'Each analysis asks the same model about everybody again.',
    taught: {
      ...{ found: true, modelId: 'segments-taught-forest-4', baselineLogLoss: 0.61, chosen: 'a random forest' },
      chosenBecause: 'cross-validated log loss: logistic regression 0.3410, a random forest 0.2911',
      candidates: [
        { name: 'logistic regression', logLoss: 0.341 },
        { name: 'a random forest', logLoss: 0.2911 },
      ],
      quality: [
        {
          ...{ class: 'yes', positives: 120, negatives: 300, auc: { value: 0.94, low: 0.91, high: 0.97 } },
          ...{ threshold: 0.42, precision: 0.83, recall: 0.79, f1: 0.81, brier: 0.081, baselineBrier: 0.204 },
          ...{ baselinePrecision: 0.286, calibrationError: 0.03 },
          calibration: range(5, (at) => ({
            ...{ from: at / 5, to: (at + 1) / 5, count: 84, predicted: 0.1 + at / 5, observed: 0.08 + at / 5 },
            ...{ low: at / 5, high: 0.2 + at / 5 },
          })),
        },
      ],
      segments: [
        {
          ...{ id: 'vip.1', name: 'Vip', customers: 600, labelled: 120, added: 480, share: 0.12, revenue: 310_000 },
          averageProbability: 0.71,
          drivers: ['average order value', 'orders in the last 90 days', 'country'].map((label, at) => ({
            ...{ feature: label.replaceAll(' ', '_'), label, share: 0.4 - 0.1 * at },
            isMoreFor: [true, false, null][at]!,
          })),
          profile: groups.segments[0]!.profile,
        },
      ],
    },
  },
]
