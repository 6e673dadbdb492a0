import { readFileSync } from 'node:fs'
import { payloadMapping } from '@rapport/protocol'
import { expect, test } from 'vitest'
import { contextOf, eventsOf, readCalls } from './calls-of.contract.ts'
import { ownReader } from './mapped-payload.ts'
import { hubspot } from './payloads/desks.ts'
import { payloadPresets } from './presets.ts'
import { templates } from './templates.ts'

const context = contextOf({ scope: 'desk' })
const map = (mapping: object, payload: unknown) =>
  readCalls(ownReader(payloadMapping.parse({ call: 'track', event: 'A', fields: {}, ...mapping })), payload, context)

test('a template is a value as it is, text with values in it, or text; the first that has all counts', () => {
  const [call] = map(
    {
      ...{ userId: ['{/nobody}', 'crm:{/who/id}'], messageId: '{/id}', event: '{/type} Seen', timestamp: '{/at}' },
      fields: { n: '{/list/1}', whole: '{/who}', text: 'fixed', half: '{/who/id}-{/none}', 'a/b': '{/a~1b}' },
    },
    { id: 7, type: 'Thing', at: 1_700_000_000, who: { id: 3 }, list: [1, 2.5], 'a/b': true },
  )
  expect(call).toEqual({
    ...{ type: 'track', event: 'Thing Seen', userId: 'crm:3', messageId: 'desk:7', timestamp: '2023-11-14T22:13:20Z' },
    properties: { n: 2.5, whole: { id: 3 }, text: 'fixed', 'a/b': true },
  })
})

test('seconds, milliseconds and ISO 8601 are moments', () => {
  const at = (value: unknown) => map({ userId: 'x', timestamp: '{/at}' }, { at: value })[0]!.timestamp
  expect([at(1_700_000_000), at('1700000000'), at(1_700_000_000_000), at('2023-11-14T23:13:20+01:00')]).toEqual([
    ...['2023-11-14T22:13:20Z', '2023-11-14T22:13:20Z', '2023-11-14T22:13:20Z', '2023-11-14T23:13:20+01:00'],
  ])
  expect(() => at(1e300)).toThrow('the timestamp must be a moment')
})

test('without an id of its own a record is known by its content', () => {
  const ids = (payload: object) => map({ userId: 'x' }, payload)[0]!.messageId
  expect(ids({ a: 1 })).toBe(ids({ a: 1 }))
  expect(ids({ a: 1 })).not.toBe(ids({ a: 2 }))
})

test('a list gives a call for each of its records', () => {
  const records = { records: '/data/rows', userId: '{/u}' }
  expect(map(records, { data: { rows: [{ u: 'a' }, { u: 'b' }] } }).map(({ userId }) => userId)).toEqual(['a', 'b'])
  expect(() => map(records, { data: {} })).toThrow('/data/rows must be a list')
  expect(() => map(records, { data: { rows: Array.from({ length: 2501 }, () => 0) } })).toThrow('it has 2501')
})

test('nothing of an object’s own machinery can be reached', () => {
  const [call] = map(
    { userId: 'x', fields: { a: '{/constructor/name}', b: '{/list/length}', c: '{/__proto__}' } },
    { list: [] },
  )
  expect(call!.properties).toEqual({})
})

test.each([
  [{ event: undefined }, 'a track call must have an event'],
  [{ userId: undefined }, 'a mapping must have a userId or an anonymousId'],
  [{ fields: JSON.parse('{"__proto__":"x"}') }, undefined],
  [{ call: 'page' }, 'expected one of'],
])('a mapping that cannot hold, %j', (wrong, message) => {
  const parsed = payloadMapping.safeParse({ call: 'track', event: 'A', userId: 'x', fields: {}, ...wrong })
  if (message === undefined) expect(Object.keys(parsed.data?.fields ?? {})).toEqual([])
  else expect(parsed.error?.issues[0]?.message).toContain(message)
})

test('the mapping in docs/webhooks.md does what is said there', () => {
  const page = readFileSync(new URL('../../../../../docs/webhooks.md', import.meta.url), 'utf8')
  const mapping = JSON.parse(/^ {4}\{\n {6}"records"[\s\S]*?^ {4}\}$/m.exec(page)![0]) as object
  const booking = { id: 5, state: 'Booked', changed_at: 1_700_000_000, price: 30, service: { name: 'Cut' } }
  expect(map(mapping, { bookings: [{ ...booking, guest: { email: 'ann@a.example' } }] })).toEqual([
    {
      ...{ type: 'track', event: 'Appointment Booked', messageId: 'desk:5:Booked', userId: 'ann@a.example' },
      timestamp: '2023-11-14T22:13:20Z',
      properties: { service: 'Cut', price: 30, currency: 'EUR' },
    },
  ])
})

test('the presets that are data are mappings as a user writes them', () => {
  for (const templatesBy of Object.values(templates)) {
    for (const who of ['email', 'id'] as const) expect(payloadMapping.parse(templatesBy(who))).toEqual(templatesBy(who))
  }
})

test('contacts of HubSpot, by their address where they have one; no flag of theirs is a consent', () => {
  const calls = readCalls(payloadPresets['hubspot-contacts'], hubspot, context)
  expect(eventsOf(calls).map(({ userId, anonymousId }) => [userId, anonymousId])).toEqual([
    ['john.doe@example.com', 'hubspot:contact:65059681027'],
    ['hubspot:65059681028', 'hubspot:contact:65059681028'],
  ])
  expect(calls[0]!.traits).toEqual({
    ...{ email: 'john.doe@example.com', firstName: 'John', lastName: 'Doe', phone: '5551234567' },
    ...{ createdAt: '2024-01-10T08:30:15.234Z', company: 'Acme Corporation', jobTitle: 'Sales Manager' },
    lifecycleStage: 'customer',
  })
})

test('a mention is what its author wrote, and nobody else’s feeling about it', () => {
  const mention = {
    ...{ id: 9, network: 'mastodon', author: 'ann', text: 'Lovely shop', url: 'https://a.example/9' },
    ...{ published_at: '2026-03-01T10:00:00Z', sentiment: 'positive' },
  }
  const calls = readCalls(payloadPresets.mentions, mention, context)
  expect(eventsOf(calls)).toMatchObject([
    {
      name: 'Mention Posted',
      userId: null,
      anonymousId: 'mastodon:ann',
      body: 'Lovely shop',
      messageId: 'mention:mastodon:9',
    },
  ])
  expect(calls[0]!.properties).not.toHaveProperty('sentiment')
  expect(readCalls(payloadPresets.mentions, { ...mention, author: { id: 5, name: 'Ann' } }, context)).toMatchObject([
    { anonymousId: 'mastodon:5', properties: { author: 'Ann' } },
  ])
})

test('a ticket of any help desk', () => {
  const ticket = {
    ticket_id: 7,
    subject: 'Hi',
    description: 'It broke',
    email: 'ann@a.example',
    created_at: '2026-03-01T10:00:00Z',
  }
  expect(eventsOf(readCalls(payloadPresets.tickets, ticket, context))).toMatchObject([
    {
      name: 'Ticket Created',
      userId: 'ann@a.example',
      anonymousId: 'desk:ticket:7',
      body: 'It broke',
      messageId: 'desk:ticket:7',
    },
  ])
})
