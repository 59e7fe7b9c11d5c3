import type { LearningStatus } from '@docent/contracts/learning';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../../api/context.tsx';
import { ApiProblem } from '../../api/problem.ts';
import { NotFound } from '../../shell/notFound.tsx';
import type { Query } from '../../shell/query.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Badge } from '../../ui/meter.tsx';
import { Failure, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchField } from '../../ui/searchField.tsx';
import { SelectField } from '../../ui/selectField.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useSubmit } from '../../ui/submit.ts';
import { useToast } from '../../ui/toast.tsx';
import { statusNames, statusTone } from '../words.ts';

export function Status({ status }: { readonly status: LearningStatus }) {
  return <Badge tone={statusTone(status)}>{statusNames[status]}</Badge>;
}

export function StatusField({
  value,
  change,
}: {
  readonly value: LearningStatus;
  readonly change: (status: LearningStatus) => void;
}) {
  return (
    <SelectField
      label="Publication"
      hint="Drafts are seen by trainers only"
      value={value}
      options={statuses}
      change={change}
    />
  );
}

const statuses = (['draft', 'published', 'archived'] as const).map(
  (status) => [status, statusNames[status]] as const,
);

/** A number of five, with what its ends mean. */
export function FiveField({
  label,
  hint,
  value,
  change,
}: {
  readonly label: string;
  readonly hint: string;
  readonly value: number;
  readonly change: (value: number) => void;
}) {
  return (
    <SelectField
      label={label}
      hint={hint}
      value={String(value)}
      options={['1', '2', '3', '4', '5'].map((level) => [level, level])}
      change={(level) => change(Number(level))}
    />
  );
}

export function DifficultyField({
  value,
  change,
}: {
  readonly value: number;
  readonly change: (difficulty: number) => void;
}) {
  return (
    <FiveField label="Difficulty" hint="1 is easiest, 5 hardest" value={value} change={change} />
  );
}

/** Search and publication, as all lists of the graph have them. */
export function NodeFilters({
  query,
  change,
  placeholder,
}: {
  readonly query: Query;
  readonly change: (query: Query) => void;
  readonly placeholder: string;
}) {
  return (
    <search class="filters">
      <SearchField
        label="Search"
        placeholder={placeholder}
        value={query.q ?? ''}
        change={(q) => change({ q })}
      />
      <SelectField
        label="Publication"
        value={query.status ?? ''}
        options={[['', 'All but archived'], ...statuses]}
        change={(status) => change({ status })}
      />
    </search>
  );
}

/** The page of a node before it is there: room, a reason, or nothing at this address. */
export function NotThereYet({
  error,
  reload,
  title,
  back,
}: {
  readonly error: unknown;
  readonly reload: () => void;
  readonly title: string;
  readonly back: { readonly href: string; readonly label: string };
}) {
  if (error instanceof ApiProblem && error.status >= 400 && error.status < 500) return <NotFound />;
  return (
    <Page title={title} back={back}>
      {error === undefined ? <Skeleton lines={8} /> : <Failure error={error} retry={reload} />}
    </Page>
  );
}

/** A form that saves a node; a change by somebody else in the meantime is told, and nothing typed is lost. */
export function SaveForm({
  title,
  children,
  save,
  reload,
  action = 'Save',
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly save: () => Promise<void>;
  /** Reads it again; what was typed is lost. */
  readonly reload?: () => void;
  readonly action?: string;
}) {
  const { busy, error, run } = useSubmit();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(save);
  };
  const conflict = error instanceof ApiProblem && error.code === 'precondition_failed';
  return (
    <form class="form" aria-label={title} onSubmit={submit}>
      {children}
      {conflict && (
        <Notice tone="warning">
          <p>Somebody changed this meanwhile. Nothing of yours has been saved yet.</p>
          {reload !== undefined && <Button onClick={reload}>Show what it is now</Button>}
        </Notice>
      )}
      {error !== undefined && !conflict && <Failure error={error} />}
      <div class="actions">
        <Button kind="primary" type="submit" busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}

export function DeleteNode({
  path,
  name,
  back,
  consequence,
}: {
  readonly path: string;
  readonly name: string;
  readonly back: string;
  readonly consequence: string;
}) {
  const api = useApi();
  const toast = useToast();
  const { route } = useLocation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button kind="danger" icon="trash" onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking && (
        <Confirm
          title={`Delete “${name}”?`}
          action="Delete it"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await api.send('DELETE', path);
            toast(`“${name}” is deleted.`);
            route(back);
          }}
        >
          <p>{consequence} This cannot be taken back; archiving it keeps what people did.</p>
        </Confirm>
      )}
    </>
  );
}
