import { readConfiguration } from '../../base/index.ts'
import { examine, examineServed, type Finding } from '../../operation/index.ts'
import type { Command } from '../command.ts'
import { sourcesOf } from '../configuration-of.ts'
import { askServer } from '../remote/ask-server.ts'
import { servedPortOf } from '../with-store.ts'

/** A server that says nothing for so long is stuck, ms. */
const longestSilenceMs = 10_000

export const doctor: Command = {
  name: 'doctor',
  summary: 'Looks at everything that the server needs, and says what to do about what is wrong',
  // A server that is stuck must not keep anybody from asking what is wrong with it.
  isLocal: true,
  options: {},
  details: 'It changes nothing. It ends with 1 when something fails. Run it as the user that the server runs as.',
  run: async (surroundings) => {
    const { store } = surroundings
    const configure = () => readConfiguration(sourcesOf(store))
    const port = servedPortOf(store)
    // Asked by the doctor of another process: what only the server knows.
    if (port !== undefined) return { document: await examineServed(store, configure(), port), text: '' }
    const findings = await examine(store, configure, async () => {
      const outcome = await askServer(['doctor'], surroundings, longestSilenceMs)
      return outcome?.document as readonly Finding[] | undefined
    })
    const text = findings.map(lineOf).join('\n')
    return { document: findings, text, isFailure: findings.some(({ status }) => status === 'fail') }
  },
}

const lineOf = ({ check, status, found, advice }: Finding): string =>
  `${status.padEnd(4)}  ${check.padEnd(13)}  ${found}${advice === undefined ? '' : `\n${' '.repeat(21)}${advice}`}`
