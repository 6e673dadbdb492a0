import { exportedModels } from '../../packages/learn/src/export/exported-models.contract.ts'
import { runInDuckDb, tableOf, worstDifference } from '../../packages/learn/src/export/sql/to-sql.contract.ts'
import { prove } from './record.ts'

prove({
  name: 'sql-export',
  claim:
    'scalers, encoders, linear models, trees, forests, boosting (missing values, categories, classes), k-means, naive Bayes and calibrators as SQL, run in DuckDB: equal to in-process within 1e-9 of each value',
  measure: async () => {
    const apart: [name: string, share: number][] = []
    let values = 0
    for (const [name, make] of Object.entries(exportedModels)) {
      const { model, rows, said } = await make()
      const of = tableOf(rows)
      const { columns } = await runInDuckDb(model, of, { columns: of.columns.map((column) => column.name) })
      apart.push([name, worstDifference(columns, said)])
      values += said.values.length
    }
    const [name, worst] = apart.reduce((most, own) => (own[1] > most[1] ? own : most))
    return {
      figure: `${apart.length} models, ${values.toLocaleString('en')} values: at most ${worst.toExponential(1)} apart (${name})`,
      isMet: worst < 1e-9,
    }
  },
})
