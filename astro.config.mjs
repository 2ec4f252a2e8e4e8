import { unified } from '@astrojs/markdown-remark'
import starlight from '@astrojs/starlight'
import { defineConfig } from 'astro/config'
import remarkCjkFriendly from 'remark-cjk-friendly'
import { contentDir } from './src/site/content-dir.ts'
import { contentCheck } from './src/site/content-check.ts'
import { csp } from './src/site/csp.ts'
import { sidebar } from './src/site/modules.ts'
import { rehypeLesson } from './src/site/rehype-lesson.ts'
import { remarkLesson } from './src/site/remark-lesson.ts'

/** Where the site will stand: `BASE_PATH=/course/ SITE=https://example.org npm run build`. */
const base = process.env.BASE_PATH ?? '/'

const site = (name) => `./src/components/site/${name}.astro`

/** Every terminal needs these layers, but for the files that only programs or rare builtins use. */
const EVERY_TERMINAL = /\/(node_modules\/unbash|src\/(wire|kernel|proc|shell|lab))\//
const LAZY =
  /\/(wire\/pcap|proc\/resolve|shell\/builtins\/(getopts|history|limits|read)|kernel\/(rtnl\/fdb|sock\/(packet|raw|udp)|ipv4\/ioctl))\.ts$/

export default defineConfig({
  site: process.env.SITE ?? 'https://hop-by-hop.example',
  base,
  trailingSlash: 'always',
  prefetch: false,
  markdown: {
    syntaxHighlight: false, // our own figure, see remark-lesson.ts
    processor: unified({
      smartypants: false,
      remarkPlugins: [remarkCjkFriendly, [remarkLesson, { base }]],
      rehypePlugins: [rehypeLesson],
    }),
  },
  integrations: [
    contentCheck(), // before anything is built: one list of all mistakes
    starlight({
      title: { ko: '한 홉씩', en: 'Hop by Hop' },
      defaultLocale: 'ko',
      locales: { ko: { label: '한국어', lang: 'ko' }, en: { label: 'English', lang: 'en' } },
      favicon: '/favicon.svg',
      disable404Route: true,
      expressiveCode: false,
      markdown: { headingLinks: false },
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 2 },
      customCss: [
        './src/styles/tokens.css',
        './src/styles/site.css',
        './src/styles/lesson.css',
        './src/styles/exercise.css',
        './src/components/widget/widget.css',
      ],
      sidebar: sidebar(),
      components: {
        ContentPanel: site('ContentPanel'),
        Footer: site('Footer'),
        Head: site('Head'),
        Header: site('Header'),
        MarkdownContent: site('MarkdownContent'),
        PageFrame: site('PageFrame'),
        PageSidebar: site('TableOfContents'),
        PageTitle: site('PageTitle'),
        Search: site('Search'),
        Sidebar: site('Sidebar'),
        SkipLink: site('SkipLink'),
        ThemeProvider: site('ThemeProvider'),
        TwoColumnContent: site('TwoColumnContent'),
      },
    }),
    contentDir(), // must follow starlight()
    csp(), // last: hashes what the others wrote
  ],
  vite: {
    build: {
      rolldownOptions: {
        checks: { moduleLevelDirective: false },
        output: {
          // One chunk for what every terminal needs, instead of two dozen. Programs have chunks of their own, and what only
          // they use of the layers below stays with them.
          codeSplitting: {
            groups: [
              // Vite's helper of dynamic imports: every page has it.
              { name: 'preload', test: /vite\/preload-helper/, priority: 1 },
              {
                name: 'machines',
                test: (id) => EVERY_TERMINAL.test(id) && !LAZY.test(id),
              },
            ],
          },
        },
      },
    },
  },
})
