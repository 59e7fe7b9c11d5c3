import type { Person } from '@docent/contracts/directoryPeople';
import { useState } from 'preact/hooks';
import { usePages } from '../api/resource.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/notice.tsx';
import { SearchField } from '../ui/searchField.tsx';
import type { Names } from './names.tsx';

const ACTOR = /^(user|key|system):\S+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who did it: a person found by name, or anybody's id. */
export function ByWhom({
  actor,
  names,
  choose,
}: {
  /** `user:<id>`, `key:<id>`, `system:<what>`, or `''` for everybody. */
  readonly actor: string;
  readonly names: readonly Names[];
  readonly choose: (actor: string) => void;
}) {
  const [words, setWords] = useState('');
  const found = usePages<Person>(words === '' ? null : '/v1/users', { q: words, limit: 8 });
  const take = (chosen: string) => {
    setWords('');
    choose(chosen);
  };
  const typed = (text: string) => {
    const given = text.trim();
    if (ACTOR.test(given)) take(given);
    else if (UUID.test(given)) take(`user:${given.toLowerCase()}`);
    else setWords(given);
  };
  if (actor !== '') {
    const id = actor.slice(actor.indexOf(':') + 1);
    const name = names.map((some) => some.get(id)?.name).find(Boolean) ?? actor;
    return (
      <div class="field by-whom">
        <span class="label">By</span>
        <Button icon="close" onClick={() => take('')}>
          <span class="visually-hidden">Not only by </span>
          {name}
        </Button>
      </div>
    );
  }
  return (
    <div class="by-whom">
      <SearchField label="By" placeholder="Name or id" value={words} change={typed} />
      <p class="visually-hidden" role="status">
        {words !== '' && !found.loading && `${found.items.length} found`}
      </p>
      {words !== '' && found.error !== undefined && <Failure error={found.error} />}
      {words !== '' && !found.loading && found.error === undefined && (
        <ul class="by-whom-found">
          {found.items.map(({ id, name, email }) => (
            <li key={id}>
              <Button kind="quiet" onClick={() => take(`user:${id}`)}>
                {name} {email !== undefined && <span class="muted small">{email}</span>}
              </Button>
            </li>
          ))}
          {found.items.length === 0 && <li class="hint">Nobody is called so.</li>}
        </ul>
      )}
    </div>
  );
}
