import { AppError } from '@docent/core/errors';
import type { Entry } from './catalogue.store.ts';

type Kind = Entry['kind'];

export interface Known {
  /** The id of what a row refers to by id, address or name. @throws AppError `not_found`, `conflict` */
  idOf(kind: Kind, ref: string): string;
  /**
   * The id of what a row describes, null when it is new.
   * @throws AppError `conflict` when name and address lead to two different things, or to several.
   */
  match(kind: Kind, name: string, uri: string | null): string | null;
  /** Something that is there from now on, under this name. */
  note(kind: Kind, id: string, name: string, uri: string | null): void;
}

/** What rows may refer to: what is stored, and what rows before them made. */
export function known(entries: readonly Entry[]): Known {
  const byId = new Map<string, Entry>();
  for (const entry of entries) byId.set(entry.id, entry);

  function find(kind: Kind, test: (entry: Entry) => boolean): Entry[] {
    return [...byId.values()].filter((entry) => entry.kind === kind && test(entry));
  }
  const named = (kind: Kind, name: string) =>
    find(kind, (entry) => entry.name.toLowerCase() === name.toLowerCase());

  return {
    idOf(kind, ref) {
      const direct = byId.get(ref.toLowerCase());
      if (direct?.kind === kind) return direct.id;
      const found = [...find(kind, ({ uri }) => uri === ref), ...named(kind, ref)];
      const [first] = found;
      if (first === undefined) {
        throw new AppError('not_found', `There is no ${kind} “${ref}”.`);
      }
      if (found.some(({ id }) => id !== first.id)) throw several(kind, ref);
      return first.id;
    },

    match(kind, name, uri) {
      const byName = named(kind, name);
      const [byUri] = uri === null ? [] : find(kind, (entry) => entry.uri === uri);
      if (byUri !== undefined) {
        // A skill's name is there once.
        if (kind === 'skill' && byName.some(({ id }) => id !== byUri.id)) {
          throw new AppError('conflict', `Another ${kind} has the name “${name}”.`);
        }
        return byUri.id;
      }
      if (byName.length > 1) throw several(kind, name);
      return byName[0]?.id ?? null;
    },

    note(kind, id, name, uri) {
      byId.set(id, { kind, id, name, uri });
    },
  };
}

function several(kind: Kind, name: string): AppError {
  return new AppError(
    'conflict',
    `There are several things of the name “${name}”: say the ${kind}’s id or externalUri.`,
  );
}
