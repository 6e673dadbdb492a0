import { role, type Scope } from '@rapport/protocol'
import type { z } from 'zod'

/** What an operator may do, each everything that the one before it may. */
export type Role = z.infer<typeof role>

/** Who a request comes from, once that is certain. */
export type Caller =
  | { readonly kind: 'operator'; readonly id: string; readonly role: Role }
  | { readonly kind: 'key'; readonly id: string; readonly scopes: readonly Scope[] }

/** What a caller must be: an operator of at least `role`, or a key with `scope`; without one, keys are refused. */
export interface Need {
  readonly role: Role
  readonly scope?: Scope
}

/** Whether the caller may do what needs this. */
export function isAllowed(caller: Caller, need: Need): boolean {
  if (caller.kind === 'operator') return role.options.indexOf(caller.role) >= role.options.indexOf(need.role)
  return need.scope !== undefined && (caller.scopes.includes(need.scope) || caller.scopes.includes('admin'))
}
