/** A session's lines by what they are, so that a page can set the prompt, the command and the output apart. */
export interface SessionLine {
  readonly kind: 'command' | 'more' | 'output' | 'comment'
  readonly prompt: string
  readonly text: string
}

const PROMPT = /^([\w.-]+\$) ?(.*)$/

export function sessionLines(session: string): SessionLine[] {
  let typing = false
  return session
    .replace(/\n+$/, '')
    .split('\n')
    .map((line): SessionLine => {
      const typed = PROMPT.exec(line)
      if (typed) {
        typing = true
        return { kind: 'command', prompt: `${typed[1] ?? ''} `, text: typed[2] ?? '' }
      }
      if (typing && /^>( |$)/.test(line)) return { kind: 'more', prompt: '> ', text: line.slice(2) }
      typing = false
      if (line.startsWith('##')) return { kind: 'comment', prompt: '', text: line }
      // A leading backslash only says "this is output" (formats.md).
      return { kind: 'output', prompt: '', text: line.replace(/^\\/, '') }
    })
    .filter((l) => !/^\[exit \d+\]$/.test(l.text) || l.kind !== 'output')
}
