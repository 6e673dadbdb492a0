export { followIdentities, type IdentityFollower } from './follow.ts'
export type { Identity, IdentityKind } from './identity.ts'
export { sever } from './unmerge.ts'
