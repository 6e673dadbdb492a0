import { expect, test } from 'vitest'
import { configurationSchema, describeConfiguration, environmentName, settings } from '../index.ts'

// Both files are made from the table: `npx vitest -u` on this file writes them anew.
const docs = '../../../../../docs/operate'

test('the page of settings is what the table says', async () => {
  const rows = describeConfiguration({ environment: {} }).map(({ name, shown }) => {
    const preset = shown === '' ? '' : `\`${shown}\``
    return `| \`${name}\` | \`${environmentName(name)}\` | ${preset} | ${settings[name].description} |`
  })
  const page = [
    '# Settings',
    '',
    'From the command line (`rapport start --set NAME=VALUE`, `--host`, `--port`), else the environment, else the file',
    '(`rapport.json` in the store’s folder, or `--config FILE`, or what `RAPPORT_CONFIG` names), else the default. An unknown',
    'name is refused. `rapport config` shows what holds and where it comes from; `rapport.schema.json` beside this page helps',
    'editors. In the environment, lists have commas or spaces between their entries.',
    '',
    '| setting | environment | default | what it is |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
  await expect(page).toMatchFileSnapshot(`${docs}/settings.md`)
})

test('the JSON Schema beside it is the one that rapport config prints', async () => {
  await expect(`${JSON.stringify(configurationSchema(), null, 2)}\n`).toMatchFileSnapshot(`${docs}/rapport.schema.json`)
})
