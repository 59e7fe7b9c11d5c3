/** A question that is typed and not sent, as the tab keeps it. */
export interface Draft {
  /** Another name is another question. */
  readonly name: string;
  read(): string;
  /** Empty: it was sent, or taken out. */
  write(text: string): void;
}

const PREFIX = 'docent.draft ';

/** @param conversation null: the one that is not there yet. */
export function draftOf(userId: string, conversation: string | null): Draft {
  const name = `${PREFIX}${userId} ${conversation ?? 'new'}`;
  return {
    name,
    read: () => sessionStorage.getItem(name) ?? '',
    write(text) {
      if (text === '') sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, text);
    },
  };
}

/** What was typed on while the first question made its conversation belongs to that one. */
export function moveDraft(from: Draft, to: Draft): void {
  to.write(from.read());
  from.write('');
}

/** At the end of a sign-in: who comes next finds nothing. */
export function forgetDrafts(): void {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  }
}
