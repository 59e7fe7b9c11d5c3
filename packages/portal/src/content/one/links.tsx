import type { Content } from '@docent/contracts/content';
import type { Course, NodeRef, Skill } from '@docent/contracts/learning';
import type { Edge } from '@docent/contracts/learningEdges';
import { useState } from 'preact/hooks';
import { useApi } from '../../api/context.tsx';
import { usePages } from '../../api/resource.ts';
import { Button } from '../../ui/button.tsx';
import { Paged } from '../../ui/list.tsx';
import { Meter } from '../../ui/meter.tsx';
import { Empty, Failure } from '../../ui/notice.tsx';
import { SelectField } from '../../ui/selectField.tsx';
import { useSubmit } from '../../ui/submit.ts';
import { useToast } from '../../ui/toast.tsx';
import { percent } from '../../ui/words.ts';
import { SearchAndAdd } from '../rights/searchAndAdd.tsx';

/** A proposal as the API lists it. */
interface Proposal {
  readonly id: string;
  readonly to: NodeRef;
  readonly score: number;
  readonly evidence: { readonly similarity: number | null; readonly words: number };
}

const kinds: Record<NodeRef['kind'], string> = {
  skill: 'Skill',
  course: 'Course',
  assessment: 'Assessment',
  content: 'Content',
};

type LinkType = 'covers' | 'teaches';

/** Which skills and courses a content belongs to: what is confirmed, what Docent proposes, and what one adds. */
export function Links({ content }: { readonly content: Content }) {
  const api = useApi();
  const toast = useToast();
  const edges = usePages<Edge>('/v1/edges', {
    fromKind: 'content',
    fromId: content.id,
    limit: 100,
  });
  const proposals = usePages<Proposal>('/v1/links', { contentId: content.id, limit: 50 });
  const [how, setHow] = useState<LinkType>('covers');
  /** Of which row something is under way. */
  const [key, setKey] = useState<string | null>(null);
  const { busy: running, error, run } = useSubmit();
  const busy = running ? key : null;
  const act = (of: string, work: () => Promise<void>) => {
    if (!running) setKey(of);
    return run(work);
  };
  const decide = ({ id, to }: Proposal, action: 'confirm' | 'reject') =>
    act(id, async () => {
      await api.send('POST', `/v1/links/${id}/${action}`);
      proposals.update((all) => all.filter((one) => one.id !== id));
      if (action === 'confirm') edges.reload();
      toast(
        action === 'confirm' ? `Belongs to “${to.title}” now.` : 'Rejected: not proposed again.',
      );
    });
  const remove = ({ id, to }: Edge) =>
    act(id, async () => {
      await api.send('DELETE', `/v1/edges/${id}`);
      edges.update((all) => all.filter((one) => one.id !== id));
      toast(`Does not belong to “${to.title}” any more.`);
    });
  const add = (type: LinkType, kind: 'skill' | 'course', id: string, title: string) =>
    act(id, async () => {
      const from = { kind: 'content', id: content.id };
      await api.send('POST', '/v1/edges', { type, from, to: { kind, id } });
      edges.reload();
      proposals.reload();
      toast(type === 'teaches' ? `Teaches “${title}” now.` : `Belongs to “${title}” now.`);
    });
  const propose = () =>
    act('propose', async () => {
      await api.send('POST', '/v1/links/propose');
      toast('Looking for what belongs together, in the background.');
    });
  const linked = (id: string) => edges.items.some(({ to }) => to.id === id);

  return (
    <>
      {error !== undefined && <Failure error={error} />}
      <section class="stack" aria-labelledby="linked-title">
        <h2 id="linked-title">Belongs to</h2>
        <Paged
          list={edges}
          empty={
            <Empty title="It belongs to no skill or course yet">
              <p>What belongs to a skill is recommended to those who should learn it.</p>
            </Empty>
          }
        >
          {(items) => (
            <ul class="found">
              {items.map((edge) => (
                <li key={edge.id}>
                  <span>
                    {edge.to.title}{' '}
                    <span class="muted small">
                      {kinds[edge.to.kind]}
                      {edge.type === 'teaches' && ', taught by it'}
                    </span>
                  </span>
                  <Button
                    kind="quiet"
                    icon="close"
                    busy={busy === edge.id}
                    aria-label={`Remove ${edge.to.title}`}
                    onClick={() => remove(edge)}
                  >
                    Remove
                  </Button>
                </li>
              ))}
            </ul>
          )}
        </Paged>
      </section>
      <section class="stack" aria-labelledby="proposals-title">
        <div class="spread">
          <div>
            <h2 id="proposals-title">Proposals to confirm</h2>
            <p class="muted">What Docent finds alike by meaning and by words, surest first.</p>
          </div>
          <div class="actions">
            <Button icon="retry" busy={busy === 'propose'} onClick={propose}>
              Look for more
            </Button>
            <Button kind="quiet" onClick={proposals.reload}>
              Show new ones
            </Button>
          </div>
        </div>
        <Paged list={proposals} empty={<p class="muted">There is no open proposal.</p>}>
          {(items) => (
            <ul class="uploads">
              {items.map((proposal) => (
                <li key={proposal.id}>
                  <span class="name">
                    <strong>{proposal.to.title}</strong>
                    <span class="muted small">
                      {kinds[proposal.to.kind]} · {evidenceOf(proposal)}
                    </span>
                  </span>
                  <Meter label={`How sure, ${proposal.to.title}`} value={proposal.score} />
                  <span class="actions">
                    <Button
                      icon="check"
                      busy={busy === proposal.id}
                      aria-label={`Confirm ${proposal.to.title}`}
                      onClick={() => decide(proposal, 'confirm')}
                    >
                      Confirm
                    </Button>
                    <Button
                      kind="quiet"
                      busy={busy === proposal.id}
                      aria-label={`Reject ${proposal.to.title}`}
                      onClick={() => decide(proposal, 'reject')}
                    >
                      Reject
                    </Button>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Paged>
      </section>
      <section class="card" aria-labelledby="add-title">
        <h2 id="add-title">Add by search</h2>
        <SelectField<LinkType>
          label="How it belongs to a skill"
          value={how}
          options={[
            ['covers', 'It is about the skill'],
            ['teaches', 'It teaches the skill'],
          ]}
          change={setHow}
        />
        <div class="form-row">
          <SearchAndAdd<Skill>
            label="Skills"
            placeholder="Words of the name"
            path="/v1/skills"
            name={({ name }) => name}
            about={({ category }) => category}
            added={({ id }) => linked(id)}
            add={({ id, name }) => void add(how, 'skill', id, name)}
          />
          <SearchAndAdd<Course>
            label="Courses"
            placeholder="Words of the title"
            path="/v1/courses"
            name={({ title }) => title}
            added={({ id }) => linked(id)}
            add={({ id, title }) => void add('covers', 'course', id, title)}
          />
        </div>
      </section>
    </>
  );
}

function evidenceOf({ evidence: { similarity, words } }: Proposal): string {
  const shared = `${percent(words)} of the words`;
  return similarity === null ? shared : `likeness of meaning ${similarity.toFixed(2)}, ${shared}`;
}
