export { allowedHosts } from './allowed-hosts.ts'
export { type GuardedFetch, guardedFetch, type OutgoingRequest } from './guarded-fetch.ts'
export type { Answer as OutgoingAnswer } from './hop.ts'
export { isPublicAddress } from './public-address.ts'
