// Gives the program a clock of its own: it stands at CLOCK_FROM (ms) until told to go, then runs CLOCK_SPEED times as fast as
// time does, and stands still again when told so. Timers go by it too. Loaded before the program by --import; told over the
// channel of the process that started it.
const from = Number(process.env.CLOCK_FROM)
const speed = Number(process.env.CLOCK_SPEED)
const RealDate = Date
const { setTimeout: realTimeout, setInterval: realInterval } = globalThis

let shown = from
let since
const now = () => Math.floor(since === undefined ? shown : shown + (performance.now() - since) * speed)

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given))
  }

  static now() {
    return now()
  }
}
const sooner = (ms) => (ms === undefined ? ms : ms / speed)
globalThis.setTimeout = (call, ms, ...given) => realTimeout(call, sooner(ms), ...given)
// What is done every few seconds stays so: only moments matter here.
globalThis.setInterval = (call, ms, ...given) => realInterval(call, ms, ...given)

process.on('message', (told) => {
  if (told === 'go') since = performance.now()
  if (told === 'stand') {
    shown = now()
    since = undefined
  }
  if (told === 'set back') shown -= 3_600_000
  process.send({ now: now() })
})
process.channel?.unref()
