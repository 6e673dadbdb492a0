import { wordsOf } from './header-words.ts'

/** Words, or pairs of words, that a column of consents has in its name; in the languages of the headers. */
const consentWords = new Set(
  `accepts,accept,consent,consents,consented,optin,opt in,opted in,optout,opt out,opted out,newsletter,subscribed,unsubscribed,
  unsubscribe,gdpr,dsgvo,rgpd,permission,mailable,contactable,may contact,can contact,do not,email marketing,sms marketing,marketing contact,legal basis,
  allow email,allow marketing,agreed,einwilligung,werbeeinwilligung,zustimmung,werbung,abonne,consentement,accord,
  consentimiento,acepta,boletin,suscrito,consenso,accetta,iscritto`
    .split(',')
    .map((words) => words.trim()),
)

/** Columns of moments, codes or counts beside a consent, which say nothing of it themselves. */
const others = new Set(['id', 'at', 'date', 'timestamp', 'time', 'count', 'channel', 'source', 'level', 'code', 'ip'])

/**
 * Whether a column is called as if it said who may be contacted.
 *
 * @example
 * looksLikeConsent('Accepts Marketing') // true
 * looksLikeConsent('newsletter_count') // false
 */
export function looksLikeConsent(name: string): boolean {
  const words = wordsOf(name)
  if (words.some((word) => others.has(word))) return false
  return (
    words.join(' ') === 'marketing' ||
    words.some((word, at) => consentWords.has(word) || consentWords.has(`${word} ${words[at + 1] ?? ''}`))
  )
}
