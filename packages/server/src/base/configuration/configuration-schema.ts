import { z } from 'zod'
import { type SettingName, settings } from './settings.ts'

/** JSON Schema of the configuration's file, for editors. */
export function configurationSchema(): unknown {
  const properties = Object.fromEntries(
    (Object.keys(settings) as SettingName[]).map((name) => {
      const { schema, description, default: preset } = settings[name]
      const described = schema.optional().meta({ description, ...(preset === undefined ? {} : { default: preset }) })
      return [name, described]
    }),
  )
  return z.toJSONSchema(z.strictObject({ $schema: z.string().optional(), ...properties }), { io: 'input' })
}
