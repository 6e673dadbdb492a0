import { openState } from '../state/index.ts'
import { storeDefaults } from './defaults.ts'

/** Has the store in `folder` follow its regions, as the commands do with each store that they make. */
export async function asNewStore(folder: string): Promise<void> {
  const state = await openState(folder)
  await storeDefaults(state.queries, { rule: 'by-region', declared: null })
  await state.close()
}
