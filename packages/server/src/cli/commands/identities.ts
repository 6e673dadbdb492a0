import { RapportError } from '../../base/index.ts'
import { refreshStandingsOf } from '../../consent/index.ts'
import { type CustomerIdentities, customerOfIdentity, identitiesOf, partIdentities } from '../../identity/index.ts'
import type { Command, Outcome } from '../command.ts'
import { textTable } from '../text-table.ts'
import { withState } from '../with-state.ts'
import { withStore } from '../with-store.ts'

export const identities: Command = {
  name: 'identities',
  summary: 'What a customer is known by and why; parts two identities that are not one person',
  words: 'CUSTOMER | part IDENTITY IDENTITY',
  options: {},
  details: 'An identity is its kind and value: user:42, anonymous:8f3c, device:…, email:ann@example.org.',
  run: ({ store, given }) =>
    withStore(store, (warehouse) =>
      withState(store, async (state): Promise<Outcome> => {
        const [word, one, other, ...more] = given.words
        if (word === 'part' && one !== undefined && other !== undefined && more.length === 0) {
          const moved = await partIdentities(warehouse, state, one, other)
          // Each has their own consents again.
          await refreshStandingsOf(
            warehouse,
            moved.flatMap(({ from, to }) => [to, ...(from === undefined ? [] : [from])]),
            { areMoved: true },
          )
          const lines = moved.map(({ identity, to }) => `${identity} is now customer ${to}`)
          return { document: moved, text: lines.join('\n') || 'parted; both stay joined by other links' }
        }
        if (word === undefined || word === 'part' || one !== undefined) {
          const got = given.words.join(' ') || 'nothing'
          throw new RapportError(
            'cli.words',
            `identities must be followed by a customer, or part and two identities, got ${got}`,
          )
        }
        const customer = (await customerOfIdentity(state, word)) ?? word
        const known = await identitiesOf(state, customer)
        const isOther = customer !== word ? `${word} belongs to customer ${customer}\n\n` : ''
        return {
          document: known.identities,
          text: known.identityCount === 0 ? `${word} has sent no events` : `${isOther}${describe(known)}`,
        }
      }),
    ),
}

function describe({ identities: shown, identityCount }: CustomerIdentities): string {
  const table = textTable(shown, [
    { title: 'identity', value: ({ identity }) => identity },
    { title: 'why', value: ({ why }) => why },
    {
      title: 'linked with',
      value: ({ links, linkCount }) =>
        [
          ...links.map((link) => `${link.with} (${link.reason}${link.isSevered ? ', parted' : ''})`),
          ...(linkCount > links.length ? [`${count(linkCount - links.length)} more`] : []),
        ].join(', '),
    },
  ])
  const isPart = shown.length < identityCount
  return isPart ? `${table}\n\n${count(shown.length)} of ${count(identityCount)} identities are shown` : table
}

const count = (n: number): string => n.toLocaleString('en')
