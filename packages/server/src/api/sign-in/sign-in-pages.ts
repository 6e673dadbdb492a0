import type { Operator, Session } from '../../access/index.ts'
import { isoOf } from '../../base/index.ts'
import { type Html, html, type StoreFacts } from '../../insights/index.ts'
import { pageOf } from '../pages/layout.ts'

/** What went wrong with the form before, for the person who filled it in. */
type Mistake = string | undefined

/** @param facts null where nobody is known yet: the page has no menu then */
const page = (title: string, main: Html, facts: StoreFacts | null = null): string =>
  pageOf({ title, main: html`<section aria-label="${title}" class="form">${main}</section>` }, facts)

const said = (mistake: Mistake): Html | false => mistake !== undefined && html`<p role="alert">${mistake}</p>`

const field = (name: string, label: string, type: string, autocomplete: string, value = ''): Html =>
  html`<p><label>${label}<br><input name="${name}" type="${type}" autocomplete="${autocomplete}" value="${value}" maxlength="256"${type === 'password' && autocomplete === 'new-password' ? html` minlength="12"` : ''}${name === 'name' ? '' : html` required`}></label></p>`

export const loginPage = (next: string, mistake: Mistake): string =>
  page(
    'Log in',
    html`${said(mistake)}<form method="post" action="/login">
<input type="hidden" name="next" value="${next}">
${field('email', 'Email address', 'email', 'username')}
${field('password', 'Password', 'password', 'current-password')}
<p><button>Log in</button></p>
</form>
<p>Without a password: <code>npx rapport open</code>, on the machine that runs Rapport, prints a link that opens it once.</p>`,
  )

export const joinPage = (path: string, { name, email, role }: Operator, mistake: Mistake): string =>
  page(
    'Join Rapport',
    html`<p>You are invited as ${role}. Choose a password; the address is what you log in with.</p>${said(mistake)}
<form method="post" action="${path}">
${field('name', 'Name', 'text', 'name', name)}
${field('email', 'Email address', 'email', 'username', email ?? '')}
${field('password', 'Password, at least 12 characters', 'password', 'new-password')}
<p><button>Join</button></p>
</form>`,
  )

interface Account {
  readonly operator: Operator
  readonly sessions: readonly Session[]
  readonly facts: StoreFacts
}

export const accountPage = (
  { operator: { name, email, role, hasPassword }, sessions, facts }: Account,
  mistake: Mistake,
): string =>
  page(
    'Your account',
    html`<p>${name !== role && html`You are ${name}. `}Your role is ${role}. ${
      hasPassword
        ? 'You log in with your address and password.'
        : 'You came by a link. With a password you can also log in from elsewhere, and the link is not needed; it is up to you.'
    }</p>${said(mistake)}
<h2>${hasPassword ? 'Change' : 'Set'} name, address and password</h2>
<form method="post" action="/account">
${field('name', 'Name', 'text', 'name', name)}
${field('email', 'Email address', 'email', 'username', email ?? '')}
${hasPassword && field('current', 'Password so far', 'password', 'current-password')}
${field('password', 'New password, at least 12 characters', 'password', 'new-password')}
<p><button>Keep</button></p>
</form>
<h2>Open sessions</h2>
<ul>${sessions.map(
      ({ sessionId, createdAt, seenAt }) => html`
<li>since ${isoOf(createdAt).slice(0, 16)}, last used ${isoOf(seenAt).slice(0, 16)} (UTC)
<form method="post" action="/account/sessions"><input type="hidden" name="sessionId" value="${sessionId}"><button>End it</button></form></li>`,
    )}
</ul>
<form method="post" action="/logout"><p><button>Log out</button></p></form>`,
    facts,
  )
