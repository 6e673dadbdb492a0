export { type ConsentDoor, openConsentDoor } from './door.ts'
export { followConsents } from './follow.ts'
export { type Standing, standingsOf } from './ledger.ts'
