import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { listedMethods, methodsFile } from '../methods-document.mjs'
import { needsData, prove } from './record.ts'
import { root } from './rows-file.ts'

prove({
  name: 'methods-table',
  claim:
    'docs/methods/README.md, made from the golden files and what their tests measure, lists every method with its source, reference, version and largest difference, each within its tolerance',
  cannot: needsData,
  measure: () => {
    const before = readFileSync(methodsFile, 'utf8')
    const { status, stdout, stderr } = spawnSync('node', ['tooling/methods-table.mjs'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    const isSame = listedMethods(before).join('\n') === listedMethods(readFileSync(methodsFile, 'utf8')).join('\n')
    const words = status === 0 ? stdout.trim().split('\n').at(-1)! : stderr.trim().split('\n').slice(-3).join(' ')
    return {
      figure: `${words}; the committed list ${isSame ? 'is the same' : 'was another'}`,
      isMet: status === 0 && isSame,
    }
  },
})
