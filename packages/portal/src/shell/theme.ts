export type Theme = 'system' | 'light' | 'dark';

const KEY = 'docent.theme';

/** What the person chose; `system` follows their machine. */
export function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Shows the pages in this theme from now on, also after a reload. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  }
}

/** Whether the pages are dark now. */
export function isDark(): boolean {
  const chosen = storedTheme();
  return chosen === 'system'
    ? matchMedia('(prefers-color-scheme: dark)').matches
    : chosen === 'dark';
}
