import type { Program } from './program.ts'
import { bash } from '../shell/bash.ts'
import { falseMain, trueMain } from './text/true.ts'

/** Every program of the machines, by package. One row a line; the order is that of the fidelity page. */
export const PROGRAMS: readonly Program[] = [
  // bash 5.2.15
  { path: '/usr/bin/bash', package: 'bash', main: bash },
  { path: '/usr/bin/sh', package: 'dash', main: bash, verified: false },

  // coreutils 9.1
  { path: '/usr/bin/false', package: 'coreutils', main: falseMain },
  { path: '/usr/bin/true', package: 'coreutils', main: trueMain },
]
