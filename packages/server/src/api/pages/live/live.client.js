// Runs in the overview: listens to what happens in the shop and draws it. Everything that comes is put in as text.
;(() => {
  const frame = document.getElementById('now')
  if (!frame) return
  const at = (id) => document.getElementById(`now-${id}`)
  const locale = 'en-GB'
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const state = {}
  let heardAt = 0

  // --- words -------------------------------------------------------------------------------------------------------
  const money = (amount, short = false) => {
    const { currency } = state.today.sales
    const digits = amount !== 0 && Math.abs(amount) < 100 && !short ? 2 : 0
    const shortly = short && Math.abs(amount) >= 1000 ? { notation: 'compact', maximumFractionDigits: 1 } : {}
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, ...shortly }
    if (!/^[A-Z]{3}$/.test(currency)) return `${new Intl.NumberFormat(locale, options).format(amount)} ${currency}`
    const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }
    return new Intl.NumberFormat(locale, { ...style, ...options }).format(amount)
  }
  const clock = (moment, more = {}) =>
    new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: state.now.timezone, ...more }).format(moment)
  const day = (moment) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: state.now.timezone }).format(moment)
  const written = (measure, value, short) =>
    measure === 'revenue' ? money(value, short) : count.format(Math.round(value))
  const range = (measure, { low, high }) => `${written(measure, low)} to ${written(measure, high)}`
  const say = (id, text) => {
    const place = at(id)
    if (place.textContent !== text) place.textContent = text
  }
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    element.append(...children)
    return element
  }
  const link = (href, text) => make('a', { href }, text)

  // --- tiles -------------------------------------------------------------------------------------------------------
  const standings = { below: 'less than usually', usual: 'as usual', above: 'more than usually' }
  const sayStanding = (measure) => {
    const standing = state.today.standing[measure]
    const place = at(`${measure}-below`)
    if (standing.kind !== 'band') return say(`${measure}-below`, 'what is usual is not known yet')
    const isDemo = state.now.simulated !== null
    const usually = `${range(measure, standing)} by now`
    say(`${measure}-below`, isDemo ? `usually ${usually}` : `${standings[standing.standing]}: ${usually}`)
    place.classList.toggle('up', !isDemo && standing.standing === 'above')
    place.classList.toggle('down', !isDemo && standing.standing === 'below')
  }
  const drawToday = () => {
    if (!state.now || !state.today) return
    const { sales } = state.today
    if (sales === null) {
      for (const id of ['revenue', 'orders', 'average']) {
        say(id, '–')
        say(`${id}-below`, 'nothing was sold yet')
      }
    } else {
      say('revenue', money(sales.revenue))
      say('orders', count.format(sales.orders))
      say('average', sales.averageOrderValue === null ? '–' : money(sales.averageOrderValue))
      say('average-below', sales.refunds > 0 ? `${money(sales.refunds)} given back today` : 'nothing given back today')
      sayStanding('revenue')
      sayStanding('orders')
    }
    for (const measure of ['revenue', 'orders']) drawCourse(measure)
    drawAnomalies()
  }
  const drawNow = () => {
    const { activeCustomers: active, perSecond, isComplete, lastAt, seconds } = state.now
    const least = active.isAtLeast ? 'at least ' : ''
    say('active', least + count.format(active.fiveMinutes))
    say(
      'active-below',
      `in 5 minutes; ${count.format(active.halfHour)} in 30, ${least}${count.format(active.today)} today`,
    )
    say('rate', perSecond < 10 ? tenths.format(perSecond) : count.format(perSecond))
    say(
      'rate-below',
      !isComplete
        ? 'history is being read'
        : lastAt === null
          ? 'none came yet'
          : `the last one at ${clock(lastAt, { timeStyle: 'medium' })}`,
    )
    drawSeconds(seconds)
  }

  // --- charts ------------------------------------------------------------------------------------------------------
  const svg = (tag, attributes = {}, text) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    if (text !== undefined) element.textContent = text
    return element
  }
  /** A round number at or above a value, and a round step up to it. */
  const roundUp = (most, isWhole) => {
    const wanted = Math.max(most, isWhole ? 4 : 1) / 4
    const power = 10 ** Math.floor(Math.log10(wanted))
    const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((one) => one >= wanted && (!isWhole || one >= 1))
    return { step: isWhole ? Math.ceil(step) : step, top: (isWhole ? Math.ceil(step) : step) * 4 }
  }
  const plotOf = (id, words) => {
    const place = at(`${id}-plot`)
    const width = Math.max(240, place.clientWidth)
    const height = place.clientHeight || 220
    const drawing = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': words })
    const inner = { left: 52, right: width - 12, top: 12, bottom: height - 26 }
    return { place, drawing, inner }
  }
  const axes = ({ drawing, inner }, { step, top }, write) => {
    const y = (value) => inner.bottom - ((inner.bottom - inner.top) * value) / top
    for (let value = 0; value <= top * 1.0001; value += step) {
      drawing.append(svg('line', { x1: inner.left, x2: inner.right, y1: y(value), y2: y(value), class: 'grid' }))
      drawing.append(svg('text', { x: inner.left - 8, y: y(value) + 4, class: 'tick end' }, write(value)))
    }
    return y
  }
  const path = (points) =>
    points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')

  const drawCourse = (measure) => {
    const usual = state.usual?.course[measure]
    const sales = state.today?.sales
    if (!state.now || !state.today || !usual) return
    const place = at(`${measure}-plot`)
    if (!sales) {
      place.replaceChildren(
        make('p', { class: 'now-empty' }, 'Nothing was sold yet: the first order draws the first line.'),
      )
      say(`${measure}-words`, '')
      return
    }
    const { from, until } = state.today
    const stepMs = sales.stepMinutes * 60_000
    const course = sales.course[measure]
    const value = sales[measure]
    const now = Math.min(state.now.asOf, until)
    const hasBand = usual.kind === 'bands'
    const standing = state.today.standing[measure]
    const so = `${written(measure, value)} by ${clock(now)}`
    const words = hasBand && standing.kind === 'band' ? `${so}; usually ${range(measure, standing)}` : so
    const plot = plotOf(measure, `${measure === 'revenue' ? 'Revenue' : 'Orders'} today: ${words}`)
    const { drawing, inner } = plot
    const most = Math.max(value, hasBand ? Math.max(...usual.high) : 0)
    const scale = roundUp(most, measure === 'orders')
    const y = axes(plot, scale, (tick) => (measure === 'revenue' ? money(tick, true) : count.format(tick)))
    const x = (moment) => inner.left + ((inner.right - inner.left) * (moment - from)) / (until - from)
    const every = inner.right - inner.left < 420 ? 6 : 3
    for (let hour = 0; from + hour * 3_600_000 <= until; hour += every) {
      const moment = from + hour * 3_600_000
      const anchor = hour === 0 ? 'start' : moment >= until ? 'end' : 'middle'
      drawing.append(
        svg(
          'text',
          { x: x(moment), y: inner.bottom + 18, class: `tick ${anchor}` },
          moment >= until ? '24:00' : clock(moment),
        ),
      )
    }
    if (hasBand) {
      const along = (bound) => [
        [x(from), y(0)],
        ...bound.map((one, step) => [x(Math.min(until, from + (step + 1) * stepMs)), y(one)]),
      ]
      drawing.append(
        svg('path', { d: `${path([...along(usual.high), ...along(usual.low).reverse()])}Z`, class: 'band' }),
      )
      drawing.append(svg('path', { d: path(along(usual.expected)), class: 'expected' }))
    }
    const line = [[x(from), y(0)]]
    for (const [step, one] of course.entries()) line.push([x(Math.min(now, from + (step + 1) * stepMs)), y(one)])
    drawing.append(svg('path', { d: path(line), class: 'actual' }))
    const [endX, endY] = line.at(-1)
    drawing.append(svg('circle', { cx: endX, cy: endY, r: 5, class: 'end-point' }))
    place.replaceChildren(drawing)
    say(`${measure}-words`, words)
    drawTable(measure, course, hasBand ? usual : null, sales.stepMinutes)
  }
  const drawTable = (measure, course, usual, stepMinutes) => {
    const table = at(`${measure}-table`)
    if (!table.closest('details').open) return
    const rows = []
    for (let step = 60 / stepMinutes - 1; step < course.length + 60 / stepMinutes - 1; step += 60 / stepMinutes) {
      const last = Math.min(step, course.length - 1)
      const until = Math.min(state.now.asOf, state.today.from + (last + 1) * stepMinutes * 60_000)
      const usually = usual ? range(measure, { low: usual.low[last], high: usual.high[last] }) : 'not known'
      rows.push(
        make(
          'tr',
          {},
          make('th', { scope: 'row' }, clock(until)),
          make('td', {}, written(measure, course[last])),
          make('td', {}, usually),
        ),
      )
    }
    const head = make(
      'tr',
      {},
      ...['Up to', measure === 'revenue' ? 'Revenue' : 'Orders', 'Usually'].map((title) =>
        make('th', { scope: 'col' }, title),
      ),
    )
    table.replaceChildren(make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)))
  }
  const drawSeconds = (seconds) => {
    const most = Math.max(...seconds)
    const all = seconds.reduce((sum, one) => sum + one, 0)
    const words = `${count.format(all)} ${all === 1 ? 'event' : 'events'}, at most ${count.format(most)} in a second`
    const plot = plotOf('seconds', words)
    const { drawing, inner, place } = plot
    const y = axes(plot, roundUp(most, true), (tick) => count.format(tick))
    const width = (inner.right - inner.left) / seconds.length
    const bars = seconds
      .map((one, second) => {
        const left = inner.left + second * width
        return one === 0
          ? ''
          : `M${left.toFixed(1)} ${inner.bottom}V${y(one).toFixed(1)}h${Math.max(1, width - 1).toFixed(1)}V${inner.bottom}Z`
      })
      .join('')
    drawing.append(svg('path', { d: bars, class: 'bars' }))
    for (const [ago, anchor] of [
      [120, 'start'],
      [60, 'middle'],
      [0, 'end'],
    ]) {
      const x = inner.right - (ago / 120) * (inner.right - inner.left)
      drawing.append(
        svg('text', { x, y: inner.bottom + 18, class: `tick ${anchor}` }, ago === 0 ? 'now' : `${ago} s ago`),
      )
    }
    place.replaceChildren(drawing)
    say('seconds-words', words)
  }

  // --- lists -------------------------------------------------------------------------------------------------------
  const nothing = (text) => make('li', { class: 'now-empty' }, text)
  const drawMix = () => {
    for (const side of ['events', 'sources']) {
      const { shares, other } = state.mix[side]
      const all = shares.reduce((sum, one) => sum + one.count, other)
      const rows = shares.slice(0, 6).map(({ value, count: n }) => [value ?? 'not said', n])
      const rest = other + shares.slice(6).reduce((sum, one) => sum + one.count, 0)
      if (rest > 0) rows.push(['all others', rest])
      const most = Math.max(1, ...rows.map(([, n]) => n))
      at(`mix-${side}`).replaceChildren(
        ...(rows.length === 0
          ? [nothing('Nothing came in the last hour.')]
          : rows.map(([name, n]) => {
              const bar = make('span', { class: 'bar-fill', 'aria-hidden': 'true' })
              bar.style.width = `${(100 * n) / most}%`
              return make(
                'li',
                {},
                bar,
                make('span', { class: 'name' }, name),
                make('span', { class: 'number' }, `${count.format(n)} · ${percent.format(n / all)}`),
              )
            })),
      )
    }
  }
  const causes = {
    event: 'by what they did',
    time: 'as time passed',
    definition: 'as the segment is another',
    list: 'as a list was changed',
    identity: 'as customers were joined or parted',
    consent: 'by what they agreed to',
    erasure: 'erased',
  }
  const drawMovements = () => {
    if (!state.now) return
    at('movements').replaceChildren(
      ...(state.movements.length === 0
        ? [
            nothing(
              'Nobody has moved yet. rapport segments declare makes the segments that come with the product live.',
            ),
          ]
        : state.movements
            .slice(0, 12)
            .map(({ segment, segmentName, customerId, at: moment, isEntry, because, words }) => {
              const who =
                customerId === null ? 'Somebody' : link(`/customers/${encodeURIComponent(customerId)}`, customerId)
              const where = link(`/segments/live/${encodeURIComponent(segment)}`, segmentName)
              const why = make('span', { class: 'beside' }, [causes[because], ...words.slice(0, 2)].join(': '))
              return make(
                'li',
                { class: isEntry ? 'came' : 'left' },
                make('span', { class: 'when' }, clock(moment, { timeStyle: 'medium' })),
                make('span', {}, who, isEntry ? ' came into ' : ' left ', where, why),
              )
            })),
    )
  }
  const names = { events: 'Events', orders: 'Orders', revenue: 'Revenue' }
  const drawAnomalies = () => {
    if (!state.now || !state.anomalies) return
    // Only sales say in which currency.
    const shown = state.anomalies.filter(({ measure }) => measure !== 'revenue' || state.today?.sales)
    at('anomalies').replaceChildren(
      ...shown.slice(0, 4).map((one) => {
        const { measure, side, hour, value, overAt, explanation } = one
        const title = `${names[measure]} ${side === 'below' ? 'below' : 'above'} what is usual`
        const what = `From ${clock(hour.from)} to ${clock(hour.until)}: ${written(measure, value)}, usually ${range(measure, one)}. ${overAt === null ? 'It goes on.' : `Over since ${clock(overAt)}.`}`
        const why = explanation.map(({ side: of, share, values }) => {
          const told = values.map(
            (v) =>
              `${v.value ?? 'not said'} (${written(measure, v.now)}, to be expected ${written(measure, v.expected)})`,
          )
          return make(
            'li',
            {},
            make('b', {}, of),
            ` ${told.join(', ')} carries ${percent.format(Math.min(1, share))} of the difference`,
          )
        })
        const reasons =
          why.length > 0
            ? make('ul', { class: 'plain' }, ...why)
            : make('p', {}, 'It goes through sources, products and places alike.')
        const more = link(
          measure === 'events' ? '/customers' : '/report#breakdowns',
          measure === 'events' ? 'Who came' : 'Sales by source, country and category',
        )
        return make(
          'article',
          { class: `card now-anomaly${overAt === null ? ' goes-on' : ''}` },
          make('h3', {}, title),
          make('p', {}, what),
          reasons,
          more,
        )
      }),
    )
  }
  const drawUsual = () => {
    if (!state.now || !state.usual) return
    const { history, confidence, course } = state.usual
    const { revenue } = course
    if (history === null || revenue.kind !== 'bands') {
      say('usual', `No band yet: ${revenue.message ?? 'history is being read'}.`)
    } else {
      const until = day(history.until - 1)
      const shade = `Shaded: where ${percent.format(confidence)} of days of this weekday lie, learnt from the days up to ${until}.`
      say(
        'usual',
        state.now.simulated === null
          ? shade
          : `${shade} The shop is simulated up to there; what you send now is all that comes, and is not judged by the band.`,
      )
    }
    drawToday()
  }

  // --- the stream --------------------------------------------------------------------------------------------------
  const drawers = {
    now: drawNow,
    mix: drawMix,
    today: drawToday,
    usual: drawUsual,
    movements: drawMovements,
    anomalies: drawAnomalies,
  }
  let stream
  let failures = 0
  let timer
  const tell = (kind, text) => {
    const place = at('state')
    place.dataset.state = kind
    if (place.textContent !== text) place.textContent = text
  }
  const close = () => {
    clearTimeout(timer)
    stream?.close()
    stream = undefined
  }
  const again = async () => {
    close()
    failures += 1
    const late = state.now ? `not live: as of ${clock(state.now.asOf, { timeStyle: 'medium' })}, ` : 'not live, '
    tell('cut', `${late}connecting again…`)
    timer = setTimeout(open, Math.min(30_000, 1000 * 2 ** failures))
    const answer = await fetch(frame.dataset.stream, { headers: { accept: 'application/json' } }).catch(() => undefined)
    if (answer?.status === 401) {
      close()
      tell('cut', 'not live: you are signed out. Open the page anew')
    }
  }
  const open = () => {
    close()
    stream = new EventSource(frame.dataset.stream)
    for (const [part, draw] of Object.entries(drawers)) {
      stream.addEventListener(part, ({ data }) => {
        state[part] = JSON.parse(data)
        heardAt = performance.now()
        failures = 0
        tell('live', 'live')
        draw()
      })
    }
    stream.addEventListener('error', () => {
      if (!document.hidden) again()
    })
  }
  // Whoever looks elsewhere needs nothing drawn.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) return open()
    close()
    tell('waiting', 'paused while nobody looks')
  })
  setInterval(() => {
    if (stream && heardAt > 0 && performance.now() - heardAt > 8000 && failures === 0) again()
  }, 2000)
  let resized
  new ResizeObserver(() => {
    clearTimeout(resized)
    resized = setTimeout(() => {
      if (!state.now) return
      drawToday()
      drawNow()
    }, 100)
  }).observe(frame)
  for (const details of frame.querySelectorAll('details')) details.addEventListener('toggle', () => drawToday())
  if (document.hidden) tell('waiting', 'paused while nobody looks')
  else open()
})()
