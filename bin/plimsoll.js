#!/usr/bin/env node
// Starts dist/cli/main.js. In a source checkout that is not set up yet, it is set up first; an installed package has all it needs.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

if (
  existsSync(at('src')) &&
  existsSync(at('scripts/setup.mjs')) &&
  !(existsSync(at('dist/cli/main.js')) && existsSync(at('node_modules')))
) {
  const { status } = spawnSync(process.execPath, [at('scripts/setup.mjs'), '--quiet'], { stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(2)
}
await import('../dist/cli/main.js')
