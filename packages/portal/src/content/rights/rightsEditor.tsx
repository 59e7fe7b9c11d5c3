import type { Readers, Visibility } from '@docent/contracts/content';
import type { Department } from '@docent/contracts/directoryDepartments';
import type { Person } from '@docent/contracts/directoryPeople';
import { roles } from '@docent/core/principal';
import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../../api/context.tsx';
import { useEvery } from '../../api/every.ts';
import { useMe } from '../../session/session.tsx';
import { Failure } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { roleName } from '../../ui/words.ts';
import { Chosen } from './chosen.tsx';
import { SearchAndAdd } from './searchAndAdd.tsx';

/** Who sees a content, as an upload and a change say it. */
export interface Rights {
  readonly visibility: Visibility;
  readonly visibleTo: Readers;
}

export const everybody: Rights = {
  visibility: 'organization',
  visibleTo: { departments: [], roles: [], users: [] },
};

/** Everybody, or departments with those below them, roles, and people by name. */
export function RightsEditor({
  value,
  change,
}: {
  readonly value: Rights;
  readonly change: (rights: Rights) => void;
}) {
  const { organization } = useMe();
  const { visibility, visibleTo } = value;
  const readers = (part: Partial<Readers>) =>
    change({ visibility, visibleTo: { ...visibleTo, ...part } });
  const option = (name: Visibility, label: string) => (
    <label class="check">
      <input
        type="radio"
        name="visibility"
        checked={visibility === name}
        onChange={() => change({ visibility: name, visibleTo })}
      />
      {label}
    </label>
  );
  return (
    <fieldset class="group">
      <legend>Who sees it</legend>
      <div class="row">
        {option('organization', `Everybody at ${organization.name}`)}
        {option('restricted', 'Only some')}
      </div>
      {visibility === 'restricted' && (
        <div class="restricted">
          <p class="hint">
            Whoever any of these names sees it, besides its owner and the administrators.
          </p>
          <Departments
            chosen={visibleTo.departments}
            change={(departments) => readers({ departments })}
          />
          <fieldset class="group">
            <legend>Roles</legend>
            <div class="row">
              {roles.map((role) => (
                <label key={role} class="check">
                  <input
                    type="checkbox"
                    checked={visibleTo.roles.includes(role)}
                    onChange={(event) =>
                      readers({
                        roles: toggled(visibleTo.roles, role, event.currentTarget.checked),
                      })
                    }
                  />
                  {roleName(role)}s
                </label>
              ))}
            </div>
          </fieldset>
          <People chosen={visibleTo.users} change={(users) => readers({ users })} />
        </div>
      )}
    </fieldset>
  );
}

function Departments({
  chosen,
  change,
}: {
  readonly chosen: readonly string[];
  readonly change: (departments: string[]) => void;
}) {
  const all = useEvery<Department>('/v1/departments');
  const sorted = [...(all.data ?? [])].sort((a, b) => a.pathName.localeCompare(b.pathName));
  return (
    <fieldset class="group">
      <legend>Departments, with those below them</legend>
      {all.loading && <Skeleton lines={4} />}
      {all.error !== undefined && <Failure error={all.error} retry={all.reload} />}
      {all.data !== undefined && (
        <div class="tree">
          {sorted.length === 0 && <p class="muted">There are no departments yet.</p>}
          {sorted.map(({ id, name, depth }) => (
            <label key={id} class="check" style={{ paddingInlineStart: `${depth * 1.5}rem` }}>
              <input
                type="checkbox"
                checked={chosen.includes(id)}
                onChange={(event) => change(toggled(chosen, id, event.currentTarget.checked))}
              />
              {name}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}

function People({
  chosen,
  change,
}: {
  readonly chosen: readonly string[];
  readonly change: (users: string[]) => void;
}) {
  const api = useApi();
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  useEffect(() => {
    const controller = new AbortController();
    for (const id of chosen) {
      if (names[id] !== undefined) continue;
      api.get<Person>(`/v1/users/${id}`, { signal: controller.signal }).then(
        ({ name }) => setNames((before) => ({ ...before, [id]: name })),
        // Who hides from colleagues is still somebody who sees it.
        () => {
          if (!controller.signal.aborted) {
            setNames((before) => ({ ...before, [id]: 'Somebody you cannot see' }));
          }
        },
      );
    }
    return () => controller.abort();
  }, [api, chosen.join()]);
  return (
    <div class="group">
      <SearchAndAdd<Person>
        label="People"
        placeholder="Search by name"
        path="/v1/users"
        name={({ name }) => name}
        about={({ jobTitle, department }) =>
          [jobTitle, department?.name].filter(Boolean).join(' · ')
        }
        added={({ id }) => chosen.includes(id)}
        add={({ id, name }) => {
          setNames((before) => ({ ...before, [id]: name }));
          change([...chosen, id]);
        }}
      />
      <Chosen
        label="People who see it"
        items={chosen.map((id) => ({ id, name: names[id] ?? '…' }))}
        remove={(id) => change(chosen.filter((one) => one !== id))}
      />
    </div>
  );
}

function toggled<T>(all: readonly T[], one: T, there: boolean): T[] {
  return there
    ? [...all.filter((other) => other !== one), one]
    : all.filter((other) => other !== one);
}
