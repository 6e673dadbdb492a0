import { version } from '../base/index.ts'
import type { Command, OptionSpec } from './command.ts'
import { commonOptions } from './read-arguments.ts'

const column = 28

const line = (left: string, right: string): string => `  ${left.padEnd(column)}${right}`

export function overviewOf(commands: readonly Command[]): string {
  return [
    `rapport ${version}: from what customers do to what to say to them`,
    '',
    'Usage: rapport COMMAND [options]',
    '',
    ...commands.map(({ name, summary }) => line(name, summary)),
    '',
    'rapport COMMAND --help tells more. Every command takes --store DIR and --json.',
  ].join('\n')
}

export function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, ...commonOptions })
  return [
    `Usage: rapport ${[command.name, command.words, '[options]'].filter(Boolean).join(' ')}`,
    '',
    command.summary,
    '',
    ...options.map(([name, spec]) => line(optionName(name, spec), describe(spec))),
    ...(command.details ? ['', command.details] : []),
  ].join('\n')
}

const optionName = (name: string, spec: OptionSpec): string =>
  `--${name}${spec.type === 'string' ? ` ${spec.value ?? 'TEXT'}` : ''}`

const describe = (spec: OptionSpec): string =>
  [
    spec.description,
    spec.choices ? `: ${spec.choices.join(', ')}` : '',
    spec.multiple ? ' (may be given more than once)' : '',
    spec.default === undefined ? '' : ` (default ${spec.default})`,
  ].join('')
