export {
  type CustomerIdentities,
  customerOfIdentity,
  identitiesOf,
  movedAtOf,
} from './describe.ts'
export { eraseIdentities, exportIdentities, identityKeysOf } from './erase.ts'
export { followIdentities } from './follow.ts'
export type { Identity, IdentityKind } from './identity.ts'
export { eraseFromMap } from './identity-map.ts'
export { partIdentities } from './unmerge.ts'
