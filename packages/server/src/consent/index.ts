export { type ConsentDoor, openConsentDoor } from './door.ts'
export { type ConsentFollower, followConsents } from './follow.ts'
export { type Standing, standingsOf } from './ledger.ts'
