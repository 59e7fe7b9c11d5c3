import { newId } from '@docent/core/ids';

export interface KnownDepartment {
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
}

/** The departments of an organization by their name paths; new ones are noted in the order to be made. */
export class DepartmentPaths {
  readonly created: KnownDepartment[] = [];
  readonly createdPaths: string[] = [];
  private readonly byPlace = new Map<string, string>();
  private readonly ids = new Set<string>();

  constructor(known: readonly KnownDepartment[]) {
    for (const { id, parentId, name } of known) {
      this.ids.add(id);
      this.byPlace.set(placeOf(parentId, name), id);
    }
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /**
   * The department at the end of a path like `Operations/Engineering`.
   * @param create what is missing of the path is made.
   * @returns its id; or null.
   */
  find(path: string, create: boolean): string | null {
    const names = path.split(/(?<!\\)\//).map((name) => name.replaceAll('\\/', '/').trim());
    if (names.length > 20 || names.some((name) => name === '' || name.length > 200)) return null;
    const found: string[] = [];
    for (const name of names) {
      const parentId = found.at(-1) ?? null;
      const id = this.byPlace.get(placeOf(parentId, name));
      if (id === undefined && !create) return null;
      found.push(id ?? this.make(parentId, name, names.slice(0, found.length + 1).join('/')));
    }
    return found.at(-1) ?? null;
  }

  private make(parentId: string | null, name: string, path: string): string {
    const id = newId();
    this.byPlace.set(placeOf(parentId, name), id);
    this.ids.add(id);
    this.created.push({ id, parentId, name });
    this.createdPaths.push(path);
    return id;
  }
}

function placeOf(parentId: string | null, name: string): string {
  return `${parentId ?? ''}/${name}`;
}
