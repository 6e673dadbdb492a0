import { randomBytes } from 'node:crypto'
import { dayMs, newId, now } from '../base/index.ts'
import type { State } from '../state/index.ts'
import { digest } from './digest.ts'

/** How long a browser stays open to its operator, ms. */
export const sessionMs = 30 * dayMs
const invitationMs = 60 * 60 * 1000

/**
 * Browsers that an operator has opened rapport in. There are no passwords: a link that works once, within an hour, opens
 * a session, and only who can run commands on the store can make one.
 */
export interface Sessions {
  /** @returns the token of a link, to be used once */
  invite(): Promise<string>
  /** @returns the secret of a new session; undefined when the token is used, old or wrong */
  accept(token: string): Promise<string | undefined>
  isOpen(secret: string): Promise<boolean>
}

const prefix = 'invitation '

export function openSessions({ queries, transaction }: State): Sessions {
  return {
    invite: async () => {
      const token = randomBytes(24).toString('base64url')
      await queries
        .insertInto('settings')
        .values({ name: `${prefix}${digest(token)}`, value: String(now() + invitationMs) })
        .execute()
      return token
    },
    accept: (token) =>
      transaction(async (within) => {
        const name = `${prefix}${digest(token)}`
        const held = await within.deleteFrom('settings').where('name', '=', name).returning('value').executeTakeFirst()
        if (!held || Number(held.value) < now()) return undefined
        const secret = `${newId('session')}${randomBytes(24).toString('base64url')}`
        await within
          .insertInto('sessions')
          .values({ session_hash: digest(secret), created_at: now(), expires_at: now() + sessionMs })
          .execute()
        return secret
      }),
    isOpen: async (secret) => {
      const row = await queries
        .selectFrom('sessions')
        .select('expires_at')
        .where('session_hash', '=', digest(secret))
        .executeTakeFirst()
      return row !== undefined && row.expires_at > now()
    },
  }
}
