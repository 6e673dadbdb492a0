export {
  type CustomerConsents,
  consentsOf,
  type Decision,
  type Standing,
  sourcesOf,
  standingsHeld,
  standingsOf,
} from './consents-of.ts'
export {
  type ConsentDefaults,
  type DeclaredBasis,
  type DefaultRule,
  declaring,
  defaultRules,
  isForAnalyticsOnly,
  readDefaults,
  storeDefaults,
} from './defaults.ts'
export { type ArrivingEvent, type ConsentDoor, openConsentDoor } from './door.ts'
export type { Erasure } from './erasure/erasure.ts'
export { ErasureList } from './erasure/erasure-list.ts'
export { facts } from './erasure/facts.ts'
export type { PersonalData } from './erasure/kept-of-person.ts'
export { ledgerData } from './erasure/ledger-of-person.ts'
export { type Person, receivedIdsOfPerson, valuesOf } from './erasure/person.ts'
export { Privacy } from './erasure/privacy.ts'
export { isOfErased, refusingErased } from './erasure/refusing-door.ts'
export { followConsents } from './follow.ts'
export { followRegions, lastPosition } from './follow-regions.ts'
export { preferencesOf } from './preferences-of.ts'
export { type Recorder, recordedDecision } from './recorded-decision.ts'
export { forgetDecisions, removeDerivedOfNobody } from './retention/old-facts.ts'
export type { Retention, RetentionRun } from './retention/retention.ts'
export { changeRetention, readRetention } from './retention/settings.ts'
export { refreshStandings, refreshStandingsOf } from './standings.ts'
export { onStandings, type TouchedCustomers } from './standings-listeners.ts'
export { changeDefaults, syncConsents } from './sync.ts'
