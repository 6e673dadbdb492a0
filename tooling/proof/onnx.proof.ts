import { exportedModels } from '../../packages/learn/src/export/exported-models.contract.ts'
import { toOnnx } from '../../packages/learn/src/export/onnx/index.ts'
import { runInOnnx, worstShare } from '../../packages/learn/src/export/onnx/to-onnx.contract.ts'
import { prove } from './record.ts'

prove({
  name: 'onnx-export',
  claim:
    'the same models as ONNX files, run in onnxruntime-web on 32-bit floats: within 2e-6 of the largest value of each output',
  measure: async () => {
    const apart: [name: string, share: number][] = []
    let values = 0
    for (const [name, make] of Object.entries(exportedModels)) {
      const { model, rows, said } = await make()
      const columns = await runInOnnx(toOnnx(model, { columns: rows.columns }), rows)
      apart.push([name, worstShare(columns, said)])
      values += said.values.length
    }
    const [name, worst] = apart.reduce((most, own) => (own[1] > most[1] ? own : most))
    return {
      figure: `${apart.length} models, ${values.toLocaleString('en')} values: at most ${worst.toExponential(1)} apart (${name})`,
      isMet: worst < 2e-6,
    }
  },
})
