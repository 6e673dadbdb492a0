import { afterEach, expect, test, vi } from 'vitest'
import { dayMs } from '../../base/index.ts'
import { onEachDatabase } from '../../state/each-database.contract.ts'
import { openWebhooks } from './open-webhooks.ts'
import { addWebhook, listWebhooks, removeWebhook, rotateSecret } from './stored-webhooks.ts'

afterEach(() => vi.useRealTimers())

onEachDatabase((fresh) => {
  test('a webhook is what its preset says, unless told otherwise, and shows no secret', async () => {
    const state = await fresh()
    const { webhook, secret } = await addWebhook(state.queries, {
      name: 'pay',
      preset: 'stripe',
      secret: 'whsec_12345678',
    })
    expect(secret).toBeUndefined()
    expect(webhook).toEqual({
      ...{ webhookId: webhook.webhookId, name: 'pay', path: `/v1/webhooks/${webhook.webhookId}` },
      ...{ preset: 'stripe', mapping: null, signature: 'stripe', customersBy: 'id', takesTests: false },
      ...{ hasSecret: true, createdAt: webhook.createdAt, lastAt: null },
      ...{ accepted: 0, ignored: 0, quarantined: 0, refused: 0 },
    })
    expect(await listWebhooks(state.queries)).toEqual([webhook])
    await expect(addWebhook(state.queries, { name: 'pay', preset: 'shopify' })).rejects.toMatchObject({
      code: 'ingestion.webhook-name',
    })
  })

  test('the secret of before counts for a day, and no longer', async () => {
    const state = await fresh()
    const { webhook, secret: first } = await addWebhook(state.queries, { name: 'desk', preset: 'tickets' })
    const { secret: second } = await rotateSecret(state.queries, webhook.webhookId)
    const webhooks = await openWebhooks(state)
    const secrets = () => webhooks.find(webhook.webhookId)?.secrets
    expect(secrets()).toEqual([second, first])
    vi.useFakeTimers({ now: Date.now() + dayMs + 1000, toFake: ['Date'] })
    await webhooks.refresh()
    expect(secrets()).toEqual([second])
    const { secret: third } = await rotateSecret(state.queries, webhook.webhookId, undefined)
    await webhooks.refresh()
    expect(secrets()).toEqual([third, second])
  })

  test('what was counted is added up and written down; what is removed is gone from memory', async () => {
    const state = await fresh()
    const { webhook } = await addWebhook(state.queries, { name: 'desk', preset: 'tickets' })
    const { webhookId } = webhook
    const webhooks = await openWebhooks(state)
    for (const what of ['refused', 'refused', 'ignored'] as const) webhooks.count(webhookId, what)
    await webhooks.refresh()
    webhooks.count(webhookId, 'refused')
    await webhooks.refresh()
    const [shown] = await listWebhooks(state.queries)
    expect(shown).toMatchObject({ refused: 3, ignored: 1, accepted: 0, quarantined: 0 })
    expect(shown!.lastAt).toBeTypeOf('number')
    expect(await removeWebhook(state.queries, webhookId)).toMatchObject({ name: 'desk' })
    await expect(removeWebhook(state.queries, webhookId)).rejects.toMatchObject({ code: 'ingestion.webhook' })
    webhooks.count(webhookId, 'accepted')
    await webhooks.refresh()
    expect(webhooks.find(webhookId)).toBeUndefined()
  })

  test('requests that were refused are told of as a number, once a minute at most', async () => {
    const state = await fresh()
    const { webhook } = await addWebhook(state.queries, { name: 'desk', preset: 'tickets' })
    const told: string[] = []
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ['Date'] })
    const webhooks = await openWebhooks(state, (text) => told.push(text))
    const refuse = async (times: number) => {
      for (let time = 0; time < times; time += 1) webhooks.count(webhook.webhookId, 'refused')
      await webhooks.refresh()
    }
    await refuse(2)
    await refuse(5)
    expect(told).toEqual(['webhook desk: 2 requests were refused, for their signature was not right'])
    vi.setSystemTime(Date.now() + 61_000)
    await refuse(1)
    expect(told[1]).toBe('webhook desk: 6 requests were refused, for their signature was not right')
  })
})
