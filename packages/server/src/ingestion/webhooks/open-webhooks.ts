import type { Webhook } from '@rapport/protocol'
import { now } from '../../base/index.ts'
import type { State } from '../../state/index.ts'
import { shownOf } from './stored-webhooks.ts'

/** A webhook with what checks its signatures. */
export interface ReceivingWebhook {
  readonly webhook: Webhook
  /** The one that holds, and for a day the one of before; empty while it waits for its secret. */
  readonly secrets: readonly string[]
}

export type WebhookCount = 'accepted' | 'ignored' | 'quarantined' | 'refused'

/** The webhooks of a running server, from memory: at most a few seconds old. */
export interface Webhooks {
  find(webhookId: string): ReceivingWebhook | undefined
  /** Counts a request. */
  count(webhookId: string, what: WebhookCount): void
  /** Writes down what was counted, and reads who there is. */
  refresh(): Promise<void>
}

type Counts = Record<WebhookCount, number>

/** How often requests that were refused are told of, ms. */
const tellMs = 60_000

/** @param tell told of requests whose signature was not right: how many, for the operator */
export async function openWebhooks(state: State, tell?: (text: string) => void): Promise<Webhooks> {
  const refusals = new Refusals(tell)
  let known = new Map<string, ReceivingWebhook>()
  const counted = new Map<string, Counts>()
  const read = async (): Promise<void> => {
    const rows = await state.queries.selectFrom('webhooks').selectAll().execute()
    known = new Map(
      rows.map((row) => {
        const isOverlap = (row.previous_until ?? 0) > now()
        const secrets = [row.secret, isOverlap ? row.previous_secret : null].filter((secret) => secret !== null)
        return [row.webhook_id, { webhook: shownOf(row), secrets }]
      }),
    )
  }
  await read()
  return {
    find: (webhookId) => known.get(webhookId),
    count: (webhookId, what) => {
      const counts = counted.get(webhookId) ?? { accepted: 0, ignored: 0, quarantined: 0, refused: 0 }
      counts[what] += 1
      counted.set(webhookId, counts)
    },
    refresh: async () => {
      const written = [...counted]
      counted.clear()
      try {
        await writeCounts(state, written)
      } catch (error) {
        for (const [webhookId, counts] of written) addTo(counted, webhookId, counts)
        throw error
      }
      for (const [webhookId, { refused }] of written) refusals.note(known.get(webhookId)?.webhook.name, refused)
      refusals.tellOf()
      await read()
    },
  }
}

/** Requests that were refused and not told of yet, by the webhook's name. */
class Refusals {
  readonly #tell: ((text: string) => void) | undefined
  readonly #untold = new Map<string, number>()
  #toldAt = Number.NEGATIVE_INFINITY

  constructor(tell?: (text: string) => void) {
    this.#tell = tell
  }

  note(name: string | undefined, requests: number): void {
    if (name !== undefined && requests > 0) this.#untold.set(name, (this.#untold.get(name) ?? 0) + requests)
  }

  tellOf(): void {
    if (this.#untold.size === 0 || now() - this.#toldAt < tellMs) return
    this.#toldAt = now()
    for (const [name, requests] of this.#untold) {
      const many = requests === 1 ? '1 request was' : `${requests} requests were`
      this.#tell?.(`webhook ${name}: ${many} refused, for ${requests === 1 ? 'its' : 'their'} signature was not right`)
    }
    this.#untold.clear()
  }
}

function addTo(counted: Map<string, Counts>, webhookId: string, more: Counts): void {
  const counts = counted.get(webhookId)
  if (!counts) counted.set(webhookId, more)
  else for (const what of Object.keys(more) as WebhookCount[]) counts[what] += more[what]
}

async function writeCounts({ transaction }: State, counted: readonly (readonly [string, Counts])[]): Promise<void> {
  if (counted.length === 0) return
  await transaction(async (queries) => {
    for (const [webhookId, counts] of counted) {
      await queries
        .updateTable('webhooks')
        .set(({ eb }) => ({
          accepted: eb('accepted', '+', counts.accepted),
          ignored: eb('ignored', '+', counts.ignored),
          quarantined: eb('quarantined', '+', counts.quarantined),
          refused: eb('refused', '+', counts.refused),
          ...(counts.accepted + counts.ignored + counts.quarantined > 0 ? { last_at: now() } : {}),
        }))
        .where('webhook_id', '=', webhookId)
        .execute()
    }
  })
}
