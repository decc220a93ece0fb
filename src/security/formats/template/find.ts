import type { TemplateFinding } from './examine-template.ts'
import { foldText, isBuilt, type Variables } from './fold.ts'
import { childrenOf, partOf, type TemplateNode } from './tree.ts'

const MOST_NODES = 200_000
/** Attributes of frames, functions and generators that lead to everything that Python has loaded. */
const INTERNAL =
  /^__|^(mro|gi_frame|gi_code|cr_frame|cr_code|ag_frame|ag_code|tb_frame|tb_next|f_globals|f_locals|f_builtins|f_back|f_code|func_globals|func_code|func_closure|im_func|im_self|im_class)$/
/** Methods that run a program or code. No chat has them. */
const HARMFUL_METHOD =
  /^(popen|system|exec|eval|execfile|compile|spawn\w*|check_output|check_call|Popen|load_module|import_module|open|read_text|write_text|urlopen|fork|startfile)$/
/** Objects of Jinja and of web frameworks that are only of use for reaching further. */
const GLOBALS = /^(self|lipsum|cycler|joiner|url_for|get_flashed_messages|request|config|application|current_app|get_ipython)$/
/** Filters that take the name of an attribute. */
const BY_ATTRIBUTE = /^(map|selectattr|rejectattr|groupby|sort|sum|unique|min|max|attr)$/

/** What a template does that no chat template needs. */
export function* findInTree(root: TemplateNode): Generator<TemplateFinding> {
  const variables = new Map<string, TemplateNode[]>()
  const own = new Set<string>()
  const open: TemplateNode[] = [root]
  const nodes: TemplateNode[] = []
  for (let node = open.pop(); node; node = open.pop()) {
    if (nodes.length >= MOST_NODES) throw new Error('it has more parts than the scan may read')
    nodes.push(node)
    const assignee = partOf(node, 'assignee')
    if (node.type === 'Set' && assignee?.type === 'Identifier') {
      const name = String(assignee.value)
      own.add(name)
      const value = partOf(node, 'value')
      if (value) variables.set(name, [...(variables.get(name) ?? []).slice(0, 20), value])
    }
    if (node.type === 'Macro') own.add(String(partOf(node, 'name')?.value))
    if (node.type === 'For') for (const name of namesIn(partOf(node, 'loopvar'))) own.add(name)
    open.push(...childrenOf(node))
  }
  for (const node of nodes) {
    yield* findInNode(node, variables, own)
  }
}

function* namesIn(node: TemplateNode | undefined): Generator<string> {
  if (node?.type === 'Identifier') yield String(node.value)
  for (const child of node ? childrenOf(node) : []) yield* namesIn(child)
}

function* findInNode(node: TemplateNode, variables: Variables, own: ReadonlySet<string>): Generator<TemplateFinding> {
  const internals = (message: string): TemplateFinding => ({ rule: 'template.internals', message })
  if (node.type === 'MemberExpression') {
    const property = partOf(node, 'property')!
    const name = node['computed'] ? foldText(property, variables) : String(property.value)
    if (name !== undefined && INTERNAL.test(name))
      yield internals(`reads ${JSON.stringify(name.slice(0, 60))}, an internal of Python`)
    else if (name === undefined && isBuilt(property, variables)) yield unusual('reads an attribute whose name it puts together')
    const object = partOf(node, 'object')
    if (object?.type === 'Identifier' && GLOBALS.test(String(object.value)) && !own.has(String(object.value)))
      yield unusual(`reads an attribute of ${JSON.stringify(object.value)}, which chats do not have`)
    if (object?.type === 'Identifier' && object.value === 'namespace' && !own.has('namespace'))
      yield unusual('reads an attribute of "namespace"')
  }
  if (node.type === 'CallExpression') {
    const callee = partOf(node, 'callee')!
    const name =
      callee.type === 'MemberExpression'
        ? nameOf(callee, variables)
        : callee.type === 'Identifier'
          ? String(callee.value)
          : undefined
    const isMethod = callee.type === 'MemberExpression'
    if (name !== undefined && HARMFUL_METHOD.test(name) && !own.has(name) && (isMethod || name !== 'open'))
      yield internals(`calls ${JSON.stringify(name)}, which runs code or opens files`)
    if (!isMethod && name !== undefined && GLOBALS.test(name) && !own.has(name))
      yield unusual(`uses ${JSON.stringify(name)}, which chats do not have`)
  }
  if (node.type === 'FilterExpression' || node.type === 'FilterStatement') yield* findInFilter(partOf(node, 'filter')!, variables)
  const text =
    node.type === 'StringLiteral' || node.type === 'BinaryExpression' || node.type === 'FilterExpression'
      ? foldText(node, variables)
      : undefined
  if (text !== undefined && /^__[a-z]+(_[a-z]+)*__$/.test(text))
    yield internals(`names ${JSON.stringify(text.slice(0, 60))}, an internal of Python`)
}

/** `|attr(name)`, and filters that read an attribute of every member. */
function* findInFilter(filter: TemplateNode, variables: Variables): Generator<TemplateFinding> {
  if (filter.type !== 'CallExpression' || partOf(filter, 'callee')?.type !== 'Identifier') return
  const name = String(partOf(filter, 'callee')?.value)
  if (!BY_ATTRIBUTE.test(name)) return
  for (const argument of filter['args'] as unknown as TemplateNode[]) {
    const value = argument.type === 'KeywordArgumentExpression' ? (argument.value as TemplateNode) : argument
    const text = foldText(value, variables)
    if (text?.split('.').some((step) => INTERNAL.test(step)) === true)
      yield { rule: 'template.internals', message: `reads ${JSON.stringify(text.slice(0, 60))}, an internal of Python` }
    else if (text === undefined && (name === 'attr' || isBuilt(value, variables)))
      yield unusual('reads an attribute whose name it puts together')
  }
}

const nameOf = (member: TemplateNode, variables: Variables) =>
  member['computed'] ? foldText(partOf(member, 'property')!, variables) : String(partOf(member, 'property')?.value)

const unusual = (message: string): TemplateFinding => ({ rule: 'template.unusual', message })
