import type { Warehouse } from '../warehouse/index.ts'
import { readAnalysis } from './analyze.ts'
import { writeReport } from './report/render-report.ts'

/** Writes the report of the last analysis; once more when somebody was taken out of it meanwhile. @param file its path */
export async function writeLastReport(warehouse: Warehouse, file: string): Promise<void> {
  let written = await readAnalysis(warehouse)
  for (;;) {
    await writeReport(written, file)
    const last = await readAnalysis(warehouse)
    if (JSON.stringify(last) === JSON.stringify(written)) return
    written = last
  }
}
