// Runs inside the report: draws its charts, follows the theme, and does nothing else. Plain JavaScript, inlined.
;(() => {
  const page = JSON.parse(document.getElementById('charts').textContent)
  const styles = {
    money: {
      style: 'currency',
      currency: page.currency,
      currencyDisplay: 'narrowSymbol',
      notation: 'compact',
      minimumFractionDigits: 0,
      maximumFractionDigits: 1,
    },
    percent: { maximumFractionDigits: 1 },
    count: { notation: 'compact', maximumFractionDigits: 1 },
    decimal: { maximumFractionDigits: 3 },
  }
  if (!/^[A-Z]{3}$/.test(page.currency)) styles.money = styles.count

  const probe = document.getElementById('probe')
  const colorOf = (token) => {
    probe.style.color = `var(--${token})`
    return getComputedStyle(probe).color
  }
  const writerOf = (style) => {
    const format = new Intl.NumberFormat('en-GB', styles[style])
    const write =
      style === 'percent' ? (value) => `${format.format(value * 100)}\u00a0%` : (value) => format.format(value)
    return (value) => (typeof value === 'number' && Number.isFinite(value) ? write(value) : '–')
  }
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  const escaped = (text) => String(text ?? '').replace(/[&<>"']/g, (character) => entities[character])
  const words = {
    text: ({ data }) => escaped(data?.text).replaceAll('\n', '<br>'),
    series: ({ seriesName }) => escaped(seriesName),
    label: ({ data }) => data?.word ?? '',
  }

  // Options are plain JSON; what JSON cannot hold is marked in them and put in here.
  const revived = (value) => {
    if (Array.isArray(value)) return value.map(revived)
    if (value === null || typeof value !== 'object') return value
    if (value.$color) return colorOf(value.$color)
    if (value.$format) return writerOf(value.$format)
    if (value.$tooltip) return words[value.$tooltip]
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revived(inner)]))
  }
  const base = () => ({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colorOf('ink') },
  })
  const tooltip = () => ({
    backgroundColor: colorOf('surface'),
    borderColor: colorOf('line'),
    textStyle: { color: colorOf('ink'), fontSize: 13 },
    extraCssText: 'max-width:min(320px,80vw);white-space:normal;overflow-wrap:anywhere',
  })

  const openAtFirst = 1
  const drawn = new Map()
  const draw = (id) => {
    const place = document.getElementById(`chart-${id}`)
    if (place.clientWidth === 0) return
    drawn.get(id)?.dispose()
    const chart = echarts.init(place, null, { renderer: page.charts[id].renderer })
    const option = { ...base(), ...revived(page.charts[id].option) }
    option.tooltip = { ...tooltip(), ...option.tooltip }
    chart.setOption(option)
    drawn.set(id, chart)
    place.dataset.drawn = 'true'
  }
  // What lies in a closed part has no width: it is left out, and drawn when its part opens.
  const drawAll = () => {
    for (const id of Object.keys(page.charts)) draw(id)
  }
  const drawWithin = (part) => {
    for (const place of part.querySelectorAll('.plot')) draw(place.id.replace('chart-', ''))
  }

  let resizing
  addEventListener('resize', () => {
    clearTimeout(resizing)
    resizing = setTimeout(() => {
      for (const chart of drawn.values()) chart.resize()
    }, 100)
  })
  // On paper everything is open.
  addEventListener('beforeprint', () => {
    for (const part of [...folds, ...whys]) part.open = true
    drawAll()
  })

  const dark = matchMedia('(prefers-color-scheme: dark)')
  const toggle = document.getElementById('theme')
  const theme = () => document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light')
  const sayTheme = () => {
    toggle.textContent = theme() === 'dark' ? 'Light theme' : 'Dark theme'
  }
  toggle.hidden = false
  toggle.addEventListener('click', () => {
    document.documentElement.dataset.theme = theme() === 'dark' ? 'light' : 'dark'
    sayTheme()
    drawAll()
  })
  dark.addEventListener('change', () => {
    sayTheme()
    drawAll()
  })

  // A narrow page begins with its sections closed but the summary, and its contents as a menu that stays on top.
  const folds = [...document.querySelectorAll('main > section > details')]
  const whys = [...document.querySelectorAll('.why')]
  const contents = document.querySelector('nav details')
  const narrow = matchMedia('(max-width: 60rem)')
  const fold = () => {
    contents.open = !narrow.matches
    folds.forEach((part, at) => {
      part.open = !narrow.matches || at < openAtFirst
    })
    for (const why of whys) why.open = !narrow.matches
    openTarget()
  }
  const openTarget = () => {
    const target = location.hash === '' ? null : document.getElementById(location.hash.slice(1))
    const part = target?.closest('main > section')?.querySelector('details')
    if (!part || part.open) return
    part.open = true
    target.scrollIntoView()
  }
  for (const part of folds) part.addEventListener('toggle', () => part.open && drawWithin(part))
  document.documentElement.classList.add('live')
  fold()
  narrow.addEventListener('change', fold)
  addEventListener('hashchange', openTarget)

  const links = [...document.querySelectorAll('nav a')]
  for (const link of links) {
    link.addEventListener('click', () => {
      if (narrow.matches) contents.open = false
      const part = document.querySelector(`${link.hash} > details`)
      if (part) part.open = true
    })
  }
  contents.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !narrow.matches) return
    contents.open = false
    contents.querySelector('summary').focus()
  })
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue
        for (const link of links) {
          if (link.hash === `#${target.id}`) link.setAttribute('aria-current', 'true')
          else link.removeAttribute('aria-current')
        }
      }
    },
    { rootMargin: '-20% 0px -70% 0px' },
  )
  for (const section of document.querySelectorAll('main > section')) seen.observe(section)

  sayTheme()
  drawAll()
})()
