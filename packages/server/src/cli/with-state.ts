import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RapportError, readConfiguration } from '../base/index.ts'
import { openState, type State } from '../state/index.ts'
import { sourcesOf } from './configuration-of.ts'

/**
 * Opens the state store for one command and closes it whatever happens.
 *
 * @throws RapportError `cli.no-store` when `folder` holds no store
 */
export async function withState<Result>(folder: string, use: (state: State) => Promise<Result>): Promise<Result> {
  if (!existsSync(join(folder, 'warehouse.duckdb'))) {
    throw new RapportError('cli.no-store', `${folder} must hold a store, got none: rapport start makes one`)
  }
  const state = await openState(folder, readConfiguration(sourcesOf(folder)).stateUrl)
  try {
    return await use(state)
  } finally {
    await state.close()
  }
}
