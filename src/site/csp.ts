/**
 * Content security policy as a <meta> in every page: no inline script or style but those that this build wrote,
 * each by its hash. A learner's pasted text can therefore never run. What the policy costs: no `style="…"` in
 * any markup (the CSS object model, `element.style.x = …`, stays allowed). `wasm-unsafe-eval` is for Pagefind.
 */
import { createHash } from 'node:crypto'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import type { AstroIntegration } from 'astro'

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The bodies of inline elements that a browser would run or apply. */
function inline(html: string, tag: 'script' | 'style'): string[] {
  const found: string[] = []
  for (const [, attrs = '', body = ''] of html.matchAll(
    new RegExp(`<${tag}\\b([^>]*)>([\\s\\S]*?)</${tag}>`, 'gi'),
  )) {
    if (/\ssrc=/i.test(attrs)) continue
    if (/\stype="(?!module"|text\/javascript")/i.test(attrs)) continue // data blocks don't run
    found.push(body)
  }
  return found
}

export function policy(html: string): string {
  const scripts = new Set(inline(html, 'script').map(sha256))
  const styles = new Set(inline(html, 'style').map(sha256))
  return [
    `default-src 'none'`,
    `script-src ${["'self'", "'wasm-unsafe-eval'", ...scripts].join(' ')}`,
    `style-src ${["'self'", ...styles].join(' ')}`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `worker-src 'self' blob:`,
    `manifest-src 'self'`,
    `base-uri 'self'`,
    `form-action 'self'`,
  ].join('; ')
}

export function withPolicy(html: string): string {
  const meta = `<meta http-equiv="content-security-policy" content="${policy(html)}">`
  const at = /<meta charset="?utf-8"?\s*\/?>/i.exec(html) ?? /<head>/i.exec(html)
  if (!at) throw new Error('a page without <head> can hold no policy')
  const end = at.index + at[0].length
  return html.slice(0, end) + meta + html.slice(end)
}

/** Astro integration, last in the list. Static builds only: `astro dev` serves its own inline scripts. */
export function csp(): AstroIntegration {
  return {
    name: 'csp',
    hooks: {
      'astro:build:done': ({ dir }) => {
        for (const page of globSync('**/*.html', { cwd: dir })) {
          const url = new URL(page, dir)
          writeFileSync(url, withPolicy(readFileSync(url, 'utf8')))
        }
      },
    },
  }
}
