export { followIdentities, type IdentityFollower } from './follow.ts'
export { type Identity, type IdentityKind, receivedIdOf } from './identity.ts'
export { sever } from './unmerge.ts'
