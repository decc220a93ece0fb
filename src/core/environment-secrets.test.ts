import { expect, test } from 'vitest'
import { secretsOfEnvironment } from './environment-secrets.ts'

test.each([
  'GITHUB_TOKEN',
  'HF_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'PLIMSOLL_SIGNING_KEY',
  'PLIMSOLL_KEY_PASSWORD',
  'PGPASSWORD',
  'OPENAI_API_KEY',
  'SLACK_WEBHOOK_URL',
  'npm_token',
  'DB_PASSWORD_PROD',
])('%s is a secret by its name', (name) => {
  expect(secretsOfEnvironment({ [name]: 'x7Kq9ZtR2m' })).toEqual(['x7Kq9ZtR2m'])
})

test('the password in a URL is one, as it is written and as it is meant; the rest of the URL is not', () => {
  expect(secretsOfEnvironment({ DATABASE_URL: 'postgres://app:s3cr%40t-7@db.local/main' })).toEqual(['s3cr%40t-7', 's3cr@t-7'])
  expect(secretsOfEnvironment({ URL: 'postgres://plimsoll:plimsoll@localhost/x', OTHER: 'https://a.example/x:y@z' })).toEqual([])
})

test.each([
  ['PATH', '/usr/local/bin:/usr/bin'],
  ['PWD', '/home/ada/secret-project'],
  ['TOKENIZERS_PARALLELISM', 'warning'],
  ['HF_TOKEN_PATH', '/home/ada/.token'],
  ['GITHUB_TOKEN', 'none'],
  ['PGPASSWORD', 'postgres'],
  ['PLIMSOLL_SIGNING_KEY', 'keys/ci.key'],
  ['GOOGLE_APPLICATION_CREDENTIALS', '/home/ada/gcp'],
  ['MONKEY', 'abcdefgh'],
])('%s=%s is not', (name, value) => {
  expect(secretsOfEnvironment({ [name]: value })).toEqual([])
})
