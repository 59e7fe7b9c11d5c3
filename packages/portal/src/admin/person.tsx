import type { Person, PersonUpdate } from '@docent/contracts/directoryPeople';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../api/context.tsx';
import { ApiProblem } from '../api/problem.ts';
import { useVersioned, type Versioned } from '../api/versioned.ts';
import { useMe } from '../session/session.tsx';
import { NotFound } from '../shell/notFound.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useSubmit } from '../ui/submit.ts';
import { TextField } from '../ui/textField.tsx';
import { useToast } from '../ui/toast.tsx';
import { DepartmentSelect } from './departmentSelect.tsx';
import { PersonGrants } from './grants.tsx';
import { RoleSelect } from './people.tsx';

/** One person: what is stored of them, and rights beyond their role. */
export function OnePerson({ id = '' }: { readonly id?: string }) {
  const person = useVersioned<Person>(`/v1/users/${id}`);
  const { data, error, reload } = person;
  if (error instanceof ApiProblem && error.status === 404) return <NotFound />;
  return (
    <Page
      title={data?.value.name ?? 'Person'}
      intro={data?.value.email}
      back={{ href: '/app/admin/people', label: 'People' }}
    >
      {error !== undefined && <Failure error={error} retry={reload} />}
      {data === undefined && error === undefined && <Skeleton lines={8} />}
      {data !== undefined && (
        <>
          <Edit key={data.etag} person={data} reload={reload} />
          <PersonGrants userId={id} />
          <Danger person={data.value} reload={reload} />
        </>
      )}
    </Page>
  );
}

function Edit({
  person: { value, etag },
  reload,
}: {
  readonly person: Versioned<Person>;
  readonly reload: () => void;
}) {
  const api = useApi();
  const toast = useToast();
  const saving = useSubmit();
  const [name, setName] = useState(value.name);
  const [email, setEmail] = useState(value.email ?? '');
  const [jobTitle, setJobTitle] = useState(value.jobTitle ?? '');
  const [role, setRole] = useState(value.role ?? 'learner');
  const [departmentId, setDepartmentId] = useState(value.department?.id ?? '');
  const changed = saving.error instanceof ApiProblem && saving.error.code === 'precondition_failed';
  const save = async (event: Event) => {
    event.preventDefault();
    const change: PersonUpdate = {
      name,
      email,
      role,
      jobTitle: jobTitle.trim() || null,
      departmentId: departmentId || null,
    };
    const saved = await saving.run(() =>
      api.send('PATCH', `/v1/users/${value.id}`, change, { ifMatch: etag }),
    );
    if (saved) {
      toast('Saved.');
      reload();
    }
  };
  return (
    <form class="card form" onSubmit={save}>
      <TextField label="Name" required value={name} set={setName} />
      <TextField label="E-mail address" kind="email" required value={email} set={setEmail} />
      <TextField
        label="Job"
        hint="Target levels of skills are set for jobs by this name."
        value={jobTitle}
        set={setJobTitle}
      />
      <RoleSelect value={role} onChange={setRole} />
      <DepartmentSelect
        label="Department"
        none="None"
        value={departmentId}
        onChange={setDepartmentId}
      />
      {changed && (
        <Notice tone="warning">
          <p>
            Somebody has changed this person meanwhile. Load the newest state; what you typed is
            lost then.
          </p>
          <Button onClick={reload}>Load the newest state</Button>
        </Notice>
      )}
      {saving.error !== undefined && !changed && <Failure error={saving.error} />}
      <div class="actions">
        <Button type="submit" kind="primary" busy={saving.busy}>
          Save
        </Button>
      </div>
    </form>
  );
}

function Danger({ person, reload }: { readonly person: Person; readonly reload: () => void }) {
  const api = useApi();
  const me = useMe();
  const { route } = useLocation();
  const toggling = useSubmit();
  const [deleting, setDeleting] = useState(false);
  const active = person.status !== 'deactivated';
  const path = `/v1/users/${person.id}`;
  if (person.id === me.user.id) {
    return (
      <Notice tone="info">This is you: somebody else would have to take your rights away.</Notice>
    );
  }
  return (
    <section class="card" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">Sign-in</h2>
      <p class="muted">
        {active
          ? 'Who is deactivated cannot sign in; their keys stop working within seconds. Everything of them is kept.'
          : 'This person cannot sign in.'}
      </p>
      {toggling.error !== undefined && <Failure error={toggling.error} />}
      <div class="actions">
        <Button
          busy={toggling.busy}
          onClick={async () => {
            const status = active ? 'deactivated' : 'active';
            if (await toggling.run(() => api.send('PATCH', path, { status }))) reload();
          }}
        >
          {active ? 'Deactivate' : 'Activate again'}
        </Button>
        <Button kind="danger" icon="trash" onClick={() => setDeleting(true)}>
          Delete
        </Button>
      </div>
      {deleting && (
        <Confirm
          title={`Delete ${person.name}?`}
          action="Delete the person"
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await api.send('DELETE', path);
            route('/app/admin/people');
          }}
        >
          <p>
            They cannot sign in any more, and nobody finds them. This cannot be taken back here.
          </p>
        </Confirm>
      )}
    </section>
  );
}
