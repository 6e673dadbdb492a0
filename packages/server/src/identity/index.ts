export { type DescribedIdentity, identitiesOf } from './describe.ts'
export { followIdentities, type IdentityFollower } from './follow.ts'
export { type Identity, type IdentityKind, receivedIdOf } from './identity.ts'
export { partIdentities } from './unmerge.ts'
