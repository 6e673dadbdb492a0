import { parseArgs } from 'node:util'
import { RapportError } from '../base/index.ts'
import type { Command, Given, OptionSpec, OptionSpecs } from './command.ts'

/** Options that every command takes. */
export const commonOptions: OptionSpecs = {
  store: { type: 'string', value: 'DIR', description: 'folder of the store', default: './rapport-data' },
  config: {
    type: 'string',
    value: 'FILE',
    description: 'settings (default: rapport.json in the store’s folder, if there)',
  },
  json: { type: 'boolean', description: 'print one JSON document on standard output' },
  help: { type: 'boolean', description: 'show this help' },
}

/**
 * Reads a command's arguments against its declaration.
 *
 * @throws RapportError `cli.option` for an option it does not have, a missing value or a value that is no choice
 */
export function readArguments(command: Command, argv: readonly string[]): Given {
  const specs = { ...command.options, ...commonOptions }
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { type, multiple }]) => [name, { type, multiple: multiple ?? false }]),
  )
  const parsed = parse(command, argv, options)
  const values = parsed.values as Readonly<Record<string, string | boolean | string[] | undefined>>
  for (const [name, spec] of Object.entries(specs)) checkChoice(name, spec, values[name])
  return {
    words: parsed.positionals,
    text: (name) => (values[name] as string | undefined) ?? specs[name]?.default,
    texts: (name) => (values[name] as string[] | undefined) ?? [],
    flag: (name) => values[name] === true,
    whole: (name, least) => wholeNumber(name, (values[name] as string | undefined) ?? specs[name]?.default, least),
  }
}

function parse(
  command: Command,
  argv: readonly string[],
  options: Record<string, { type: 'string' | 'boolean'; multiple: boolean }>,
): { values: object; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw new RapportError('cli.option', `${reason}; rapport ${command.name} --help lists the options`, {
      cause: error,
    })
  }
}

function checkChoice(name: string, spec: OptionSpec, value: string | boolean | string[] | undefined): void {
  const { choices } = spec
  if (!choices) return
  const given = [value].flat().find((one) => typeof one === 'string' && !choices.includes(one))
  if (given === undefined) return
  throw new RapportError('cli.option', `--${name} must be one of ${choices.join(', ')}, got ${given}`)
}

function wholeNumber(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= least) return number
  throw new RapportError('cli.option', `--${name} must be a whole number of at least ${least}, got ${text}`)
}
