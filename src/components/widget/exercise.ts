/**
 * The widget: takes over the shell that ExerciseShell.astro wrote and the terminals that desk.ts put into it, boots the
 * lab behind them and keeps task, goals, drawing and terminals in step with what is typed.
 */
import type { Judge } from '../../grade/judge.ts'
import { Recording, siteNames, tellJourney } from '../../grade/journey.ts'
import type { GoalResult } from '../../grade/result.ts'
import type { Translate } from '../../i18n/translate.ts'
import { bootWorld } from '../../lab/boot.ts'
import { parseSession } from '../../lab/session.ts'
import { topology } from '../../lab/topology.ts'
import type { LogEntry } from '../../lab/world.ts'
import { PROGRAMS } from '../../userland/table.ts'
import type { Completion } from './complete.ts'
import type { Desk } from './desk.ts'
import { button, el, prose, setDisabled } from './dom.ts'
import { Drawing, type Part } from './drawing.ts'
import { Goals } from './goals.ts'
import { Machines, type Readiness } from './machines.ts'
import { Pace } from './pace.ts'
import type { PageData } from './page-data.ts'
import { recordSolved, type How } from './solved.ts'
import { load, remove, save, setAside } from './storage.ts'
import { storyOf } from './trace.ts'
import type { Tabs } from './tabs.ts'
import { promptOf, type Terminal } from './terminal.ts'
import { words } from './words.ts'
import {
  labStamp,
  NO_EFFORT,
  parseWork,
  printWork,
  withoutLast,
  workKey,
  type Effort,
  type Work,
} from './work.ts'

/** Events of a command that are told; a flood makes more than anybody looks at. */
const TOLD = 6000
/** ms between two looks at what a running command sent, and between two spoken batches. */
const LIVE = 900
const SPEAK = 2000

/** Programs that go on until they are interrupted; they keep their rhythm. */
const ENDLESS = /\bping6?\b(?![^;&|]*\s-\w*[cw]\s*\d)|\b(tcpdump|watch|tail\s+-\w*f)\b/

/** Programs that send packets: when none was sent, that is worth a word. */
const PROBE = /\b(?:ping|arping|traceroute|tracepath)\b/

const motion = matchMedia('(prefers-reduced-motion: reduce)')
/** Lets the page draw a frame. */
const frame = (): Promise<void> =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      resolve()
    }),
  )

type Commands = readonly { readonly node: string; readonly text: string }[]

export async function mount(desk: Desk): Promise<void> {
  await new Widget(desk).start()
}

class Widget {
  readonly #desk: Desk
  readonly #root: HTMLElement
  readonly #data: PageData
  readonly #t: Translate
  readonly #terminals: ReadonlyMap<string, Terminal>
  readonly #tabs: Tabs
  readonly #drawing: Drawing
  readonly #goals: Goals | undefined
  readonly #live = el('div', { class: 'vh' })
  readonly #notice = el('div', { class: 'ex-notice' })
  readonly #hints = el('div', {})
  readonly #stamp: string
  #machines: Machines | undefined
  #pace: Pace | undefined
  #judge: Judge | undefined
  #recording: Recording | undefined
  #told = 0
  #toldAt = 0
  #saidAt = 0
  #effort: Effort = NO_EFFORT
  /** What reset threw away: undo brings it back. */
  #before: readonly LogEntry[] | undefined
  #beforeNow = 0
  #judging = 0
  #solved = false
  /** Keys typed by the page (a solution, a session) and not by the learner. */
  #typing: symbol | undefined
  #failed = false

  constructor(desk: Desk) {
    const { root, data, t, terminals, tabs } = desk
    this.#desk = desk
    this.#root = root
    this.#data = data
    this.#t = t
    this.#terminals = terminals
    this.#tabs = tabs
    const { lab } = data
    this.#stamp = labStamp(lab)
    this.#live.setAttribute('aria-live', 'polite')
    this.#notice.setAttribute('role', 'status')
    this.#hints.setAttribute('aria-live', 'polite')
    root.querySelector('.ex')?.after(this.#live)
    root.querySelector('.ex-topo')?.before(this.#notice)
    this.#drawing = new Drawing(this.#part('drawing'), this.#part('drawing-foot'), {
      t: this.#t,
      words: (m) => words(this.#t, m),
      details: (space) => this.#details(space),
      reducedMotion: () => motion.matches,
    })
    if (this.#data.kind === 'lab')
      for (const act of ['undo', 'reset']) {
        const b = button(this.#t(`exercise.${act}`), 'btn bare', () => undefined)
        b.dataset.act = act
        this.#part('drawing-foot').append(b)
      }
    const goals = root.querySelector<HTMLElement>('[data-part="goals"]')
    this.#goals = goals ? new Goals(goals, this.#t) : undefined
    if (goals) {
      const column = el('div', {})
      goals.replaceWith(column)
      column.append(goals, this.#hints)
    }
    this.#listen()
  }

  #part(name: string): HTMLElement {
    return this.#desk.part(name)
  }
  #act(name: string): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>(`[data-act="${name}"]`)
  }
  get #current(): Terminal {
    return this.#desk.current
  }

  // ---- boot

  async start(): Promise<void> {
    // Most labs are set up with ip: it comes while the rest is made ready.
    if (this.#data.lab.nodes.some((n) => n.exec.some((line) => line.startsWith('ip '))))
      void import('../../userland/ip/ip.ts')
    this.#desk.operator = {
      readiness: (node) => this.#machines?.readiness(node) ?? (this.#failed ? 'running' : 'booting'),
      line: (node, text) => {
        this.#typing = undefined
        this.#line(node, text)
      },
      key: (node, key) => {
        this.#typing = undefined
        this.#key(node, key)
      },
      complete: (node, text, caret) => this.#complete(node, text, caret),
      say: (text) => {
        this.#speak(text)
      },
    }
    try {
      const work = this.#restore()
      if (work && work.log.length > 0) for (const terminal of this.#terminals.values()) terminal.note('')
      await this.#boot(work?.log ?? [], work?.now, true)
      this.#desk.booted()
      if (this.#data.exercise) await this.#beginJudging()
    } catch (error) {
      this.#broken(error)
    }
  }

  #restore(): Work | undefined {
    const key = workKey(this.#data.id)
    const nodes = this.#data.lab.nodes.map((n) => n.name)
    const stored = parseWork(load(key), this.#stamp, nodes)
    if (stored.kind === 'work') {
      const { tries, hints, solutionShown, began } = stored.work
      this.#effort = { tries, hints, solutionShown, began }
      this.#showEffort()
      return stored.work
    }
    this.#showEffort()
    if (stored.kind === 'none') return undefined
    const aside = setAside(key, stored.text)
    remove(key)
    this.#say(
      this.#t(stored.kind === 'damaged' ? 'exercise.damaged' : 'exercise.changed', { key: aside }),
      [],
    )
    return undefined
  }

  /** Makes the machines and types again what the log says. */
  async #boot(log: readonly LogEntry[], now: number | undefined, remember: boolean): Promise<void> {
    this.#pace?.stop()
    this.#recording?.stop()
    this.#recording = undefined
    this.#machines = undefined
    this.#endless.clear()
    for (const terminal of this.#terminals.values()) terminal.screen.clear()
    let since = performance.now()
    const machines = await Machines.boot(
      this.#data.lab,
      PROGRAMS,
      {
        text: (node, text) => this.#terminals.get(node)?.write(text),
        typed: (entry, readiness) => {
          this.#replayed(entry, readiness, remember)
        },
      },
      log,
      now,
      async () => {
        if (performance.now() - since < 30) return
        await frame()
        since = performance.now()
      },
    )
    this.#machines = machines
    this.#pace = new Pace(machines, {
      shown: () => {
        this.#shown()
      },
      ended: () => {
        this.#ended()
      },
      limit: (why) => {
        this.#limit(why)
      },
      failed: (error) => {
        this.#broken(error)
      },
    })
    for (const terminal of this.#terminals.values()) {
      terminal.hush()
      terminal.refresh()
      terminal.screen.toEnd()
    }
    this.#drawing.show(topology(machines.world), null, false)
    if (machines.busy) this.#go(false)
    for (const terminal of this.#terminals.values()) terminal.next()
  }

  #replayed(entry: LogEntry, readiness: Readiness, remember: boolean): void {
    const terminal = this.#terminals.get(entry.node)
    if (!terminal) return
    if (entry.key === 'line') {
      if (ENDLESS.test(entry.text)) this.#endless.add(entry.node)
      terminal.echo(entry.text, readiness)
      if (remember) terminal.history.add(entry.text)
    } else if (entry.key === 'int') {
      if (readiness === 'running') terminal.write('^C')
      else terminal.screen.echo(promptOf(entry.node, readiness), '^C', readiness === 'PS1', true)
    }
  }

  // ---- what is typed

  /** The machine at which the running command wants to send packets. */
  #probing: string | undefined

  #line(node: string, text: string): void {
    const machines = this.#machines
    const terminal = this.#terminals.get(node)
    if (!machines || !terminal || this.#failed) return
    try {
      terminal.note('')
      terminal.echo(text, machines.readiness(node))
      this.#record()
      machines.line(node, text)
      if (PROBE.test(text)) this.#probing = node
      if (ENDLESS.test(text)) this.#endless.add(node)
      this.#go(true)
    } catch (error) {
      this.#broken(error)
    }
  }

  #key(node: string, key: 'int' | 'eof' | 'quit'): void {
    const machines = this.#machines
    if (!machines || this.#failed) return
    try {
      this.#record()
      machines.key(node, key)
      this.#go(true)
    } catch (error) {
      this.#broken(error)
    }
  }

  /** Machines where something was started that goes on until it is interrupted. */
  readonly #endless = new Set<string>()

  #go(typed: boolean): void {
    const pace = this.#pace
    const machines = this.#machines
    if (!pace || !machines) return
    if (typed) {
      this.#before = undefined
      if (this.#effort.began === 0) this.#effort = { ...this.#effort, began: Date.now() }
      this.#save()
      this.#notice.replaceChildren()
    }
    pace.reducedMotion = motion.matches
    for (const node of this.#endless) if (!machines.runs(node)) this.#endless.delete(node)
    pace.endless = this.#endless.size > 0
    pace.go()
  }

  #record(): void {
    if (!this.#machines || this.#recording) return
    this.#recording = new Recording(this.#machines.world.sim)
    this.#drawing.begin()
    this.#told = 0
    this.#toldAt = performance.now()
  }

  // ---- what comes of it

  #shown(): void {
    for (const terminal of this.#terminals.values()) terminal.refresh()
    this.#machines?.forget()
    const bugs = this.#machines?.world.scheduler.bugs ?? []
    if (bugs.length > 0) {
      this.#broken(bugs[0]?.error)
      return
    }
    const now = performance.now()
    for (const [node, terminal] of this.#terminals) {
      if (terminal.waiting && this.#machines?.readiness(node) !== 'running') terminal.next()
    }
    if (this.#pace?.running === true && now - this.#toldAt > LIVE) this.#tellLive(now)
    if (now - this.#saidAt > SPEAK) this.#speakOutput(now)
    this.#tabs.mark()
  }

  #speakOutput(now: number): void {
    this.#saidAt = now
    for (const terminal of this.#terminals.values()) terminal.speak()
  }

  /** A command that goes on shows its packets while it does. */
  #tellLive(now: number): void {
    this.#toldAt = now
    const events = this.#recording?.events ?? []
    if (events.length === this.#told || !this.#machines) return
    this.#told = events.length
    this.#tell(events.slice(-TOLD))
    if (!motion.matches) this.#drawing.play()
  }

  #tell(events: Recording['events'], silent?: string): void {
    const { world } = this.#machines as Machines
    const story = storyOf(tellJourney(events, siteNames(world)))
    const told = story.shown.length > 0 ? story : silent === undefined ? undefined : { ...story, silent }
    this.#drawing.show(topology(world), told, true)
  }

  #ended(): void {
    const machines = this.#machines
    if (!machines) return
    const events = this.#recording?.stop() ?? []
    this.#recording = undefined
    const before = this.#told
    this.#tell(events.slice(-TOLD), this.#probing)
    this.#probing = undefined
    if (events.length > before) this.#drawing.play()
    this.#told = 0
    this.#speakOutput(performance.now())
    this.#save()
    for (const waiter of this.#waiters.splice(0)) waiter()
    void this.#rejudge(true)
  }
  readonly #waiters: (() => void)[] = []

  #limit(why: 'limit' | 'runaway'): void {
    const machines = this.#machines
    if (!machines) return
    for (const [node, terminal] of this.#terminals) {
      if (machines.readiness(node) !== 'running') continue
      terminal.screen.remark(this.#t(why === 'limit' ? 'terminal.limit' : 'terminal.runaway'))
      machines.key(node, why === 'limit' ? 'int' : 'kill')
    }
  }

  async #complete(node: string, text: string, caret: number): Promise<Completion> {
    const { complete } = await import('./complete.ts')
    return this.#machines ? complete(this.#machines.world, node, text, caret) : { from: caret, words: [] }
  }

  async #details(space: string): Promise<readonly Part[]> {
    const { detailsOf } = await import('./details.ts')
    return this.#machines ? detailsOf(this.#machines.world, space, this.#t) : []
  }

  // ---- keeping

  #save(): void {
    const machines = this.#machines
    if (!machines) return
    const { world } = machines
    const work: Work = { log: world.log, now: Math.floor(world.sim.clock.now), ...this.#effort }
    if (!save(workKey(this.#data.id), printWork(work, this.#stamp)))
      this.#say(this.#t('exercise.notKept'), [])
  }

  /** Another tab wrote: the last writer wins, and one sees it. */
  async #otherTab(text: string | null): Promise<void> {
    const nodes = this.#data.lab.nodes.map((n) => n.name)
    const stored = parseWork(text, this.#stamp, nodes)
    if (stored.kind !== 'work' || this.#machines?.busy !== false) return
    const { tries, hints, solutionShown, began } = stored.work
    this.#effort = { tries, hints, solutionShown, began }
    this.#showEffort()
    await this.#again(stored.work.log, stored.work.now)
    this.#say(this.#t('exercise.otherTab'), [])
  }

  async #again(log: readonly LogEntry[], now: number | undefined): Promise<void> {
    this.#typing = undefined
    this.#failed = false
    try {
      await this.#boot(log, now, false)
      await this.#rejudge(false)
    } catch (error) {
      this.#broken(error)
    }
  }

  async #undo(): Promise<void> {
    const machines = this.#machines
    if (!machines && !this.#failed) return
    if (this.#before) {
      const [log, now] = [this.#before, this.#beforeNow]
      this.#before = undefined
      await this.#again(log, now)
      this.#save()
      this.#say(this.#t('exercise.resetUndone'), [])
      return
    }
    const log = machines?.world.log ?? this.#lastLog
    const left = withoutLast(log)
    if (!left) {
      this.#say(this.#t('exercise.nothingToUndo'), [])
      return
    }
    const undone = log[left.log.length]
    await this.#again(left.log, left.now)
    this.#save()
    this.#say(this.#t('exercise.undone', { command: `${undone?.node ?? ''}$ ${undone?.text ?? ''}` }), [])
  }
  #lastLog: readonly LogEntry[] = []

  #askReset(): void {
    if ((this.#machines?.world.log.length ?? 0) === 0 && !this.#failed) {
      this.#say(this.#t('exercise.nothingToUndo'), [])
      return
    }
    const yes = button(this.#t('exercise.resetYes'), 'btn', () => {
      void this.#reset()
    })
    const no = button(this.#t('exercise.resetNo'), 'btn bare', () => {
      this.#notice.replaceChildren()
      this.#act('reset')?.focus()
    })
    this.#say(this.#t('exercise.resetAsk'), [yes, no])
    yes.focus()
  }

  async #reset(): Promise<void> {
    const world = this.#machines?.world
    this.#before = world ? [...world.log] : this.#lastLog
    this.#beforeNow = world?.sim.clock.now ?? this.#lastLog.at(-1)?.at ?? 0
    this.#effort = { ...this.#effort, solutionShown: false }
    this.#unsolve()
    this.#result(undefined)
    const before = this.#before
    await this.#again([], undefined)
    this.#before = before
    this.#save()
    this.#say(this.#t('exercise.resetDone'), [
      button(this.#t('exercise.undo'), 'btn', () => {
        void this.#undo()
      }),
    ])
    this.#current.focus()
  }

  // ---- goals

  async #beginJudging(): Promise<void> {
    const { exercise, lab } = this.#data
    const machines = this.#machines
    if (!exercise || !machines) return
    // Fetched when the terminal stands ready.
    const { Judge } = await import('../../grade/judge.ts')
    const judge = new Judge(exercise, lab, PROGRAMS)
    this.#judge = judge
    let fresh = machines.world
    if (fresh.log.length > 0) {
      fresh = await bootWorld(lab, PROGRAMS)
    }
    this.#goals?.begin(await judge.judge(fresh))
    await this.#rejudge(false)
  }

  /** `fresh`: a command has just ended. */
  async #rejudge(fresh: boolean): Promise<void> {
    const judge = this.#judge
    const machines = this.#machines
    if (!judge || !machines) return
    const turn = ++this.#judging
    try {
      const results = await judge.judge(machines.world)
      if (turn !== this.#judging) return
      this.#judged(results, false, fresh)
      this.#prepare(turn)
    } catch (error) {
      this.#broken(error)
    }
  }

  #judged(results: readonly GoalResult[], checked: boolean, fresh: boolean): void {
    const goals = this.#goals
    if (!goals) return
    const changes = goals.update(results, checked, fresh)
    const { minutes } = this.#data.exercise ?? { minutes: 0 }
    this.#part('meta').textContent = this.#t('exercise.metaDone', {
      minutes,
      all: goals.count,
      done: goals.reached,
    })
    const said = changes.flatMap(({ n, state }) =>
      state === 'reached' || state === 'kept'
        ? [this.#t('goal.sayReached', { n })]
        : state === 'broken'
          ? [this.#t('goal.sayBroken', { n })]
          : [],
    )
    if (fresh && said.length > 0) this.#speak(said.join(' '))
    if (goals.reached === goals.count && !this.#solved && this.#typing === undefined) this.#solve()
    else if (goals.reached < goals.count && this.#solved) this.#unsolve()
  }

  /** Makes spare worlds ready for the next judgement while nobody waits. */
  #prepare(turn: number): void {
    const idle = (run: () => void): void => {
      if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 500 })
      else setTimeout(run, 60)
    }
    const step = (): void => {
      if (turn !== this.#judging || !this.#machines || this.#pace?.running === true) return
      this.#judge?.prepare(this.#machines.world).then(
        (more) => {
          if (more) idle(step)
        },
        (error: unknown) => {
          this.#broken(error)
        },
      )
    }
    idle(step)
  }

  async #check(): Promise<void> {
    const judge = this.#judge
    const machines = this.#machines
    if (!judge || !machines) return
    const turn = ++this.#judging
    const { verdictPanel } = await import('./verdict.ts')
    let results: readonly GoalResult[]
    try {
      results = await judge.judge(machines.world)
    } catch (error) {
      this.#broken(error)
      return
    }
    if (turn !== this.#judging) return
    const at = results.findIndex((r) => r.verdict.outcome !== 'pass')
    const failing = results[at]
    if (failing?.verdict.outcome === 'fail') {
      this.#effort = { ...this.#effort, tries: this.#effort.tries + 1 }
      this.#showEffort()
      this.#save()
    }
    this.#result(failing ? verdictPanel(this.#t, failing, at + 1, this.#goalText(at)) : undefined)
    const check = this.#act('check')
    if (check) check.textContent = this.#t('exercise.checkAgain')
    this.#judged(results, true, false)
    this.#prepare(turn)
  }

  #goalText(at: number): string {
    const { exercise, lang } = this.#data
    return exercise?.goals[at]?.text[lang] ?? ''
  }

  #result(panel: HTMLElement | undefined): void {
    this.#root.querySelector('[data-part="result"]')?.replaceChildren(...(panel ? [panel] : []))
  }

  get #how(): How {
    return this.#effort.solutionShown ? 'solution' : this.#effort.hints > 0 ? 'hints' : 'own'
  }

  #solve(): void {
    this.#solved = true
    this.#result(undefined)
    const how = this.#how
    const t = this.#t
    const damaged = recordSolved(this.#data.id, how)
    if (damaged !== undefined) this.#say(t('exercise.progressDamaged', { key: damaged }), [])
    const minutes = Math.max(1, Math.round((Date.now() - this.#effort.began) / 60_000))
    const commands = this.#machines?.world.log.filter((e) => e.key === 'line').length ?? 0
    const told =
      how === 'solution'
        ? t('exercise.solvedSolution')
        : [
            t(how === 'own' ? 'exercise.solvedOwn' : 'exercise.solvedHints', { count: this.#effort.hints }),
            this.#effort.began > 0 ? t('exercise.solvedIn', { minutes, commands }) : '',
          ].join(' ')
    const next = document.querySelector<HTMLAnchorElement>('a.next[href]')
    const act = el('div', { class: 'act' }, [
      ...(next
        ? [
            el('a', {
              class: 'btn go',
              href: next.href,
              text: t('exercise.next', { title: next.querySelector('strong')?.textContent ?? '' }),
            }),
          ]
        : []),
      ...(how === 'solution'
        ? [
            button(t('exercise.doAgain'), 'btn', () => {
              void this.#reset()
            }),
          ]
        : []),
    ])
    const band = el('section', { class: how === 'solution' ? 'solved plain' : 'solved' }, [
      el('p', {}, [el('strong', { text: t('exercise.solved') }), told]),
      act,
    ])
    const ex = this.#root.querySelector('.ex')
    ex?.querySelector('.solved')?.remove()
    ex?.querySelector('.ex-head')?.after(band)
    ex?.classList.add('has-solved')
    this.#showEffort()
    this.#speak(`${t('exercise.solved')} ${told}`)
  }

  #unsolve(): void {
    this.#solved = false
    const ex = this.#root.querySelector('.ex')
    ex?.querySelector('.solved')?.remove()
    ex?.classList.remove('has-solved')
  }

  // ---- hints and solution

  #hint(): void {
    const all = this.#data.exercise?.hints ?? []
    if (this.#effort.hints >= all.length) return
    this.#effort = { ...this.#effort, hints: this.#effort.hints + 1 }
    this.#showEffort()
    this.#save()
  }

  #showEffort(): void {
    const { exercise, lang } = this.#data
    if (!exercise) return
    const t = this.#t
    const { hints, tries } = this.#effort
    const all = exercise.hints.length
    const shown = Math.min(hints, all)
    while (this.#hints.childElementCount < shown) {
      const i = this.#hints.childElementCount
      this.#hints.append(
        el('section', { class: 'hintbox' }, [
          el('h4', { text: t('hint.heading', { n: i + 1, all }) }),
          el('p', {}, prose(exercise.hints[i]?.[lang] ?? '')),
        ]),
      )
    }
    const hint = this.#act('hint')
    if (hint) {
      const n = el('span', { text: `${Math.min(shown + 1, all)}/${all}` })
      n.setAttribute('aria-hidden', 'true')
      hint.replaceChildren(
        `${t(shown >= all ? 'hint.none' : 'exercise.hint')} `,
        ...(shown >= all ? [] : [n]),
      )
      setDisabled(hint, shown >= all)
    }
    const solution = this.#act('solution')
    const closed = tries === 0 && !this.#solved
    setDisabled(solution, closed)
    solution?.replaceChildren(
      t('exercise.solution'),
      ...(closed ? [el('span', { class: 'vh', text: ` (${t('exercise.solutionLater')})` })] : []),
    )
  }

  async #solution(): Promise<void> {
    const session = this.#data.exercise?.solutions[0]?.session
    if (!session || (this.#effort.tries === 0 && !this.#solved)) {
      this.#say(this.#t('exercise.solutionAfter'), [])
      return
    }
    // Who has solved it alone and only compares, has solved it alone.
    if (!this.#solved) this.#effort = { ...this.#effort, solutionShown: true }
    this.#unsolve()
    this.#result(undefined)
    await this.#type(session.commands)
  }

  /** Types a session from the start, where everybody can see it; meanwhile nobody else types. */
  async #type(commands: Commands): Promise<void> {
    await this.#again([], undefined)
    for (const { input } of this.#terminals.values()) input.readOnly = true
    try {
      await this.#play(commands)
    } finally {
      for (const { input } of this.#terminals.values()) input.readOnly = false
    }
  }

  async #play(commands: Commands): Promise<void> {
    const turn = Symbol('typing')
    this.#typing = turn
    for (const { node, text } of commands) {
      const terminal = this.#terminals.get(node)
      if (!terminal) continue
      if (text === '^C' || text === '^D') {
        this.#key(node, text === '^C' ? 'int' : 'eof')
        await this.#idle()
        continue
      }
      this.#tabs.select(node, false)
      terminal.focus()
      for (let i = 1; i <= text.length && !motion.matches; i += 2) {
        if (this.#typing !== turn) return
        terminal.show(text.slice(0, i))
        await new Promise((resolve) => setTimeout(resolve, 24))
      }
      if (this.#typing !== turn) return
      terminal.show('')
      terminal.history.add(text)
      for (const line of text.split('\n')) this.#line(node, line)
      await this.#idle()
      if (this.#typing !== turn) return
    }
    this.#typing = undefined
    await this.#rejudge(false)
  }

  /** Waits until the prompt is back, or a program goes on until it is interrupted. */
  #idle(): Promise<void> {
    if (this.#pace?.running !== true) return Promise.resolve()
    const pace = this.#pace
    return new Promise((resolve) => {
      this.#waiters.push(resolve)
      if (pace.endless) setTimeout(resolve, 1600)
    })
  }

  // ---- words to the learner

  /** A line above the drawing, with what one can do about it. */
  #say(text: string, actions: readonly HTMLElement[]): void {
    this.#notice.replaceChildren(el('span', { text }), ...actions)
  }
  /** Spoken, not shown. */
  #speak(text: string): void {
    const p = el('p', { text })
    this.#live.append(p)
    setTimeout(() => {
      p.remove()
    }, 8000)
  }

  /** Our own mistake: the work is kept, and there is something to send. */
  #broken(error: unknown): void {
    const machines = this.#machines
    this.#pace?.stop()
    this.#failed = true
    this.#lastLog = machines ? [...machines.world.log] : this.#lastLog
    this.#machines = undefined
    for (const terminal of this.#terminals.values()) terminal.refresh()
    const t = this.#t
    const { id, lab } = this.#data
    const report = [
      `Hop by Hop: ${id} (lab ${lab.name}, ${this.#stamp})`,
      navigator.userAgent,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
      ...this.#lastLog.map(
        (e) => `${(e.at / 1e9).toFixed(3)} ${e.node}$ ${e.key === 'line' ? e.text : `[${e.key}]`}`,
      ),
    ].join('\n')
    const shown = el('textarea', { class: 'report' })
    shown.readOnly = true
    shown.rows = 6
    shown.value = report
    shown.setAttribute('aria-label', t('exercise.report'))
    const copy = button(t('exercise.copyReport'), 'btn', () => {
      void navigator.clipboard.writeText(report).then(
        () => {
          copy.textContent = t('exercise.copied')
        },
        () => {
          shown.select()
        },
      )
    })
    const undo = button(t('exercise.undoLast'), 'btn', () => {
      void this.#undo()
    })
    this.#notice.replaceChildren(
      el('p', {}, [
        el('strong', { text: t('exercise.ourMistake') }),
        ` ${t('exercise.kept', { count: this.#lastLog.length })}`,
      ]),
      copy,
      undo,
      shown,
    )
  }

  // ---- buttons, keys, other tabs

  #listen(): void {
    const acts: Readonly<Record<string, (e: MouseEvent) => void>> = {
      check: () => void this.#check(),
      hint: () => {
        this.#hint()
      },
      solution: () => void this.#solution(),
      undo: () => void this.#undo(),
      reset: () => {
        this.#askReset()
      },
      widen: (e) => {
        this.#widen()
        // Pressed with a pointer: what is typed next is meant for the terminal.
        if (e.detail > 0) this.#current.focus()
      },
    }
    this.#root.addEventListener('click', (e) => {
      const target = e.target instanceof Element ? e.target.closest<HTMLElement>('[data-act]') : null
      acts[target?.dataset.act ?? '']?.(e)
    })
    this.#root.addEventListener('keydown', (e) => {
      const key = e.key.toLowerCase()
      if (e.key === 'F6') this.#nextPart(e.shiftKey ? -1 : 1)
      else if (e.ctrlKey && e.key === 'Enter') void this.#check()
      else if (e.ctrlKey && e.altKey && key === 'z') void this.#undo()
      else if (e.ctrlKey && e.altKey && key === 'h') this.#hint()
      else if (
        e.key === 'Escape' &&
        this.#root.classList.contains('widened') &&
        !(e.target instanceof HTMLTextAreaElement)
      )
        this.#widen()
      else return
      e.preventDefault()
    })
    this.#root.addEventListener('hop:run', (e) => {
      if (!(e instanceof CustomEvent)) return
      const { session } = e.detail as { session: string }
      const nodes = this.#data.lab.nodes.map((n) => n.name)
      this.#root.scrollIntoView({ block: 'nearest' })
      void this.#type(parseSession(session, nodes).commands)
    })
    addEventListener('storage', (e) => {
      if (e.key === workKey(this.#data.id)) void this.#otherTab(e.newValue)
    })
  }

  #widen(): void {
    const wide = this.#root.classList.toggle('widened')
    document.documentElement.classList.toggle('ex-widened', wide)
    const act = this.#act('widen')
    if (act) act.textContent = this.#t(wide ? 'exercise.narrow' : 'exercise.widen')
    for (const terminal of this.#terminals.values()) terminal.screen.toEnd()
    if (!wide) this.#root.scrollIntoView({ block: 'nearest' })
  }

  /** F6: head, task, drawing, tabs, terminal, and round again. */
  #nextPart(step: 1 | -1): void {
    const parts = [
      this.#act('undo'),
      this.#act('check'),
      this.#root.querySelector<HTMLElement>('[data-part="drawing"]'),
      this.#root.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]'),
      this.#current.input,
    ].filter((p) => p !== null)
    const order = (e: Element): number =>
      parts.findLastIndex(
        (p) => p === e || (p.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
      )
    const here = document.activeElement ? order(document.activeElement) : -1
    parts[(here + step + parts.length) % parts.length]?.focus()
  }
}
