import { RapportError } from '../base/index.ts'
import { readSetting, type State } from '../state/index.ts'

/** Where the server of this store was reached when it last ran; undefined when it never did. */
export const lastUrlOf = ({ queries }: State): Promise<string | undefined> => readSetting(queries, 'url')

/** The same. @throws RapportError `cli.no-server` when it never ran */
export async function urlOfServer(state: State): Promise<string> {
  const url = await lastUrlOf(state)
  if (url !== undefined) return url
  throw new RapportError('cli.no-server', 'a server must have run on this store, none has: rapport start')
}
