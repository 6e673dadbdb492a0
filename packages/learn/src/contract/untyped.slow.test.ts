import { expect, test } from 'vitest'
import { estimators } from './estimators.contract.ts'
import { refusesMisfit } from './laws.contract.ts'
import { misfits } from './untyped.contract.ts'

// TypeScript refuses all of these; plain JavaScript, and data that were cast, do not.
test.each(estimators.filter(({ derives }) => !derives))(
  '$name refuses in words what does not fit its arguments',
  async (row) => {
    for (const misfit of await misfits(row)) {
      await refusesMisfit(row, misfit).catch((error: Error) => {
        expect.fail(`${misfit.name}: ${error.stack}`)
      })
    }
  },
)
