import type { Row } from './bench.ts'
export const benchPage = async (): Promise<Row[]> => []
