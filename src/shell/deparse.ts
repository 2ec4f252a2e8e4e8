import type {
  AndOr, ArithmeticExpression, CommandNode, CompoundList, If, PipelineNode, Redirection, Statement, TestExpression,
} from 'unbash' // prettier-ignore

/**
 * Commands as text, in the layout of bash's print_cmd.c: what `jobs` and `type` show. Here-documents that a command opens
 * stand after its line.
 */
export const deparse = (node: PipelineNode | AndOr): string => new Printer().command(node)

/** `name () { … }` as `type` prints it. */
export const deparseFunction = (name: string, body: CommandNode | CompoundList): string => {
  const p = new Printer()
  return `${name} () \n${p.functionBody(body)}`
}

class Printer {
  #indent = 0
  /** Inside a function each command has its line; elsewhere they stand side by side. */
  #inFunction = false
  #documents: string[] = []

  get #pad(): string {
    return ' '.repeat(this.#indent)
  }
  #deeper(print: () => string): string {
    this.#indent += 4
    const s = print()
    this.#indent -= 4
    return s
  }

  functionBody(body: CommandNode | CompoundList): string {
    const before = this.#inFunction
    this.#inFunction = true
    const text = this.#functionBody(body)
    this.#inFunction = before
    return text
  }
  #functionBody(body: CommandNode | CompoundList): string {
    if (body.type === 'BraceGroup') return this.#braces(body.body)
    if (body.type === 'CompoundList') return this.#braces(body)
    if (body.type === 'Redirected') {
      const inner = this.functionBody(body.command)
      return `${inner} ${this.#redirects(body.redirects)}`
    }
    return this.#braces({
      type: 'CompoundList', pos: 0, end: 0, commands: [{ type: 'Statement', pos: 0, end: 0, command: body, background: undefined }],
    }) // prettier-ignore
  }
  #braces(list: CompoundList): string {
    return `${this.#pad}{ \n${this.#deeper(() => this.#pad + this.list(list.commands))}\n${this.#pad}}`
  }

  list(commands: readonly Statement[], end = ''): string {
    let out = ''
    commands.forEach((st, i) => {
      const text = this.command(st.command)
      const last = i === commands.length - 1
      const documents = this.#take()
      out += text
      if (documents !== '') out += `${documents}${last ? '' : '\n' + this.#pad}`
      else if (st.background) out += last ? ' &' : ' & '
      else out += last ? end : this.#inFunction ? `;\n${this.#pad}` : '; '
    })
    return out
  }
  #take(): string {
    const all = this.#documents.map((d) => '\n' + d).join('')
    this.#documents = []
    return all
  }
  #inner(list: CompoundList): string {
    return this.#deeper(() => this.#pad + this.list(list.commands, ';'))
  }

  command(node: PipelineNode | AndOr): string {
    switch (node.type) {
      case 'AndOr':
        return node.commands
          .map((c, i) => (i === 0 ? '' : ` ${node.operators[i - 1]} `) + this.command(c))
          .join('')
      case 'Pipeline': {
        const prefix = node.prefixes
          .map((p) => (p.type === 'Negation' ? '! ' : p.posix ? 'time -p ' : 'time '))
          .join('')
        return (
          prefix +
          node.commands
            .map((c, i) => {
              const op = node.operators[i]
              return this.command(c) + (op === undefined ? '' : op === '|&' ? ' 2>&1 | ' : ' | ')
            })
            .join('')
        )
      }
      case 'Command': {
        const words = [
          ...node.prefix.filter((p) => p.type === 'Assignment'),
          ...(node.name ? [node.name] : []),
          ...node.args,
        ]
        const redirects = node.redirects
        return [...words.map((w) => w.text), ...(redirects.length ? [this.#redirects(redirects)] : [])].join(
          ' ',
        )
      }
      case 'Redirected':
        return `${this.command(node.command)} ${this.#redirects(node.redirects)}`
      case 'Subshell':
        return `( ${this.list(node.body.commands)} )`
      case 'BraceGroup':
        if (!this.#inFunction) return `{ ${this.list(node.body.commands, ';')} }`
        return `{ \n${this.#deeper(() => this.#pad + this.list(node.body.commands))}\n${this.#pad}}`
      case 'If':
        return this.#if(node)
      case 'While':
        return `${node.kind} ${this.list(node.clause.commands)}; do\n${this.#inner(node.body)}\n${this.#pad}done`
      case 'For':
      case 'Select': {
        const words = node.wordlist ? node.wordlist.map((w) => ' ' + w.text).join('') : ' "$@"'
        const word = node.type === 'For' ? 'for' : 'select'
        return `${word} ${node.name.text} in${words};\n${this.#pad}do\n${this.#inner(node.body)}\n${this.#pad}done`
      }
      case 'ArithmeticFor': {
        const [a, b, c] = [node.initialize, node.test, node.update].map((e) => (e ? arithmetic(e) : '1'))
        return `for ((${a}; ${b}; ${c}))\n${this.#pad}do\n${this.#inner(node.body)}\n${this.#pad}done`
      }
      case 'Case': {
        const items = this.#deeper(() =>
          node.items
            .map((item) => {
              const body = item.body.commands.length
                ? this.#deeper(() => this.#pad + this.list(item.body.commands))
                : ''
              return `\n${this.#pad}${item.pattern.map((w) => w.text).join(' | ')})\n${body}\n${this.#pad}${item.terminator ?? ';;'}`
            })
            .join(''),
        )
        return `case ${node.word.text} in ${items}\n${this.#pad}esac`
      }
      case 'TestCommand':
        return `[[ ${test(node.expression)} ]]`
      case 'ArithmeticCommand':
        return `((${node.body}))`
      case 'Function':
        return `function ${node.name.text} () \n${this.functionBody(node.body)}`
      case 'Coproc':
        return `coproc ${node.name?.text ?? 'COPROC'} ${node.body.type === 'CompoundList' ? '' : this.command(node.body)}`
    }
  }

  #if(node: If): string {
    const [elif, ...rest] = node.elif
    const then = `if ${this.list(node.clause.commands)}; then\n${this.#inner(node.then)}\n${this.#pad}`
    const otherwise = elif
      ? `else\n${this.#deeper(
          () =>
            this.#pad +
            this.#if({ ...node, clause: elif.clause, then: elif.then, elif: rest, else: node.else }),
        )};\n${this.#pad}`
      : node.else
        ? `else\n${this.#inner(node.else)}\n${this.#pad}`
        : ''
    return `${then}${otherwise}fi`
  }

  #redirects(redirects: readonly Redirection[]): string {
    return redirects
      .map((r) => {
        const fd = r.descriptor
          ? r.descriptor.type === 'FileDescriptor'
            ? String(r.descriptor.value)
            : `{${r.descriptor.name}}`
          : ''
        if (r.type === 'HereDoc') {
          this.#documents.push(`${r.body.text}${r.delimiter?.value ?? ''}\n`)
          return `${fd}${r.operator}${r.delimiter?.text ?? ''}`
        }
        const tight = r.operator === '>&' || r.operator === '<&'
        const own = tight && fd === '' ? (r.operator === '>&' ? '1' : '0') : fd
        if (tight && !/^[\d-]/.test(r.target?.text ?? '')) return `&> ${r.target?.text ?? ''}`
        return `${tight ? own : fd}${r.operator}${tight ? '' : ' '}${r.target?.text ?? ''}`
      })
      .join(' ')
  }
}

const test = (e: TestExpression): string => {
  switch (e.type) {
    case 'TestUnary':
      return `${e.operator} ${e.operand.text}`
    case 'TestBinary':
      return `${e.left.text} ${e.operator} ${e.right.text}`
    case 'TestLogical':
      return e.operands.map(test).join(` ${e.operator} `)
    case 'TestNot':
      return `! ${test(e.operand)}`
    case 'TestGroup':
      return `( ${test(e.expression)} )`
  }
}

const arithmetics = new WeakMap<ArithmeticExpression, string>()

/** An expression of `for ((…))` as text, made once. */
export const arithmeticText = (e: ArithmeticExpression): string => {
  let text = arithmetics.get(e)
  if (text === undefined) arithmetics.set(e, (text = arithmetic(e)))
  return text
}

const arithmetic = (e: ArithmeticExpression): string => {
  switch (e.type) {
    case 'ArithmeticBinary':
      return `${arithmetic(e.left)}${e.operator}${arithmetic(e.right)}`
    case 'ArithmeticUnary':
      return e.prefix ? e.operator + arithmetic(e.operand) : arithmetic(e.operand) + e.operator
    case 'ArithmeticTernary':
      return `${arithmetic(e.test)}?${arithmetic(e.consequent)}:${arithmetic(e.alternate)}`
    case 'ArithmeticGroup':
      return `(${arithmetic(e.expression)})`
    case 'ArithmeticWord':
      return e.value
    case 'ArithmeticCommandExpansion':
      return e.text
  }
}
