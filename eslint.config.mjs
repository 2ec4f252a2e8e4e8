import tseslint from 'typescript-eslint'

/** The packages below `cli` and the site: plain TypeScript without DOM, Node, clock, chance or console. */
const CORE = ['wire', 'kernel', 'proc', 'shell', 'userland', 'daemon', 'lab', 'grade'].map(
  (d) => `src/${d}/**/*.ts`,
)

export default tseslint.config(
  { linterOptions: { reportUnusedDisableDirectives: 'off' } },
  { ignores: ['dist/**', '.astro/**', 'node_modules/**', 'public/**', '**/*.astro', '**/*.mjs'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: CORE,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'Date',
        'console',
        'setTimeout',
        'setInterval',
        'performance',
        'crypto',
        'process',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'chance comes from the world' },
      ],
      'no-restricted-imports': ['error', { patterns: ['node:*'] }],
    },
  },
)
