import { defineCollection } from 'astro:content'
import { glob } from 'astro/loaders'
import { z } from 'astro/zod'
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema'
import { i18nLoader } from '@astrojs/starlight/loaders'

export const collections = {
  docs: defineCollection({
    loader: glob({ base: './content', pattern: '{ko,en}/**/[^_]*.mdx' }),
    schema: docsSchema({
      // The keys are listed in src/site/components.ts, which also names the place of a wrong one.
      extend: z.object({
        minutes: z.number().int().positive().optional(),
        needs: z.array(z.string()).optional(),
        can: z.array(z.string()).optional(),
        lab: z.string().optional(),
      }),
    }),
  }),
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
}
