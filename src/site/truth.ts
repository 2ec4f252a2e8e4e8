/** What really happens: the answers of `<Predict>` come from the simulator, never from the author. */
export interface Truth {
  /** What the last command of the session printed. */
  readonly printed: string
  /** `node:ifname` of every interface that saw a matching frame during the last command. */
  readonly wires: readonly string[]
}

export function truth(lab: string, session: string, wires: string | undefined): Truth {
  throw new Error(
    `<Predict lab="${lab}">: the simulator can't answer yet (${session}, ${wires ?? 'no wires'})`,
  )
}
