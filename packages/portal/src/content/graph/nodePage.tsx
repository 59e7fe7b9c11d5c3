import type { LearningStatus } from '@docent/contracts/learning';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../../api/context.tsx';
import { useUnfinished } from '../../shell/leaving.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Page } from '../../ui/page.tsx';
import { useToast } from '../../ui/toast.tsx';
import { DeleteNode, NotThereYet, SaveForm, Status } from './nodeParts.tsx';
import { useEdited } from './useEdited.ts';

/** How nodes of one kind are written: `T` as the API has them, `F` as they are typed. */
export interface NodeForm<T, F> {
  /** `skill` */
  readonly kind: string;
  /** `/v1/skills` */
  readonly path: string;
  /** The page with all of them. */
  readonly list: { readonly href: string; readonly label: string };
  /** What is before the id in the address of one: `/app/content/graph/skills`. */
  readonly page: string;
  readonly empty: F;
  readonly nameOf: (node: T) => string;
  readonly fieldsOf: (node: T) => F;
  /** What the API is told. */
  readonly saidOf: (fields: F) => object;
  readonly Fields: (props: {
    readonly value: F;
    readonly change: (part: Partial<F>) => void;
  }) => ComponentChildren;
}

/** A dialog that adds one, and goes to its page. */
export function NewNode<T extends { readonly id: string }, F>({
  form,
  onClose,
}: {
  readonly form: NodeForm<T, F>;
  readonly onClose: () => void;
}) {
  const { kind, path, page, empty, nameOf, saidOf, Fields } = form;
  const api = useApi();
  const toast = useToast();
  const { route } = useLocation();
  const [fields, setFields] = useState(empty);
  return (
    <Dialog title={`New ${kind}`} onClose={onClose}>
      <SaveForm
        title={`New ${kind}`}
        action="Add it"
        save={async () => {
          const made = await api.send<T>('POST', path, saidOf(fields));
          toast(`“${nameOf(made)}” is added.`);
          route(`${page}/${made.id}`);
        }}
      >
        <Fields value={fields} change={(part) => setFields({ ...fields, ...part })} />
      </SaveForm>
    </Dialog>
  );
}

/** The page of one: its fields, changed in place, then what belongs to it, and how it goes. */
export function NodePage<T extends { readonly status: LearningStatus }, F>({
  form,
  id,
  consequence,
  children,
}: {
  readonly form: NodeForm<T, F>;
  readonly id: string;
  /** What goes with it when it is deleted, as a sentence. */
  readonly consequence: string;
  /** `refresh`: what was changed there has changed the thing itself, too. */
  readonly children: (node: T, refresh: () => Promise<void>) => ComponentChildren;
}) {
  const { kind, list, empty, nameOf, fieldsOf, saidOf, Fields } = form;
  const path = `${form.path}/${id}`;
  const { data, error, reload, refresh, save } = useEdited<T>(path);
  const toast = useToast();
  const [fields, setFields] = useState(empty);
  // Read again because something beside the fields has changed, what is typed stays.
  const stored = data === undefined ? undefined : JSON.stringify(fieldsOf(data));
  useEffect(() => {
    if (data !== undefined) setFields(fieldsOf(data));
  }, [stored]);
  useUnfinished(
    stored !== undefined && JSON.stringify(fields) !== stored,
    'What you changed is not saved. Leave, and lose it?',
  );
  if (data === undefined) {
    const title = kind.charAt(0).toUpperCase() + kind.slice(1);
    return <NotThereYet error={error} reload={reload} title={title} back={list} />;
  }
  return (
    <Page
      title={nameOf(data)}
      back={list}
      intro={<Status status={data.status} />}
      actions={
        <DeleteNode path={path} name={nameOf(data)} back={list.href} consequence={consequence} />
      }
    >
      <section class="card" aria-labelledby="node-title">
        <h2 id="node-title">What it is</h2>
        <SaveForm
          title="What it is"
          reload={reload}
          save={async () => {
            await save(saidOf(fields));
            toast('Saved.');
          }}
        >
          <Fields value={fields} change={(part) => setFields({ ...fields, ...part })} />
        </SaveForm>
      </section>
      {children(data, refresh)}
    </Page>
  );
}
