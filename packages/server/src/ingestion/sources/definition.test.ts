import type { SourceDraft } from '@rapport/protocol'
import { expect, test } from 'vitest'
import { readDefinition } from './definition.ts'

const contacts: SourceDraft = {
  from: {
    ...{ type: 'http', url: 'https://api.example/contacts', records: '/results' },
    auth: { secret: 'crm' },
    paging: { by: 'token', pointer: '/paging/next/after', parameter: 'after' },
    since: { field: '/updatedAt', parameter: 'updatedAfter' },
  },
  into: { kind: 'customers', map: { customer_id: 'id', email: 'properties.email' } },
}

test('what has a default may be left out', () => {
  const { from, everyMs } = readDefinition(contacts, [])
  expect([from.type === 'http' && from.auth, everyMs]).toEqual([
    { secret: 'crm', header: 'authorization', prefix: 'Bearer ' },
    3_600_000,
  ])
})

test.each([
  ['/from/url', { ...contacts, from: { type: 'http', url: 'ftp://x' } }],
  ['/from/paging/pointer', { ...contacts, from: { ...contacts.from, paging: { by: 'next-url', pointer: 'next' } } }],
  ['/from/auth/secret', { ...contacts, from: { ...contacts.from, auth: { secret: 'two words' } } }],
  ['/from', { ...contacts, from: { ...contacts.from, password: 'x' } }],
  ['/from/url', { ...contacts, from: { type: 'http', url: 'https://ann:secret@x.example' } }],
  ['/from/headers/X-Api-Key', { ...contacts, from: { ...contacts.from, headers: { 'X-Api-Key': 'secret' } } }],
  ['/into/map/mail', { ...contacts, into: { kind: 'customers', map: { mail: 'x' } } }],
  ['/into/mapping', { ...contacts, into: { kind: 'calls', mapping: 'tickets' } }],
  ['/into/kind', { from: { type: 'folder', path: '/feeds' }, into: { kind: 'calls', mapping: 'known' } }],
  ['/everyMs', { ...contacts, everyMs: 5 }],
  ['', []],
])('what does not fit is said with its place: %s', (pointer, draft) => {
  expect(() => readDefinition(draft, ['known'])).toThrow(
    expect.objectContaining({ code: 'sources.definition', pointer }),
  )
})
