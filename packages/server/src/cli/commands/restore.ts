import { basename } from 'node:path'
import { commandLine, recordAudit } from '../../access/index.ts'
import { RapportError, readConfiguration } from '../../base/index.ts'
import { readAnalysis } from '../../insights/index.ts'
import { type Restored, restoreBackup } from '../../operation/index.ts'
import type { Command, Outcome, Surroundings } from '../command.ts'
import { sourcesOf } from '../configuration-of.ts'
import type { OpenPrivacy } from '../serve.ts'
import { withState } from '../with-state.ts'
import { withStore } from '../with-store.ts'
import { keepReport } from './analyze.ts'

export const restore = (openPrivacy: OpenPrivacy): Command => ({
  name: 'restore',
  summary: 'Makes the store anew from a backup: all of it, or nothing',
  words: 'FILE',
  isLocal: true,
  options: {
    replace: { type: 'boolean', description: 'put it in the place of a store that is there, which is kept beside' },
    yes: { type: 'boolean', description: 'replace without asking' },
  },
  details:
    'The server must not run. State goes where it came from: into the store’s folder, or into the PostgreSQL of stateUrl.\n' +
    'Keys and sessions are those of the backup: revoke again what was revoked since.',
  run: async (surroundings) => {
    const { given, path, work, store } = surroundings
    const [file, ...more] = given.words
    if (file === undefined || more.length > 0) {
      throw new RapportError(
        'cli.words',
        `restore must be followed by one file, got ${given.words.join(' ') || 'nothing'}`,
      )
    }
    const isReplacing = given.flag('replace') && (await mayReplace(surroundings))
    const { stateUrl } = readConfiguration(sourcesOf(store))
    const restored = await restoreBackup(path(file), { store, stateUrl, isReplacing, work })
    return finish(surroundings, openPrivacy, basename(file), restored)
  },
})

async function mayReplace({ given, ask, store }: Surroundings): Promise<boolean> {
  if (given.flag('yes') || (await ask(`Replace everything in ${store}?`))) return true
  throw new RapportError('cli.option', '--replace must be confirmed at a terminal or by --yes, it was not')
}

/** Applies erasures since the backup again, enters what was done, and makes the report again, which is no part of a backup. */
const finish = (
  { store, work }: Surroundings,
  openPrivacy: OpenPrivacy,
  file: string,
  { manifest: { createdAt, version, position }, replaced }: Restored,
): Promise<Outcome> =>
  withStore(store, (warehouse) =>
    withState(store, async (state) => {
      const { queries } = state
      const privacy = await openPrivacy(warehouse, state, readConfiguration(sourcesOf(store)))
      await privacy.finish(work)
      const detail = { createdAt, version, position }
      await recordAudit(queries, { actor: commandLine, action: 'operation.restore', target: file, detail })
      const report = await readAnalysis(warehouse).then(
        (analysis) => keepReport(store, analysis),
        (error: unknown) => {
          if (error instanceof RapportError && error.code === 'insights.no-analysis') return null
          throw error
        },
      )
      const aside =
        replaced === null ? '' : `\nthe store that was there is now ${replaced}: remove it when nothing of it is missed`
      return {
        document: { store, createdAt, version, position, replaced, report },
        text: `${store} is as it was at ${createdAt}, up to event ${position}${aside}`,
      }
    }),
  )
