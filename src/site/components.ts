/**
 * What an author may write in a lesson without importing it: one row per component. The Markdown plugin injects
 * the import from `src/components/<Name>.astro`; the checks read the same rows.
 */
export interface Spec {
  readonly required: readonly string[]
  readonly optional: readonly string[]
  /** Attributes that name something in content/. */
  readonly refers?: Readonly<Record<string, 'exercise' | 'lab'>>
  /** Only inside one of these. */
  readonly inside?: readonly string[]
}

const rows = {
  Exercise: { required: ['id'], optional: [], refers: { id: 'exercise' } },
  Lab: { required: ['lab'], optional: ['title', 'node', 'try'], refers: { lab: 'lab' } },
  Topology: { required: ['lab'], optional: ['caption'], refers: { lab: 'lab' } },
  Quiz: { required: [], optional: [] },
  Predict: { required: ['lab', 'session'], optional: ['wires'], refers: { lab: 'lab' } },
  Choice: { required: [], optional: ['right', 'prints', 'wire'], inside: ['Quiz', 'Predict'] },
  Why: { required: [], optional: [], inside: ['Choice', 'Predict', 'Quiz'] },
  FillTable: { required: [], optional: ['caption'] },
  Myth: { required: [], optional: [] },
  Said: { required: [], optional: [], inside: ['Myth'] },
  Real: { required: [], optional: [], inside: ['Myth'] },
  Hero: { required: ['lab', 'begin', 'course', 'note'], optional: ['node', 'try'], refers: { lab: 'lab' } },
  Path: { required: [], optional: [] },
  Truths: { required: [], optional: [] },
  Course: { required: [], optional: [] },
  Reference: { required: [], optional: [] },
} satisfies Record<string, Spec>

export type ComponentName = keyof typeof rows
export const components: Readonly<Record<ComponentName, Spec>> = rows
export const isComponent = (name: string): name is ComponentName => Object.hasOwn(rows, name)

/** Keys of a page's frontmatter. `lab` is the lab of its console blocks; `needs` lists pages to read before. */
export const frontmatterKeys: readonly string[] = [
  'title',
  'description',
  'minutes',
  'needs',
  'lab',
  'can',
  'sidebar',
  'template',
  'tableOfContents',
  'draft',
]
