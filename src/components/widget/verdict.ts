/** The panel of a failed check: the way as hops that ends at the bar, then expected, actual, where, and through which command. */
import type { Journey } from '../../grade/journey.ts'
import type { GoalResult, Message, Place } from '../../grade/result.ts'
import type { Translate } from '../../i18n/translate.ts'
import { el } from './dom.ts'
import { escape } from './svg.ts'
import { words } from './words.ts'

/** Checks whose commands and patterns are the grader's own business: what is expected, the goal says in words. */
const INNER = /^(?:run|json|typed)\./

/** `n`: number of the goal, from 1; `goal`: what it says. */
export const verdictPanel = (t: Translate, result: GoalResult, n: number, goal: string): HTMLElement => {
  const { verdict } = result
  if (verdict.outcome === 'error')
    return el('section', { class: 'result unsure' }, [
      el('h4', { text: t('check.unknown', { n }) }),
      el('p', { text: words(t, verdict.why) }),
    ])
  const panel = el('section', { class: 'result' }, [el('h4', { text: t('check.failed', { n }) })])
  if (verdict.outcome === 'pass') return panel
  const { place, journey } = verdict
  const way = place && journey ? wayTo(place, journey) : []
  if (way.length > 1) panel.append(strip(way))
  // Counted as the strip shows it: the sender is no hop.
  const hop = way.length > 1 ? way.length - 1 : (place?.hop ?? 0)
  const rows: [string, (Node | string)[]][] = [
    [t('check.expected'), [INNER.test(verdict.expected.key) ? goal : words(t, verdict.expected)]],
    [t('check.actual'), actual(t, verdict.actual)],
  ]
  if (place) {
    rows.push([
      t('check.where'),
      [
        el('strong', { text: hop > 0 ? t('check.hop', { hop, node: place.node }) : place.node }),
        `: ${words(t, place.fact)}`,
      ],
    ])
    const { cause } = place
    if (cause) {
      const command = el('code', { text: `${cause.node}$ ${cause.command}` })
      rows.push([t('check.cause'), cause.n === 0 ? [command, ` (${t('check.given')})`] : [command]])
    }
  }
  panel.append(
    el(
      'dl',
      {},
      rows.flatMap(([term, what]) => [el('dt', { text: term }), el('dd', {}, what)]),
    ),
  )
  return panel
}

/** What a command printed stands as it was printed: blanks and lines count. */
const actual = (t: Translate, message: Message): (Node | string)[] =>
  message.key === 'run.stdoutWas'
    ? [el('pre', { text: String(message.args['stdout']).replace(/\n$/, '') })]
    : [words(t, message)]

/** Names of the machines from the sender to the one where it stopped. */
const wayTo = (place: Place, journey: Journey): string[] => {
  for (const leg of journey.legs) {
    const names: string[] = []
    for (const { site } of leg.steps) {
      const name = site.netns === undefined ? site.node : `${site.node}/${site.netns}`
      if (names.at(-1) !== name) names.push(name)
    }
    const at = names.indexOf(place.node)
    if (at >= 0 && at + 1 >= place.hop) return names.slice(0, at + 1)
  }
  return [place.node]
}

const strip = (names: readonly string[]): HTMLElement => {
  const step = 104
  const box = el('div', { class: 'topo strip' })
  const w = 16 + step * (names.length - 1) + 40
  const parts = names.map((name, i) => {
    const x = 8 + i * step
    const anchor = i === 0 ? 'start' : 'middle'
    const hop =
      i === 0 ? '' : `<path class="g-line" d="M${x - step} 26 h34 a18 18 0 0 1 36 0 h${step - 70}"/>`
    return `${hop}<text class="if" x="${x}" y="46" text-anchor="${anchor}">${escape(name)}</text>`
  })
  const x = 8 + step * (names.length - 1)
  box.innerHTML = `<svg viewBox="0 0 ${w} 54" width="${w}" height="54" aria-hidden="true">${parts.join('')}<rect class="born" x="4" y="22" width="8" height="8"/><path class="g-broken g-bar" d="M${x + 2} 15 V37"/></svg>`
  return box
}
