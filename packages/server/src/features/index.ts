export { type CatalogueOptions, featureCatalogue } from './catalogue.ts'
export { catalogueNames, nameClashes } from './catalogue-names.ts'
export { type ComputedFeatures, computeFeatures, currentFeatures, type FeatureRequest } from './compute-features.ts'
export { declaredReach } from './declared/declared-catalogue.ts'
export { shareDefinitions, sharingDefinitions } from './declared/definitions-in-warehouse.ts'
export { asLive, liveTwin } from './declared/live-twin.ts'
export { keepNamedUses, type NamedUse } from './declared/named-uses.ts'
export { type CalendarDate, dateAt, startOfDate } from './defined/calendar.ts'
export { checkFeatures, type DefinitionProblem, nameIn, planErrors, problemOf } from './defined/check-features.ts'
export { type DescribedFeature, describeFeature, describeFeatures } from './defined/described-features.ts'
export { featuresLedTo } from './defined/expression-parts.ts'
export type { Fact, ScoreFact, TraitFact } from './defined/fact.ts'
export {
  countedFacts,
  type EntityKey,
  evaluateTree,
  type FactHistory,
  type FeatureValue,
  sequencesOf,
} from './defined/interpret.ts'
export { greatestPairs, type PairEntity, type PairValues, pairFeatures } from './defined/pair-values.ts'
export type {
  AggregateLeaf,
  Condition as FactCondition,
  Leaf,
  Pattern,
  Plan,
  PlannedFeature,
  SequenceLeaf,
  Tree,
  Window as PlannedWindow,
} from './defined/plan.ts'
export {
  type FeatureModel,
  type FeatureModels,
  isAlwaysChanging,
  planFeatures,
  typeOfLeaf,
} from './defined/plan-features.ts'
export { expressionErrors } from './defined/read-definition.ts'
export type { LinearTerm, Scoring, ScoringTree } from './defined/scoring.ts'
export { scoreOf } from './defined/scoring.ts'
export { type KeptScoring, scoringFormat, servedModelRevision, servedModels } from './defined/served-models.ts'
export {
  declareFeatures,
  type FeatureVersion,
  featureRevision,
  featureVersions,
  keepFeatureUses,
  removeFeature,
  storedFeatures,
} from './defined/stored-definitions.ts'
export { leavesOf, partsOf } from './defined/tree.ts'
export { withoutFacts } from './defined/without-facts.ts'
export type { Aggregate, Condition, Definition, Feature, FeatureGroup, SourceName, Window } from './definition.ts'
export { interestIn } from './library/interest-features.ts'
export { discountDepth } from './library/price-features.ts'
export { intentInputs, purchaseIntent } from './library/session-features.ts'
export { shippedFeatures } from './library/shipped-features.ts'
export { storePrices } from './library/store-prices.ts'
export { type FeedRefusal, LiveFeed, type RestoredFeed } from './live/feed.ts'
export type { FeedCause, FeedListener } from './live/feed-listener.ts'
export type { LiveFeatures } from './live/live-features.ts'
export type { LiveValues } from './live/live-values.ts'
export { customersNamed, customersOnFile, storeCustomers, storeCustomersSince } from './live/store-customers.ts'
export type { LeafSet } from './live/touched.ts'
export { computeDefined, readDefined } from './point-in-time/compute-defined.ts'
export { factsToRead } from './point-in-time/facts-to-read.ts'
export { needsOf, patternsOf } from './point-in-time/needs.ts'
export { readFacts } from './point-in-time/read-facts.ts'
export { type FactsOf, type Sought, type Unseen, unseenOf } from './point-in-time/seen.ts'
export { type CustomerValues, valuesAsOf } from './point-in-time/values-as-of.ts'
export { type FeatureMatrix, featuresInMemory, readFeatures, registeredFeatures } from './read-features.ts'
export { type Spread, sharesBetween, spreadOf, stabilityIndex, stabilityOfShares } from './spread.ts'
export { storeBasis, storeCatalogue } from './store-facts.ts'
