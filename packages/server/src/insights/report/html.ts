/** Markup that is safe to put into a page: only `html` and `trusted` make it, so a plain string is never taken for it. */
export class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

/** What `html` takes: text is escaped, markup is kept, lists are joined, nothing stays nothing. */
export type Content = Html | string | number | null | undefined | false | readonly Content[]

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Text as it may stand between tags and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[&<>"'`]/g, (character) => replacements[character]!)

/** Markup from a file of ours. Never call it with anything that came from a store. */
export const trusted = (markup: string): Html => new Html(markup)

/**
 * Markup with every inserted value escaped.
 *
 * Values stand between tags or in *quoted* attributes; nothing may be inserted into scripts, styles or addresses.
 *
 * @example
 * String(html`<b title="${'"'}">${'<script>'}</b>`) // '<b title="&quot;">&lt;script&gt;</b>'
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  let markup = parts[0]!
  values.forEach((value, index) => {
    markup += markupOf(value) + parts[index + 1]!
  })
  return new Html(markup)
}

function markupOf(value: Content): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'object') return value.map(markupOf).join('')
  return escapeHtml(String(value))
}

/** Text that came from a store: cut by the page's style when it is long, and kept from turning its surroundings around. */
export const name = (text: string): Html => html`<bdi class="name" title="${text}">${text}</bdi>`

/**
 * A value as JSON that may stand inside `<script type="application/json">`: no text in it can end the element or open a
 * comment, and it parses to the same value.
 */
export const jsonForScript = (value: unknown): Html =>
  new Html(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  )
