/** The browser's storage, which may be full, forbidden or changed by another tab. */
export const load = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // forbidden: nothing is kept, nothing else suffers
  }
}

/** False where it could not be kept. */
export const save = (key: string, text: string): boolean => {
  try {
    localStorage.setItem(key, text)
    return true
  } catch {
    return false
  }
}

export const remove = (key: string): void => {
  try {
    localStorage.removeItem(key)
  } catch {
    return // forbidden: there was nothing
  }
}

/** Keeps `text` under a key of its own beside `key`, so that it can be looked at later; the name of that key. */
export const setAside = (key: string, text: string): string => {
  for (let n = 1; ; n++) {
    const aside = `${key}:aside:${n}`
    const there = load(aside)
    if (there === text) return aside
    if (there === null) {
      save(aside, text)
      return aside
    }
  }
}
