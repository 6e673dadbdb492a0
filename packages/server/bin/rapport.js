#!/usr/bin/env -S node --max-semi-space-size=64
// Room for what lives a moment: events that are taken in are garbage a moment later, and it is swept less often so.
import '../dist/bundle/main.js'
