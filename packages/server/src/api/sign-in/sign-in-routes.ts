import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  endSession,
  findOperator,
  invitedOperator,
  join,
  type LoginAttempts,
  listSessions,
  logIn,
  revokeSession,
  setCredentials,
  TooSoonError,
} from '../../access/index.ts'
import { RapportError } from '../../base/index.ts'
import { storeFacts } from '../../insights/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { OnFailure } from '../answer-errors.ts'
import { answerWithPages, isFromBrowser, sendPage } from '../pages/answer-with-pages.ts'
import { problemOf } from '../problem.ts'
import { readQuery } from '../read-query.ts'
import { sessionOf } from '../request-keys.ts'
import { actorOf } from '../route-access.ts'
import { giveSession, takeSession } from '../session-cookie.ts'
import { credentialsForm, joinForm, loginForm, loginQuery, readForm, readForms, sessionForm } from './forms.ts'
import { accountPage, joinPage, loginPage } from './sign-in-pages.ts'

interface WithToken {
  readonly Params: { readonly token: string }
}

const form = 'application/x-www-form-urlencoded'
const page = { 200: 'text/html' } as const
const moved = { 303: null } as const

interface SignInParts {
  readonly warehouse: Warehouse
  readonly state: State
  readonly attempts: LoginAttempts
  readonly onFailure: OnFailure
}

/** Login, joining by an invitation, and one's own account: pages with forms, without a script. */
export function signInRoutes(parts: SignInParts) {
  const { warehouse, state, attempts, onFailure } = parts
  return async (server: FastifyInstance): Promise<void> => {
    readForms(server)
    answerWithPages(server, { warehouse, onFailure, isFor: isFromBrowser })
    loginRoutes(server, state, attempts)
    joinRoutes(server, state)
    accountRoutes(server, parts)
  }
}

function loginRoutes(server: FastifyInstance, state: State, attempts: LoginAttempts): void {
  const see = { access: 'public', summary: 'The login page', query: loginQuery, answers: page } as const
  server.get('/login', { config: see }, async (request, reply) =>
    show(reply, loginPage(readQuery(request, loginQuery).next, undefined)),
  )
  const login = { access: 'public', summary: 'Logs an operator in', body: form, answers: moved } as const
  server.post('/login', { config: login }, async (request, reply) => {
    const { next, ...given } = readForm(request, loginForm)
    const before = sessionOf(request.headers.cookie)
    try {
      const address = request.ip
      const secret = await logIn(state, attempts, { ...given, address, ...(before === undefined ? {} : { before }) })
      return giveSession(request, reply, secret).redirect(next, 303)
    } catch (error) {
      return mistaken(reply, error, (mistake) => loginPage(next, mistake))
    }
  })
  const logout = { access: { role: 'viewer' }, summary: 'Ends this session', answers: moved } as const
  server.post('/logout', { config: logout }, async (request, reply) => {
    const secret = sessionOf(request.headers.cookie)
    if (secret !== undefined) await endSession(state.queries, secret)
    return takeSession(request, reply).redirect('/login', 303)
  })
}

function joinRoutes(server: FastifyInstance, state: State): void {
  const see = { access: 'public', summary: 'Where who is invited chooses a password', answers: page } as const
  server.get<WithToken>('/join/:token', { config: see, exposeHeadRoute: false }, async ({ params, url }, reply) =>
    show(reply, joinPage(url, await invitedOperator(state.queries, params.token), undefined)),
  )
  const take = { access: 'public', summary: 'Takes an invitation', body: form, answers: moved } as const
  server.post<WithToken>('/join/:token', { config: take }, async (request, reply) => {
    const { token } = request.params
    const operator = await invitedOperator(state.queries, token)
    const given = readForm(request, joinForm)
    try {
      return giveSession(request, reply, await join(state, token, given)).redirect('/', 303)
    } catch (error) {
      return mistaken(reply, error, (mistake) => joinPage(request.url, { ...operator, ...given }, mistake))
    }
  })
}

function accountRoutes(server: FastifyInstance, { warehouse, state, attempts }: SignInParts): void {
  const access = { role: 'viewer' } as const
  const account = async (request: FastifyRequest, mistake: string | undefined): Promise<string> => {
    const operator = await findOperator(state.queries, actorOf(request))
    const sessions = await listSessions(state, operator.operatorId)
    return accountPage({ operator, sessions, facts: await storeFacts(warehouse) }, mistake)
  }
  const see = { access, summary: 'One’s own account and sessions', answers: page } as const
  server.get('/account', { config: see }, async (request, reply) => show(reply, await account(request, undefined)))
  const keep = { access, summary: 'Sets one’s own name, address and password', body: form, answers: moved } as const
  server.post('/account', { config: keep }, async (request, reply) => {
    const given = readForm(request, credentialsForm)
    try {
      const secret = await setCredentials(state, attempts, actorOf(request), given)
      return giveSession(request, reply, secret).redirect('/account', 303)
    } catch (error) {
      const told = await account(request, problemOf(error).detail)
      return mistaken(reply, error, () => told)
    }
  })
  const end = { access, summary: 'Ends one of one’s own sessions', body: form, answers: moved } as const
  server.post('/account/sessions', { config: end }, async (request, reply) => {
    await revokeSession(state, actorOf(request), readForm(request, sessionForm).sessionId)
    return reply.redirect('/account', 303)
  })
}

const show = (reply: FastifyReply, markup: string): FastifyReply =>
  sendPage(reply.header('cache-control', 'no-store'), markup)

/** What a person can mend is said above the form that they filled in; everything else is an error as elsewhere. */
function mistaken(reply: FastifyReply, error: unknown, form: (mistake: string) => string): FastifyReply {
  const { status, detail } = problemOf(error)
  if (!(error instanceof RapportError) || status >= 500) throw error
  if (error instanceof TooSoonError) reply.header('retry-after', error.waitSeconds)
  return show(reply.code(status), form(detail))
}
