// Loaded before a command (`node --import`): leaves the largest resident memory of the process, in megabytes, in the
// file named by RAPPORT_PEAK_FILE when it ends.
import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  process.on('exit', () => {
    writeFileSync(process.env.RAPPORT_PEAK_FILE, String(process.resourceUsage().maxRSS / 1024))
  })
}
