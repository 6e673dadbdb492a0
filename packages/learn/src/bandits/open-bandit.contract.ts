import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { dataPath } from '../../../../tooling/test-data.ts'
import type { LoggedDecisions } from './index.ts'

/** Items that the campaign shows. */
export const openBanditItems = 34

/** One of the two logs of the campaign `men`: of the policy that showed items blindly, or of Thompson sampling. */
export function readOpenBandit(policy: 'random' | 'bts'): LoggedDecisions & { readonly rewards: Float64Array } {
  const text = gunzipSync(readFileSync(dataPath('open_bandit_men', `${policy}_men.csv.gz`))).toString('utf8')
  const [header, ...lines] = text.trimEnd().split('\n')
  const names = header!.split(',')
  const rows = lines.map((line) => line.split(','))
  const column = (name: string): Float64Array => {
    const at = names.indexOf(name)
    return Float64Array.from(rows, (cells) => Number(cells[at]))
  }
  return { actions: column('item_id'), rewards: column('click'), propensities: column('propensity_score') }
}
