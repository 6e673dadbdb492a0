import { readConfiguration } from '../../base/index.ts'
import { examine, type Finding } from '../../operation/index.ts'
import type { Command } from '../command.ts'
import { sourcesOf } from '../configuration-of.ts'

export const doctor: Command = {
  name: 'doctor',
  summary: 'Looks at everything that the server needs, and says what to do about what is wrong',
  // A server that is stuck must not keep anybody from asking what is wrong with it.
  isLocal: true,
  options: {},
  details: 'It changes nothing. It ends with 1 when something fails. Run it as the user that the server runs as.',
  run: async ({ store }) => {
    const findings = await examine(store, () => readConfiguration(sourcesOf(store)))
    const text = findings.map(lineOf).join('\n')
    return { document: findings, text, isFailure: findings.some(({ status }) => status === 'fail') }
  },
}

const lineOf = ({ check, status, found, advice }: Finding): string =>
  `${status.padEnd(4)}  ${check.padEnd(13)}  ${found}${advice === undefined ? '' : `\n${' '.repeat(21)}${advice}`}`
