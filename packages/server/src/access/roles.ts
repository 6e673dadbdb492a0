import { z } from 'zod'

/** What an operator may do, each everything that the one before it may. */
export const role = z.enum(['viewer', 'marketer', 'engineer', 'owner']).meta({
  id: 'Role',
  description: 'viewer looks; marketer also decides; engineer also connects and runs; owner also says who may',
})
export type Role = z.infer<typeof role>

/** What an API key may do; `admin` is all of them. */
export const scopes = {
  'customers.read': 'customers, their timelines, identities, consents and scores; segments and numbers',
  'customers.erase': 'everything about one customer as a file, and its erasure',
  'identities.write': 'which identities are one customer',
  'consents.write': 'decisions about purposes',
  'products.write': 'the catalogue',
  'sources.manage': 'connectors, incoming webhooks and their mappings',
  'events.manage': 'the tracking plan, quarantine and replay',
  'jobs.run': 'long work: the analysis, and how it stands',
  'metrics.read': 'how the server does',
  admin: 'all of these, and keys, operators and the audit log',
} as const
export type Scope = keyof typeof scopes

export const scope = z
  .enum(Object.keys(scopes) as [Scope, ...Scope[]])
  .meta({ id: 'Scope', description: 'what an API key may do' })

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
