/**
 * Lets Starlight use `content/{ko,en}` at the top of the project. It derives the language of a page's asides
 * and labels from the fixed path `src/content/docs` (utils/plugins: absolutePathToLang), so its Markdown
 * plugins are shown our files under that path. `e2e/browser/site.spec.ts` keeps watch over it.
 */
import type { AstroIntegration } from 'astro'

const ROOT = new URL('../../', import.meta.url)
const REAL = new URL('content/', ROOT).pathname
const SHOWN = new URL('src/content/docs/', ROOT).pathname

type Transform = (tree: unknown, file: object) => unknown
type Plugin = (this: unknown, ...options: unknown[]) => Transform | undefined

/** Wraps a remark or rehype plugin so that a file of ours shows Starlight's path. */
function shown(plugin: Plugin): Plugin {
  return function attach(...options) {
    const transform = plugin.apply(this, options)
    if (!transform) return transform
    return (tree, file) =>
      transform(
        tree,
        new Proxy(file, {
          get(target, key) {
            const value: unknown = Reflect.get(target, key, target)
            return key === 'path' && typeof value === 'string' && value.startsWith(REAL)
              ? SHOWN + value.slice(REAL.length)
              : value
          },
        }),
      )
  }
}

/** An Astro integration; stands after starlight() in `integrations`. */
export function contentDir(): AstroIntegration {
  return {
    name: 'content-dir',
    hooks: {
      'astro:config:setup': ({ config }) => {
        const options = (config.markdown.processor as { options: Record<string, unknown[]> }).options
        for (const list of ['remarkPlugins', 'rehypePlugins']) {
          // Starlight's own are bare functions; ours and others' may be [plugin, options].
          options[list] = (options[list] ?? []).map((p) =>
            typeof p === 'function' && p.name === 'attacher' ? shown(p as Plugin) : p,
          )
        }
      },
    },
  }
}
