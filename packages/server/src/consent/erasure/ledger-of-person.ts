import type { State } from '../../state/index.ts'
import type { PersonalData } from './kept-of-person.ts'
import { receivedIdsOfPerson } from './person.ts'

/** What a person decided about purposes, with where and when. */
export const ledgerData = ({ queries }: State): PersonalData => ({
  name: 'consents',
  export: (person) =>
    queries
      .selectFrom('consents')
      .selectAll()
      .where('customer_id', 'in', receivedIdsOfPerson(person))
      .orderBy('consent_id')
      .execute(),
  erase: async (person, until) => {
    const gone = await queries
      .deleteFrom('consents')
      .where('customer_id', 'in', receivedIdsOfPerson(person))
      .where('recorded_at', '<=', until)
      .executeTakeFirst()
    return { consents: Number(gone.numDeletedRows) }
  },
})
