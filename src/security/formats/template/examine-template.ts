import { parse, tokenize } from '@huggingface/jinja'
import type { Part } from '../../examination.ts'
import { findInTree } from './find.ts'

/** The longest templates that models have are of some 30,000 characters. */
const LONGEST = 2 ** 17

export interface TemplateFinding {
  readonly rule: 'template.internals' | 'template.unusual'
  readonly message: string
}

/**
 * Examines a Jinja template, as tokenizers and GGUF files have for chats. It is parsed, and never run.
 *
 * @param what how messages name the template: `the chat template`
 */
export function examineTemplate(text: string, what: string, part: Part, offset: number | undefined): void {
  const at = offset !== undefined && { offset }
  const unread = (why: string) =>
    part.examination.report('template.unread', { message: `Not examined: ${what} ${why}`, part, ...at })
  if (text.length > LONGEST) return unread(`has ${text.length} characters`)
  for (const tag of text.matchAll(/\{%[-+]?\s*(include|import|from|extends)\b[^%]{0,80}/g))
    part.examination.report('template.internals', {
      message: `${capital(what)} loads another template: ${JSON.stringify(tag[0])}`,
      part,
      ...at,
    })
  try {
    const said = new Set<string>()
    for (const { rule, message } of findInTree(parse(tokenize(prepared(text))))) {
      if (!said.has(message) && said.size < 20)
        part.examination.report(rule, { message: `${capital(what)} ${message}`, part, ...at })
      said.add(message)
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // Without its structure, only names inside of tags can be told from the text around them.
    const names = codeOf(text).flatMap((code) => code.match(/__[a-z]\w{0,40}__/g) ?? [])
    if (names.length > 0)
      part.examination.report('template.internals', {
        message: `${capital(what)} has ${JSON.stringify(names[0])}, an internal of Python`,
        part,
        ...at,
      })
    unread(`cannot be parsed: ${error.message.slice(0, 100)}`)
  }
}

/** What stands in tags, one tag after the other. */
function codeOf(text: string): string[] {
  const pieces = text.split(/\{[{%]/).slice(1)
  return pieces.map((piece) => {
    const end = piece.search(/[%}]\}/)
    return end === -1 ? piece : piece.slice(0, end)
  })
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)

/** Escapes of letters as the letters, and what Jinja allows and the parser does not know, left out. */
function prepared(text: string): string {
  return text
    .replace(/\s{64,}/g, ' '.repeat(64))
    .replace(/\{([{%])\+/g, '{$1')
    .replace(/\+([%}])\}/g, '$1}')
    .replace(/([\w)\]'"]{0,20})(\s{0,8})\(\s{0,8}\)/g, emptyTuple)
    .replace(/\{%-?\s*(end)?(raw|autoescape|generation|trans|with)\b[^%]{0,200}%\}/g, '')
    .replace(
      /\\(\\|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|N\{([^}]{1,60})\}|[\s\S])/g,
      (all: string, letter: string, x?: string, u?: string, long?: string, octal?: string, named?: string) => {
        if (named !== undefined) return /LOW LINE/i.test(named) ? '_' : '?'
        const hex = x ?? u ?? long
        const code = hex === undefined ? (octal === undefined ? undefined : Number.parseInt(octal, 8)) : Number.parseInt(hex, 16)
        if (code !== undefined) {
          const character = code <= 0x10ffff ? String.fromCodePoint(code) : '?'
          return /^['"\\]$/.test(character) ? '?' : character
        }
        return /^[ntrbfv'"\\]$/.test(letter) ? all : `\\\\${letter}`
      },
    )
}

/** The parser has no empty tuple: an empty list is as good. */
const emptyTuple = (all: string, before: string, space: string) =>
  before === '' || /^(in|or|and|not|if|else|is)$/.test(before) ? `${before}${space}[]` : all
