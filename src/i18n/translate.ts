/**
 * The page's half of i18next: fills `{{name}}` and picks `_one`/`_other` by `count`, as i18next does (a test
 * compares the two). Shipping i18next itself would cost a page 15 KB for these few lines.
 */
export type Strings = Readonly<Record<string, string>>
export type Values = Readonly<Record<string, string | number>>
export type Translate = (key: string, values?: Values) => string

export function translator(strings: Strings, lang: string): Translate {
  const plurals = new Intl.PluralRules(lang)
  return (key, values = {}) => {
    const counted = typeof values.count === 'number' ? `${key}_${plurals.select(values.count)}` : key
    const text = strings[counted] ?? strings[key]
    // A missing key shows itself in the page; the test of key parity keeps it from getting there.
    if (text === undefined) return key
    return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole))
  }
}
