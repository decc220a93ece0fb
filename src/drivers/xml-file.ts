import { XMLParser } from 'fast-xml-parser'
import { open } from 'node:fs/promises'
import { messageOf, UserError } from '../core/errors.ts'

export interface XmlElement {
  readonly [name: string]: unknown
}

/** A file as text, refused when it is larger than anything sensible. */
export async function readBounded(path: string, display: string, most: number): Promise<string> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    if (size > most) throw new UserError('E_FILE_FORMAT', `${display} is too large to read: ${size} bytes, at most ${most}.`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/** XML as nested objects: attributes under `@name`, text under `#text`. Nesting is bounded, and entities that the file defines are not expanded in each other. */
export function parseXml(text: string, display: string): XmlElement {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseAttributeValue: false,
    parseTagValue: false,
    processEntities: true,
    htmlEntities: true, // &#10; and the like
    allowBooleanAttributes: true,
  })
  try {
    return parser.parse(text, true) as XmlElement
  } catch (error) {
    throw new UserError(
      'E_FILE_FORMAT',
      `${display} is not XML: ${messageOf(error).replace(/\.?:(\d+):(\d+)$/, ' (line $1, column $2)')}`,
      { cause: error },
    )
  }
}
