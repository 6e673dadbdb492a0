import { commandLine, recordAudit } from '../../access/index.ts'
import { countOf, RapportError, readConfiguration } from '../../base/index.ts'
import { backUp, verifyBackup } from '../../operation/index.ts'
import type { Command, Outcome, Surroundings } from '../command.ts'
import { sourcesOf } from '../configuration-of.ts'
import { settleLog } from '../with-log.ts'
import { withState } from '../with-state.ts'
import { withStore } from '../with-store.ts'

export const backup: Command = {
  name: 'backup',
  summary: 'Writes everything that the store holds into one file, also while the server runs',
  words: 'FILE | FOLDER',
  options: { verify: { type: 'boolean', description: 'check a backup that is there, every byte of it, instead' } },
  details:
    'A folder gets a file named after the moment. It is a tar file of Parquet and JSON Lines that later versions can\n' +
    'restore. It holds personal data and digests of keys: keep it as safe as the store. The settings are not in it.',
  run: async (surroundings) => {
    const [target, ...more] = surroundings.given.words
    if (target === undefined || more.length > 0) {
      const got = surroundings.given.words.join(' ') || 'nothing'
      throw new RapportError('cli.words', `backup must be followed by one file or folder, got ${got}`)
    }
    return surroundings.given.flag('verify') ? verify(surroundings, target) : write(surroundings, target)
  },
}

async function verify({ path, work }: Surroundings, target: string): Promise<Outcome> {
  const { manifest } = await verifyBackup(path(target), work)
  const { createdAt, version, position } = manifest
  const tables = [...manifest.warehouse.tables, ...manifest.state.tables].map(({ name, rows }) => ({ name, rows }))
  return {
    document: { createdAt, version, position, database: manifest.state.database, tables },
    text: `whole: of ${createdAt}, by rapport ${version}, up to event ${position}, state of ${manifest.state.database}`,
  }
}

const write = ({ store, path, work }: Surroundings, target: string): Promise<Outcome> =>
  withStore(store, (warehouse) =>
    withState(store, async ({ queries }) => {
      const { stateUrl } = readConfiguration(sourcesOf(store))
      const settle = (): Promise<void> => settleLog(warehouse)
      // A path that ends so means a folder, also once it is made absolute.
      const ending = target.endsWith('/') ? '/' : ''
      const made = await backUp({ warehouse, stateUrl, settle }, `${path(target)}${ending}`, work)
      const detail = { bytes: made.bytes, position: made.position }
      await recordAudit(queries, { actor: commandLine, action: 'operation.backup', target: made.file, detail })
      const [megabytes, rows] = [(made.bytes / 1e6).toFixed(1), countOf(made.rows, 'row')]
      return { document: made, text: `${made.file}: ${megabytes} MB, ${rows}, up to event ${made.position}` }
    }),
  )
