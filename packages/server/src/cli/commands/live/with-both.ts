import type { State } from '../../../state/index.ts'
import type { Warehouse } from '../../../warehouse/index.ts'
import type { Surroundings } from '../../command.ts'
import { withState } from '../../with-state.ts'
import { lentWith, withStore } from '../../with-store.ts'

/** A store, open for one command, or the one that the server of this process has open. */
export interface Both extends Surroundings {
  readonly warehouse: Warehouse
  readonly state: State
}

export const withBoth = <Result>(here: Surroundings, use: (both: Both) => Promise<Result>): Promise<Result> =>
  withStore(here.store, (warehouse) => withState(here.store, (state) => use({ ...here, warehouse, state })))

/** Lets the server of this process, if it is one, look at what is declared now. */
export const tellServer = async ({ warehouse }: Pick<Both, 'warehouse'>): Promise<void> => {
  await lentWith(warehouse)?.declared()
}
