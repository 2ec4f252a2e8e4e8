import type { Main } from '../../proc/process.ts'

// eslint-disable-next-line require-yield -- never waits
export const trueMain: Main = function* () {
  return 0
}

// eslint-disable-next-line require-yield -- never waits
export const falseMain: Main = function* () {
  return 1
}
