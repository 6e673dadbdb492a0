import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SourceDraft } from '@rapport/protocol'
import { guardedFetch } from '../../base/index.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { type EventLog, openEventLog } from '../live/event-log.ts'
import { callMappings } from './call-mappings.ts'
import { readDefinition } from './definition.ts'
import { openSources, type SourceParts, type SourceRun, type Sources } from './open-sources.ts'
import { putSource } from './stored-sources.ts'

/** A store with sources, whose process can be ended and begun again. */
export class TestSources {
  readonly folder = mkdtempSync(join(tmpdir(), 'rapport-sources-'))
  readonly #made: Partial<SourceParts>
  warehouse!: Warehouse
  state!: State
  log!: EventLog
  sources!: Sources

  constructor(made: Partial<SourceParts> = {}) {
    this.#made = made
  }

  async open(): Promise<void> {
    this.warehouse = await openWarehouse(join(this.folder, 'store'))
    this.state = await openState(this.warehouse.folder)
    this.log = await openEventLog(this.warehouse)
    const { warehouse, state, log } = this
    const doors = { consent: { admits: () => true, prepare: () => undefined }, plan: { keepsOut: () => undefined } }
    this.sources = openSources({
      ...{ warehouse, state, log, doors, mappings: callMappings, folders: [] },
      ...{ fetch: guardedFetch(['127.0.0.1']), ...this.#made },
    })
  }

  async close(): Promise<void> {
    await this.log.close()
    await this.state.close()
    await this.warehouse.close()
  }

  async remove(): Promise<void> {
    await this.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  async put(name: string, draft: SourceDraft): Promise<void> {
    await putSource(this.warehouse, this.state, name, readDefinition(draft, Object.keys(callMappings)))
  }

  run(name: string, signal?: AbortSignal, mostMs?: number): Promise<SourceRun> {
    return this.sources.run(name, signal ? { signal } : {}, mostMs)
  }

  async count(table: string): Promise<number> {
    await this.log.settle()
    const [row] = await this.warehouse.rows<{ n: number }>(`select count(*) as n from ${table}`)
    return row!.n
  }
}
