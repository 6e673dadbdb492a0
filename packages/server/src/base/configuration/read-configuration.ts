import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RapportError } from '@rapport/numerics'
import { nearestName } from '../nearest-name.ts'
import type { Setting } from './setting.ts'
import { type Configuration, environmentName, type SettingName, settings } from './settings.ts'

/** Where a value comes from; a later one gives way to an earlier one. */
export type SettingSource = 'command line' | 'environment' | 'file' | 'default'

export interface ConfigurationSources {
  /** The store's folder: its `rapport.json` is read where no other file is named. */
  readonly store?: string | undefined
  /** A file that must be there. Default: what RAPPORT_CONFIG names. */
  readonly file?: string | undefined
  /** What was said on the command line, as text. */
  readonly commandLine?: Readonly<Record<string, string | undefined>> | undefined
  readonly environment?: NodeJS.ProcessEnv | undefined
}

export interface ConfiguredValue {
  readonly name: SettingName
  readonly value: unknown
  /** The value as it may be shown. */
  readonly shown: string
  readonly source: SettingSource
}

const names = Object.keys(settings) as SettingName[]
const table: Readonly<Record<SettingName, Setting<unknown>>> = settings

/** The file of a store's configuration. */
export const configurationFile = 'rapport.json'

/**
 * The configuration that holds: command line before environment before file before default. The only reader of the
 * environment.
 *
 * @throws RapportError `configuration.unknown` for a name that is none, `configuration.value` for what a setting cannot be,
 * `configuration.file` for a file that is named and missing, or no JSON
 */
export function readConfiguration(sources: ConfigurationSources = {}): Configuration {
  return Object.fromEntries(describeConfiguration(sources).map(({ name, value }) => [name, value])) as never
}

/** The same, each value with where it comes from. */
export function describeConfiguration(sources: ConfigurationSources = {}): readonly ConfiguredValue[] {
  const { store, commandLine = {}, environment = process.env } = sources
  const path = sources.file ?? nonEmpty(environment['RAPPORT_CONFIG'])
  const file = path === undefined ? readStoreFile(store) : readFile(path)
  refuseUnknown(Object.keys(commandLine), 'the command line')
  refuseUnknown(Object.keys(file.values), file.path)
  refuseMisspelt(Object.keys(environment))
  return names.map((name) => {
    const given = commandLine[name]
    const set = nonEmpty(environment[environmentName(name)])
    if (given !== undefined) return configured(name, 'command line', `--${name}`, table[name].fromText(given))
    if (set !== undefined) return configured(name, 'environment', environmentName(name), table[name].fromText(set))
    if (name in file.values) return configured(name, 'file', `${name} in ${file.path}`, file.values[name])
    return configured(name, 'default', name, table[name].default)
  })
}

/** An empty variable is one that is not set: service files and containers have no other way to say so. */
const nonEmpty = (given: string | undefined): string | undefined => (given === '' ? undefined : given)

function configured(name: SettingName, source: SettingSource, where: string, given: unknown): ConfiguredValue {
  const setting = table[name]
  const { success, data, error } = setting.schema.safeParse(given)
  if (success) {
    const shown = setting.redacted ? setting.redacted(data) : shownAs(data)
    return { name, value: data, shown, source }
  }
  const got = setting.redacted ? 'something else' : JSON.stringify(given)
  const must = error.issues.map(({ message }) => message).join('; ')
  throw new RapportError('configuration.value', `${where} must fit (${must}), got ${got}`)
}

const shownAs = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

interface ConfigurationFile {
  readonly path: string
  readonly values: Readonly<Record<string, unknown>>
}

function readStoreFile(store: string | undefined): ConfigurationFile {
  const path = join(store ?? '', configurationFile)
  if (store === undefined) return { path, values: {} }
  try {
    return readFile(path)
  } catch (error) {
    const cause = error instanceof RapportError ? (error.cause as NodeJS.ErrnoException | undefined) : undefined
    if (cause?.code === 'ENOENT' || cause?.code === 'ENOTDIR') return { path, values: {} }
    throw error
  }
}

function readFile(path: string): ConfigurationFile {
  let values: unknown
  try {
    values = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new RapportError('configuration.file', `${path} must be a JSON file that can be read, got: ${gotOf(error)}`, {
      cause: error,
    })
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new RapportError('configuration.file', `${path} must hold one JSON object of settings`)
  }
  const { $schema: _, ...rest } = values as Record<string, unknown>
  return { path, values: rest }
}

/** The parser quotes what it cannot read, which may be a password: its place is enough. */
function gotOf(error: unknown): string {
  if (!(error instanceof SyntaxError)) return error instanceof Error ? error.message : String(error)
  return /at position \d+.*$/.exec(error.message)?.[0].replace(/^/, 'no JSON ') ?? 'no JSON'
}

/** A setting that is not known would be one that somebody believes in and nobody heeds. */
function refuseUnknown(given: readonly string[], path: string): void {
  const unknown = given.find((name) => !Object.hasOwn(settings, name))
  if (unknown === undefined) return
  throw new RapportError(
    'configuration.unknown',
    `${path} must hold settings of rapport config, got ${unknown}: is ${nearestName(unknown, names).name} meant?`,
  )
}

/** Others may use names that begin like ours; only what looks like one of ours is taken for a mistake. */
function refuseMisspelt(variables: readonly string[]): void {
  const known = [...names.map(environmentName), 'RAPPORT_CONFIG']
  for (const variable of variables) {
    if (!variable.startsWith('RAPPORT_') || known.includes(variable)) continue
    const { name, edits } = nearestName(variable, known)
    if (edits > 2) continue
    throw new RapportError('configuration.unknown', `the environment holds ${variable}: is ${name} meant?`)
  }
}
