export { type DescribedIdentity, identitiesOf } from './describe.ts'
export { followIdentities } from './follow.ts'
export { type Identity, type IdentityKind, receivedIdOf } from './identity.ts'
export { partIdentities } from './unmerge.ts'
