// Runs in every page: the theme, moments as “2 minutes ago”, copying, and a timeline that renews itself. Everything it
// does is comfort: without it the pages say the same.
;(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const root = document.documentElement
  const toggle = document.getElementById('theme')
  const stored = (() => {
    try {
      return localStorage
    } catch {
      return null
    }
  })()
  const theme = () => root.dataset.theme ?? (dark.matches ? 'dark' : 'light')
  const sayTheme = () => {
    toggle.textContent = theme() === 'dark' ? 'Light theme' : 'Dark theme'
  }
  const kept = stored?.getItem('rapport-theme')
  if (kept === 'dark' || kept === 'light') root.dataset.theme = kept
  toggle.hidden = false
  toggle.addEventListener('click', () => {
    root.dataset.theme = theme() === 'dark' ? 'light' : 'dark'
    stored?.setItem('rapport-theme', root.dataset.theme)
    sayTheme()
  })
  dark.addEventListener('change', sayTheme)
  sayTheme()

  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  const steps = [
    [60, 1, 'second'],
    [3600, 60, 'minute'],
    [86_400, 3600, 'hour'],
  ]
  // Beyond a day the date says more; it stays in the title.
  const sayMoments = (within) => {
    for (const time of within.querySelectorAll('time[data-relative]')) {
      time.title ||= time.textContent
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000
      const step = steps.find(([most]) => seconds >= -5 && seconds < most)
      time.textContent = step ? relative.format(-Math.max(0, Math.floor(seconds / step[1])), step[2]) : time.title
    }
  }
  sayMoments(document)
  setInterval(() => sayMoments(document), 10_000)

  for (const button of document.querySelectorAll('button[data-copy]')) {
    button.hidden = !navigator.clipboard
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent)
      button.textContent = 'Copied'
      setTimeout(() => {
        button.textContent = 'Copy'
      }, 2000)
    })
  }

  const happened = document.querySelector('[data-live]')
  if (!happened) return
  const badge = document.getElementById('live')
  let shown = happened.innerHTML
  let failures = 0
  const renew = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(happened.dataset.live, { headers: { accept: 'text/html' } })
        if (!answer.ok) throw new Error(String(answer.status))
        const text = await answer.text()
        failures = 0
        badge.hidden = false
        if (text !== shown && !happened.contains(document.getSelection()?.anchorNode ?? null)) {
          happened.innerHTML = text
          shown = text
        }
      } catch {
        failures += 1
        badge.hidden = true
      }
    }
    setTimeout(renew, Math.min(60_000, 1200 * 2 ** failures))
  }
  setTimeout(renew, 1200)
})()
