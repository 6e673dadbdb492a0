import { type Html, html } from '../../insights/index.ts'

/** How moments are written on a page: in the shop's time zone. */
export interface Moments {
  readonly timezone: string
  /** `3 Nov 2025, 14:22`, which the page's script turns into “2 minutes ago” while that says more. */
  readonly moment: (iso: string) => Html
  /** `14:22` */
  readonly time: (iso: string) => Html
  /** `Monday 3 November 2025` */
  readonly day: (iso: string) => string
}

const locale = 'en-GB'

/** @param timezone one that this machine does not know is taken as UTC, and said to be */
export function momentsIn(timezone: string): Moments {
  const zone = known(timezone)
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone })
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: zone })
  return {
    timezone: zone,
    moment: (iso) => html`<time datetime="${iso}" data-relative>${full.format(new Date(iso))}</time>`,
    time: (iso) =>
      html`<time datetime="${iso}" title="${full.format(new Date(iso))}">${clock.format(new Date(iso))}</time>`,
    day: (iso) => days.format(new Date(iso)),
  }
}

function known(timezone: string): string {
  try {
    return new Intl.DateTimeFormat(locale, { timeZone: timezone }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}
