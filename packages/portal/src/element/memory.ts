/** The conversation that this tab keeps under a name, over reloads; null: none, or the page may keep nothing. */
export function kept(name: string): string | null {
  try {
    const id = sessionStorage.getItem(name);
    return id !== null && /^[\da-f-]{36}$/.test(id) ? id : null;
  } catch {
    return null;
  }
}

export function keep(name: string, id: string): void {
  try {
    sessionStorage.setItem(name, id);
  } catch {
    // Without storage a reload begins anew; everything else works.
  }
}

export function forget(name: string): void {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // As above: nothing was kept.
  }
}
