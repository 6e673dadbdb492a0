import { z } from 'zod'

/** JSON Schema as it stands in a document. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Collects schemas under `components/schemas`; those with a `meta({ id })` once, by their name. */
export class JsonSchemas {
  readonly components: Record<string, JsonSchema> = {}

  /** @param io `input` as a client writes it, `output` as it reads it @returns the schema, or a reference to it */
  of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    // Within an object every named schema becomes a definition of its own, also the outermost.
    const made = z.toJSONSchema(z.object({ it: schema }), { io, unrepresentable: 'any', reused: 'inline' })
    const definitions = (made.$defs ?? {}) as Readonly<Record<string, JsonSchema>>
    const names = new Map(Object.entries(definitions).map(([name, held]) => [name, this.#nameOf(name, held)]))
    for (const [name, definition] of Object.entries(definitions)) {
      this.components[names.get(name)!] = referring(definition, names)
    }
    return referring(made.properties!['it'] as JsonSchema, names)
  }

  /** The same name may stand for two shapes: as it is written, and as it is read with its defaults. */
  #nameOf(name: string, definition: JsonSchema): string {
    const held = this.components[name]
    const isFree = held === undefined || JSON.stringify(held) === JSON.stringify(referring(definition, new Map()))
    return isFree ? name : `${name}Written`
  }
}

const prefix = '#/$defs/'

function referring(value: JsonSchema, names: ReadonlyMap<string, string>): JsonSchema {
  return JSON.parse(JSON.stringify(value), (key: string, held: unknown): unknown => {
    if (key !== '$ref' || typeof held !== 'string' || !held.startsWith(prefix)) return held
    const name = held.slice(prefix.length)
    return `#/components/schemas/${names.get(name) ?? name}`
  }) as JsonSchema
}
