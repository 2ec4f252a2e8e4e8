/** The second half of the random lines: see ../fuzz.test.ts. */
import { HALF, SECOND, typeRandomLines } from './suite.ts'

typeRandomLines(SECOND, HALF)
