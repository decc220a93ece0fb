/** Unicode's spaces and line ends as ECMAScript's `\s` has them (ECMA-262, WhiteSpace and LineTerminator), in RE2's spelling. */
const SPACES = String.raw`\t\n\x{0B}\f\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}`
const NOT_LINE_END = String.raw`[^\n\r\x{2028}\x{2029}]`
const ANY = String.raw`[\x{0}-\x{10FFFF}]`
const NOTHING = String.raw`[^\x{0}-\x{10FFFF}]`

/**
 * An ECMAScript regular expression (flag `u`, as JSON Schema asks) as one of RE2 that matches the same texts.
 *
 * @throws Error saying what is wrong with the pattern, or what in it RE2 cannot do (look-around, back-references)
 */
export function toRe2(pattern: string): string {
  try {
    RegExp(pattern, 'u')
  } catch (error) {
    throw new Error(`it is not a regular expression: ${(error as Error).message}`, { cause: error })
  }
  let re2 = ''
  let inClass = false
  for (let i = 0; i < pattern.length;) {
    const rest = pattern.slice(i)
    const [from, to] = inClass ? classToken(rest) : token(rest)
    if (from === '[' || from === '[^') inClass = true
    if (inClass && from === ']') inClass = false
    re2 += to
    i += from.length
  }
  return re2
}

type Token = readonly [from: string, to: string]

function token(rest: string): Token {
  if (rest.startsWith('[^]')) return ['[^]', ANY]
  if (rest.startsWith('[]')) return ['[]', NOTHING]
  if (rest.startsWith('[^')) return ['[^', '[^']
  if (rest.startsWith('(?:')) return ['(?:', '(?:']
  if (/^\(\?<?[=!]/.test(rest)) throw unsupported(/^\(\?<?[=!]/.exec(rest)![0], 'look-around')
  const named = /^\(\?<[^>]*>/.exec(rest)
  if (named) return [named[0], '(']
  if (rest.startsWith('(?')) throw unsupported(rest.slice(0, 3), 'this group')
  if (rest.startsWith('\\')) return escape(rest)
  const repeat = /^\{(\d+)(?:,(\d*))?\}/.exec(rest)
  if (repeat && Math.max(Number(repeat[1]), Number(repeat[2] ?? 0)) > 1000)
    throw unsupported(repeat[0], 'more than 1000 repetitions')
  const character = firstCharacter(rest)
  const special: Readonly<Record<string, string>> = { '.': NOT_LINE_END, '^': String.raw`\A`, $: String.raw`\z` }
  return [character, special[character] ?? character]
}

function classToken(rest: string): Token {
  if (rest.startsWith(String.raw`\s`)) return [String.raw`\s`, SPACES]
  if (rest.startsWith(String.raw`\S`)) throw unsupported(String.raw`\S`, 'a negated class inside [ ]')
  if (rest.startsWith(String.raw`\b`)) return [String.raw`\b`, String.raw`\x{8}`]
  if (rest.startsWith('\\')) return escape(rest)
  const character = firstCharacter(rest)
  // Inside a class RE2 would read [: as the start of a POSIX class, and ^ or & may be special by their place.
  return [character, '[^&~'.includes(character) ? `\\${character}` : character]
}

function escape(rest: string): Token {
  const pair = /^\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(rest)
  if (pair) {
    const code = String.fromCharCode(Number.parseInt(pair[1]!, 16), Number.parseInt(pair[2]!, 16)).codePointAt(0)!
    return [pair[0], `\\x{${code.toString(16)}}`]
  }
  const code = /^\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(rest)
  if (code) {
    const value = Number.parseInt(code[1] ?? code[2] ?? code[3]!, 16)
    if (value >= 0xd800 && value <= 0xdfff) throw unsupported(code[0], 'half of a surrogate pair')
    return [code[0], `\\x{${value.toString(16)}}`]
  }
  const control = /^\\c([a-zA-Z])/.exec(rest)
  if (control) return [control[0], `\\x{${(control[1]!.charCodeAt(0) % 32).toString(16)}}`]
  const property = /^\\[pP]\{([^}]*)\}/.exec(rest)
  // RE2 knows general categories by their short names, and scripts.
  if (property) return [property[0], property[0].replace(/\{(?:Script|sc)=/, '{').replace(/\{(?:General_Category|gc)=/, '{')]
  if (/^\\[1-9k]/.test(rest)) throw unsupported(rest.slice(0, 2), 'a back-reference')
  const two = rest.slice(0, 2)
  const classes: Readonly<Record<string, string>> = {
    [String.raw`\s`]: `[${SPACES}]`,
    [String.raw`\S`]: `[^${SPACES}]`,
    [String.raw`\0`]: String.raw`\x{0}`,
    [String.raw`\v`]: String.raw`\x{0B}`,
  }
  return [two, classes[two] ?? two]
}

const firstCharacter = (text: string): string => String.fromCodePoint(text.codePointAt(0)!)

const unsupported = (what: string, why: string): Error =>
  new Error(`RE2, which matches patterns in time proportional to the text, cannot do ${what} (${why})`)
