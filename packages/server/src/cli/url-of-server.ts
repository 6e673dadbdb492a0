import { RapportError } from '../base/index.ts'
import type { State } from '../state/index.ts'

/** Where the server of this store is reached, as it was when it last ran. @throws RapportError `cli.no-server` */
export async function urlOfServer({ queries }: State): Promise<string> {
  const row = await queries.selectFrom('settings').select('value').where('name', '=', 'url').executeTakeFirst()
  if (row) return row.value
  throw new RapportError('cli.no-server', 'a server must have run on this store, none has: rapport start')
}
