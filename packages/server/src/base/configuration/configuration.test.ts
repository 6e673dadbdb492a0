import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type ConfigurationSources, configurationSchema, describeConfiguration, readConfiguration } from '../index.ts'
import { settings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-configuration-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Nothing of the machine's own environment. */
const read = (sources: ConfigurationSources) => readConfiguration({ environment: {}, ...sources })

function storeWith(text: string): string {
  const store = mkdtempSync(join(folder, 'store-'))
  writeFileSync(join(store, 'rapport.json'), text)
  return store
}

test('without any source everything is its default, and each default is what its setting takes', () => {
  const configuration = read({}) as Readonly<Record<string, unknown>>
  for (const [name, { schema, default: preset }] of Object.entries(settings)) {
    expect(configuration[name]).toEqual(preset)
    expect(schema.safeParse(preset).success, name).toBe(true)
  }
})

test('the command line goes before the environment, that before the file, that before the default', () => {
  const store = storeWith('{ "$schema": "x", "port": 1001, "host": "10.0.0.1", "trustProxy": ["loopback"] }')
  const environment = { RAPPORT_PORT: '1002', RAPPORT_HOST: '10.0.0.2', RAPPORT_STATE_URL: '' }
  const sources = { store, environment, commandLine: { port: '1003', host: undefined } }
  expect(read(sources)).toMatchObject({ port: 1003, host: '10.0.0.2', trustProxy: ['loopback'], stateUrl: undefined })
  expect(describeConfiguration(sources).map(({ name, source }) => [name, source])).toEqual(
    expect.arrayContaining([
      ['port', 'command line'],
      ['host', 'environment'],
      ['trustProxy', 'file'],
      ['stateUrl', 'default'],
    ]),
  )
})

test('lists stand between commas in the environment', () => {
  const environment = { RAPPORT_TRUST_PROXY: '127.0.0.1, 10.0.0.0/8 ,::1/128 fe80::1%eth0' }
  expect(read({ environment }).trustProxy).toEqual([...['127.0.0.1', '10.0.0.0/8', '::1/128', 'fe80::1%eth0']])
})

test('a file that is named must be there; one of the store need not be', () => {
  expect(read({ store: join(folder, 'none') }).port).toBe(8787)
  const missing = join(folder, 'missing.json')
  expect(() => read({ file: missing })).toThrow(expect.objectContaining({ code: 'configuration.file' }))
  expect(() => read({ environment: { RAPPORT_CONFIG: missing } })).toThrow(missing)
})

test.each([
  ['{ "prot": 1 }', 'configuration.unknown', 'got prot: is port meant?'],
  ['{ "port": "8787" }', 'configuration.value', 'port in '],
  ['{ "port": 99999 }', 'configuration.value', 'got 99999'],
  ['{ "trustProxy": ["10.0.0.0/40"] }', 'configuration.value', 'an address, a range such as 10.0.0.0/8'],
  ['{ "trustProxy": ["10.0.0.1%eth0"] }', 'configuration.value', 'an address, a range such as 10.0.0.0/8'],
  ['{ "stateUrl": "mysql://u:secret@h/d" }', 'configuration.value', 'got something else'],
  ['[]', 'configuration.file', 'one JSON object'],
  ['{ port: 1 }', 'configuration.file', 'JSON'],
])('a file that holds %s is refused', (text, code, words) => {
  const reading = (): unknown => read({ store: storeWith(text) })
  expect(reading).toThrow(expect.objectContaining({ code }))
  expect(reading).toThrow(words)
})

test('a misspelt variable is refused with the one that is meant; others’ are left alone', () => {
  expect(() => read({ environment: { RAPPORT_STATEURL: 'x' } })).toThrow('is RAPPORT_STATE_URL meant?')
  expect(() => read({ environment: { RAPPORT_SOMETHING_ELSE: 'x' } })).not.toThrow()
  expect(() => read({ commandLine: { hots: 'x' } })).toThrow('is host meant?')
  expect(() => read({ environment: { RAPPORT_PORT: 'eighty' } })).toThrow('RAPPORT_PORT must fit')
})

test.each([
  ['postgres://ann:secret@db.example/rapport?sslmode=require', 'postgres://ann:…@db.example/rapport?sslmode=require'],
  ['postgres://db.example/rapport?user=ann&password=secret', 'postgres://db.example/rapport?user=ann&password=…'],
])('%s is shown without its password', (stateUrl, shown) => {
  const all = describeConfiguration({ environment: { RAPPORT_STATE_URL: stateUrl } })
  expect(all.find(({ name }) => name === 'stateUrl')).toMatchObject({ value: stateUrl, shown })
})

test('the JSON Schema names every setting and no other', () => {
  const schema = configurationSchema() as { properties: object; additionalProperties: boolean; required?: string[] }
  expect(Object.keys(schema.properties)).toEqual(['$schema', ...Object.keys(settings)])
  expect(schema.additionalProperties).toBe(false)
  expect(schema.required).toBeUndefined()
})
