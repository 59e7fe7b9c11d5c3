import type { EvaluationSet } from '@docent/contracts/evaluationSets';
import type { Evaluation } from '@docent/contracts/evaluations';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../../api/context.tsx';
import { usePages } from '../../api/resource.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Paged } from '../../ui/list.tsx';
import { Badge } from '../../ui/meter.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { TextArea } from '../../ui/textArea.tsx';
import { momentOf } from '../../ui/words.ts';
import { SaveForm } from '../graph/nodeParts.tsx';
import { sectionTabs } from '../tabs.ts';
import { base, passedInWords, statusNames, statusTones } from './words.ts';

/** /app/content/evaluations: sets of golden questions, and the runs that asked them. */
export function Overview() {
  const [adding, setAdding] = useState(false);
  const sets = usePages<EvaluationSet>('/v1/evaluation-sets', { limit: 50 });
  const runs = usePages<Evaluation>('/v1/evaluations', { limit: 20 });
  return (
    <Page
      title="Evaluations"
      tabs={sectionTabs}
      intro="Golden questions have answers that you know. A run asks them all and tells how many Docent gets right."
      actions={
        <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
          New set
        </Button>
      }
    >
      <section class="stack" aria-labelledby="sets-title">
        <h2 id="sets-title">Sets of golden questions</h2>
        <Paged
          list={sets}
          empty={
            <Empty title="There is no set yet">
              <p>Begin with twenty questions that people really ask.</p>
            </Empty>
          }
        >
          {(rows) => (
            <Table
              caption="Sets of golden questions"
              hideCaption
              rows={rows}
              rowKey={({ id }) => id}
              columns={[
                {
                  key: 'name',
                  label: 'Set',
                  cell: ({ id, name }) => <a href={`${base}/sets/${id}`}>{name}</a>,
                },
                { key: 'about', label: 'About', cell: ({ description }) => description || '–' },
                {
                  key: 'confirmed',
                  label: 'Confirmed',
                  numeric: true,
                  cell: ({ confirmed }) => confirmed,
                },
                {
                  key: 'proposed',
                  label: 'To be looked at',
                  numeric: true,
                  cell: ({ proposed }) => proposed,
                },
              ]}
            />
          )}
        </Paged>
      </section>
      <section class="stack" aria-labelledby="runs-title">
        <h2 id="runs-title">Runs</h2>
        <Paged list={runs} empty={<p class="muted">No set has been run yet.</p>}>
          {(rows) => <RunTable runs={rows} />}
        </Paged>
      </section>
      {adding && <NewSet onClose={() => setAdding(false)} />}
    </Page>
  );
}

export function RunTable({ runs }: { readonly runs: readonly Evaluation[] }) {
  return (
    <Table
      caption="Runs"
      hideCaption
      rows={runs}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'set',
          label: 'Run',
          cell: ({ id, setName, label }) => (
            <a href={`${base}/runs/${id}`}>{label === '' ? setName : `${setName}: ${label}`}</a>
          ),
        },
        {
          key: 'status',
          label: 'State',
          cell: ({ status }) => <Badge tone={statusTones[status]}>{statusNames[status]}</Badge>,
        },
        { key: 'result', label: 'Result', cell: passedInWords },
        { key: 'questions', label: 'Questions', numeric: true, cell: ({ questions }) => questions },
        { key: 'when', label: 'Started', cell: ({ createdAt }) => momentOf(createdAt) },
      ]}
    />
  );
}

function NewSet({ onClose }: { readonly onClose: () => void }) {
  const api = useApi();
  const { route } = useLocation();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  return (
    <Dialog title="New set of golden questions" onClose={onClose}>
      <SaveForm
        title="New set of golden questions"
        action="Add it"
        save={async () => {
          const made = await api.send<EvaluationSet>('POST', '/v1/evaluation-sets', {
            name,
            description,
          });
          route(`${base}/sets/${made.id}`);
        }}
      >
        <Field label="Name">
          {(field) => (
            <input
              {...field}
              required
              maxLength={200}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <TextArea
          label="About"
          rows={2}
          maxLength={2_000}
          value={description}
          set={setDescription}
        />
      </SaveForm>
    </Dialog>
  );
}
