import { consentPreferences, type Purpose, purpose } from '@rapport/protocol'

/** What Global Privacy Control refuses: to sell or share, so ads, social audiences, and content chosen for a person. */
const refusedBySignal: readonly Purpose[] = ['marketing.ads', 'marketing.social', 'personalization']

interface ConsentContext {
  readonly categoryPreferences?: Record<string, unknown>
  readonly globalPrivacyControl?: unknown
}

/**
 * The purposes that an event's context says were agreed to or refused; keys that are no purpose are left out. What the
 * visitor decided on the site stands above the browser's signal, so the signal counts where nothing was decided.
 */
export function preferencesOf(context: string | null): ReadonlyMap<Purpose, boolean> {
  if (context === null || !/"(categoryPreferences|globalPrivacyControl)"/.test(context)) return new Map()
  const { consent } = JSON.parse(context) as { consent?: ConsentContext | null }
  const given = consent?.categoryPreferences ?? {}
  const known = Object.fromEntries(purpose.options.flatMap((name) => (name in given ? [[name, given[name]]] : [])))
  const parsed = consentPreferences.safeParse(known)
  const said = new Map(parsed.success ? (Object.entries(parsed.data) as [Purpose, boolean][]) : [])
  if (consent?.globalPrivacyControl === true) {
    for (const refused of refusedBySignal) if (!said.has(refused)) said.set(refused, false)
  }
  return said
}
