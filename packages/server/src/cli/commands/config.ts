import { configurationSchema, environmentName, settings } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { configuredValues } from '../configuration-of.ts'
import { textTable } from '../text-table.ts'

export const config: Command = {
  name: 'config',
  summary: 'Shows every setting with its value, where that comes from, and what it is for',
  options: { schema: { type: 'boolean', description: 'print the JSON Schema of the file instead' } },
  details:
    'A setting is taken from the command line (rapport start --set NAME=VALUE), else the environment, else the file\n' +
    '(rapport.json in the store’s folder, or --config FILE), else its default. Passwords are not shown.',
  run: async ({ store, given }) => {
    if (given.flag('schema')) {
      const schema = configurationSchema()
      return { document: schema, text: JSON.stringify(schema, null, 2) }
    }
    const all = configuredValues(store).map(({ name, value, shown, source }) => ({
      ...{ name, value: settings[name].redacted ? shown : value, source },
      ...{ environment: environmentName(name), description: settings[name].description },
    }))
    const text = textTable(all, [
      { title: 'setting', value: ({ name }) => name },
      { title: 'value', value: ({ value }) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')) },
      { title: 'from', value: ({ source }) => source },
      { title: 'environment', value: ({ environment }) => environment },
      { title: 'what it is', value: ({ description }) => description },
    ])
    return { document: all, text }
  },
}
