/** The key that models are signed with, as the path of its file or as the key itself, and its password. */
export const KEY_VARIABLE = 'PLIMSOLL_SIGNING_KEY'
export const PASSWORD_VARIABLE = 'PLIMSOLL_KEY_PASSWORD'

/**
 * The environment that a child process gets: not the key that models are signed with. Training scripts, tests and models are what is
 * vouched for, and must not be able to vouch for themselves.
 */
export function childEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const { [KEY_VARIABLE]: _key, [PASSWORD_VARIABLE]: _password, ...rest } = env
  return rest
}
