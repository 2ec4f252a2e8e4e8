/** A check's message in the page's language. */
import type { Message } from '../../grade/result.ts'
import type { Translate } from '../../i18n/translate.ts'

export const words = (t: Translate, m: Message): string => t(`grade.${m.key}`, m.args)
