import { consentPreferences, type Purpose, purpose } from '@rapport/protocol'

/** The purposes that an event's context says were agreed to or refused; keys that are no purpose are left out. */
export function preferencesOf(context: string | null): ReadonlyMap<Purpose, boolean> {
  if (context === null || !context.includes('"categoryPreferences"')) return new Map()
  const { consent } = JSON.parse(context) as { consent?: { categoryPreferences?: Record<string, unknown> } | null }
  const given = consent?.categoryPreferences ?? {}
  const known = Object.fromEntries(purpose.options.flatMap((name) => (name in given ? [[name, given[name]]] : [])))
  const parsed = consentPreferences.safeParse(known)
  return new Map(parsed.success ? (Object.entries(parsed.data) as [Purpose, boolean][]) : [])
}
