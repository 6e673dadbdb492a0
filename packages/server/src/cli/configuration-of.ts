import { realpathSync } from 'node:fs'
import { type ConfigurationSources, type ConfiguredValue, describeConfiguration } from '../base/index.ts'

/** Where the configuration of each store that this process works on comes from, besides its file. */
const kept = new Map<string, Omit<ConfigurationSources, 'store'>>()

/** Says where a store's configuration comes from, for every command that this process runs on it. */
export function configureStore(store: string, sources: Omit<ConfigurationSources, 'store'>): void {
  kept.set(realFolder(store), sources)
}

/** What holds for a store: also for a command that its server runs for another process. */
export const configuredValues = (store: string): readonly ConfiguredValue[] => describeConfiguration(sourcesOf(store))

/** Where a store's configuration comes from. */
export const sourcesOf = (store: string): ConfigurationSources => ({ ...kept.get(realFolder(store)), store })

function realFolder(store: string): string {
  try {
    return realpathSync(store)
  } catch {
    return store
  }
}
