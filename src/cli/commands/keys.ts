import { open, readFile, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { PASSWORD_VARIABLE } from '../../drivers/child-environment.ts'
import { exec } from '../../drivers/exec.ts'
import { displayPath, makeFolder, requireFile, statIfExists } from '../../drivers/files.ts'
import { generateKeys, type NewKeyType, type PublicKey } from '../../signing/keys.ts'
import { labelOf, readPublicKey, readSigningKey } from '../../signing/read-key.ts'
import { textTable } from '../../report/text-table.ts'
import { print } from '../output.ts'
import type { Session } from '../session.ts'

export interface GenerateFlags {
  readonly name: string
  readonly type: NewKeyType
  readonly output?: string
}

/**
 * Makes a pair of keys: NAME.key, which only this user may read, and NAME.pub.
 *
 * @throws UserError E_CONFLICT when there is one already, E_VALUE for a place that git would commit
 */
export async function generateKeyCommand(session: Session, { name, type, output = '.' }: GenerateFlags): Promise<number> {
  const { cwd, env } = session
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(name)) {
    throw new UserError('E_VALUE', `"${name}" cannot be the name of a key`, {
      hint: 'Use up to 63 letters, digits, dots, dashes and underscores, beginning with a letter or digit.',
    })
  }
  const folder = resolve(cwd, output)
  const [secretPath, publicPath] = [join(folder, `${name}.key`), join(folder, `${name}.pub`)]
  for (const path of [secretPath, publicPath]) {
    if (!(await statIfExists(path))) continue
    throw new UserError('E_CONFLICT', `${displayPath(cwd, path)} exists already`, {
      hint: 'Choose another --name. A key that is overwritten is lost, and what it signed can no longer be renewed.',
    })
  }
  await makeFolder(folder)
  await requireIgnored(session, secretPath)
  const password = env[PASSWORD_VARIABLE] || undefined
  const keys = generateKeys(type, password)
  await writeNew(secretPath, keys.secret, 0o600)
  try {
    await writeNew(publicPath, keys.public.pem, 0o644)
  } catch (error) {
    await rm(secretPath, { force: true })
    throw error
  }
  const made = {
    ...describe(keys.public),
    encrypted: password !== undefined,
    key: displayPath(cwd, secretPath),
    public: displayPath(cwd, publicPath),
  }
  print(session, made, () =>
    [
      textTable([
        ['type', made.type],
        ['id', made.id],
        [
          'secret',
          `${made.key}, ${made.encrypted ? 'encrypted' : `not encrypted: set ${PASSWORD_VARIABLE} to have it encrypted`}`,
        ],
        ['public', `${made.public}, for trust.yaml and for everybody`],
      ]),
    ].join('\n'),
  )
  return 0
}

/** Shows what kind of key a file holds, and its id; never the key. */
export async function showKeyCommand(session: Session, file: string): Promise<number> {
  const path = await requireFile(session.cwd, file, 'The key')
  const shown = displayPath(session.cwd, path)
  const pem = await readFile(path, 'utf8')
  const isSecret = labelOf(pem)?.includes('PRIVATE') ?? false
  const key = isSecret
    ? readSigningKey(pem, session.env[PASSWORD_VARIABLE] || undefined, shown).public
    : readPublicKey(pem, shown)
  const about = { ...describe(key), secret: isSecret, openToOthers: isSecret && ((await stat(path)).mode & 0o077) !== 0 }
  print(session, about, () =>
    textTable([
      ['type', about.type],
      ['id', about.id],
      ['half', isSecret ? 'secret' : 'public'],
      ...(about.openToOthers ? [['readable', `by others: chmod 600 ${shown}`] as const] : []),
      ['model-signing', about.type === 'ed25519' ? 'does not take it' : 'takes it'],
    ]),
  )
  return 0
}

const describe = ({ type, id }: PublicKey) => ({ type, id })

/** A file that did not exist before, with these permissions from its first byte on. */
async function writeNew(path: string, content: string | Buffer, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode).catch((error: NodeJS.ErrnoException) => {
    throw new UserError('E_FILE_WRITE', `${path} cannot be written: ${error.code}`, {
      hint: 'Name another place with --output.',
      cause: error,
    })
  })
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A secret in a repository is in its history for ever. */
async function requireIgnored({ cwd, env }: Session, path: string): Promise<void> {
  const options = { cwd: resolve(path, '..'), env: { ...env, LC_ALL: 'C' }, timeout: 10_000 }
  const git = async (...parameters: string[]): Promise<number | null> => {
    try {
      return (await exec(['git', ...parameters], options)).exitCode
    } catch {
      return null // Without git there is no repository to commit to.
    }
  }
  if ((await git('rev-parse', '--is-inside-work-tree')) !== 0) return
  if ((await git('check-ignore', '--quiet', path)) === 0) return
  const shown = displayPath(cwd, path)
  throw new UserError('E_VALUE', `${shown} lies in a git repository that does not ignore it: the key could be committed`, {
    hint: 'Add *.key to .gitignore first, or put it elsewhere with --output.',
  })
}
