import { expect, test } from 'vitest'
import { callsOf, contextOf, eventsOf } from './calls-of.contract.ts'
import { zendesk } from './payloads/desks.ts'
import { mapZendesk } from './zendesk.ts'

const calls = (payload: unknown) => callsOf(mapZendesk(payload, contextOf()))

test('a ticket is what its requester wrote', () => {
  const sent = calls(zendesk.created)
  expect(sent).toMatchObject([
    {
      ...{ event: 'Ticket Created', anonymousId: 'zendesk:21825834:user:20978392' },
      messageId: 'zendesk:21825834:ticket:35436:created',
      properties: { ticket_id: '35436', body: 'The fire is very colorful.', tags: ['enterprise', 'other_tag'] },
    },
  ])
  expect(eventsOf(sent)[0]).toMatchObject({ body: 'The fire is very colorful.', occurredAt: 1_739_284_325_254 })
})

test('replies of the customer count, those of the staff and the opening text do not', () => {
  expect(calls(zendesk.replied)).toMatchObject([{ event: 'Ticket Replied', properties: { body: 'It still burns.' } }])
  expect(mapZendesk(zendesk.answered, contextOf())).toEqual({ ignored: 'the staff wrote it' })
  expect(mapZendesk(zendesk.first, contextOf())).toHaveProperty('ignored')
})

test('a user joins their number, which tickets name, and their address', () => {
  expect(calls(zendesk.user)).toMatchObject([
    { type: 'identify', userId: 'ann@shop.example', anonymousId: 'zendesk:21825834:user:20978392' },
  ])
  expect(mapZendesk(zendesk.agent, contextOf())).toEqual({ ignored: 'it is one of the staff' })
})

test('a trigger’s ticket names its requester itself', () => {
  const sent = calls(zendesk.trigger)
  expect(sent).toMatchObject([
    { type: 'identify', userId: 'ann@shop.example', traits: { name: 'Ann' } },
    { event: 'Ticket Created', userId: 'ann@shop.example', messageId: 'zendesk:test:ticket:35436:created' },
  ])
  expect(eventsOf(sent)).toHaveLength(2)
})

test('a long text is cut, and never within a character', () => {
  const description = '😀'.repeat(6000)
  const [event] = eventsOf(calls({ ticket: { ...zendesk.trigger.ticket, description: `x${description}` } }).slice(1))
  expect(event!.body!.length).toBe(7999)
  expect(event!.body!.endsWith('😀')).toBe(true)
})

test('what is no ticket is said to be', () => {
  expect(mapZendesk({ type: 'zen:event-type:article.published' }, contextOf())).toHaveProperty('ignored')
  expect(() => mapZendesk({}, contextOf())).toThrow('/type must be the type of an event, or /ticket a ticket')
  expect(() => mapZendesk([], contextOf())).toThrow('the payload must be a JSON object')
  expect(() => mapZendesk({ ticket: {} }, contextOf())).toThrow('/ticket/id must')
})
