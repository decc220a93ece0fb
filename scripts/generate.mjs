// Writes what is generated from the steps and the code: plimsoll.schema.json and docs/reference/. `--check` only says whether they are
// up to date, and exits with 1 when not.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setUp } from './setup.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
setUp()
const { generatedFiles } = await import('../dist/cli/reference/files.js')

const check = process.argv.includes('--check')
const stale = []
for (const [path, content] of Object.entries(await generatedFiles())) {
  const absolute = join(root, path)
  if (existsSync(absolute) && readFileSync(absolute, 'utf8') === content) continue
  stale.push(path)
  if (check) continue
  mkdirSync(dirname(absolute), { recursive: true })
  writeFileSync(absolute, content)
}
if (stale.length === 0) console.log('Generated files are up to date.')
else if (check) console.log(`Not up to date (run: npm run generate):\n${stale.map((path) => `  ${path}`).join('\n')}`)
else console.log(`Written:\n${stale.map((path) => `  ${path}`).join('\n')}`)
process.exit(check && stale.length > 0 ? 1 : 0)
