import type { NodeRef } from '@docent/contracts/learning';
import type { Edge, EdgeType } from '@docent/contracts/learningEdges';
import { useApi } from '../../api/context.tsx';
import { usePages } from '../../api/resource.ts';
import { Button } from '../../ui/button.tsx';
import { Paged } from '../../ui/list.tsx';
import { Failure } from '../../ui/notice.tsx';
import { useSubmit } from '../../ui/submit.ts';
import { useToast } from '../../ui/toast.tsx';
import { SearchAndAdd } from '../rights/searchAndAdd.tsx';

type Kind = 'skill' | 'course';
interface Found {
  readonly id: string;
  readonly name?: string;
  readonly title?: string;
}

/** Edges of one kind at a node, in words. */
export interface EdgeWords {
  /** `What should be known before` */
  readonly title: string;
  /** Where there are none. */
  readonly none: string;
  readonly added: (title: string) => string;
  readonly removed: (title: string) => string;
}

/** Edges of one type at a node, to remove and to add. What would close a ring is refused with its names. */
export function EdgeEditor({
  type,
  node,
  at,
  others,
  words,
  changed,
}: {
  readonly type: EdgeType;
  readonly node: { readonly kind: NodeRef['kind']; readonly id: string };
  /** Which end the node is. */
  readonly at: 'from' | 'to';
  /** What can be at the other end. */
  readonly others: readonly Kind[];
  readonly words: EdgeWords;
  readonly changed?: () => void;
}) {
  const api = useApi();
  const toast = useToast();
  const { busy, error, run } = useSubmit();
  const { kind, id } = node;
  const edges = usePages<Edge>('/v1/edges', {
    type,
    ...(at === 'from' ? { fromKind: kind, fromId: id } : { toKind: kind, toId: id }),
    limit: 100,
  });
  const otherOf = (edge: Edge) => (at === 'from' ? edge.to : edge.from);
  const add = (other: { readonly kind: Kind; readonly id: string }, title: string) =>
    run(async () => {
      const self = { kind, id };
      const ends = at === 'from' ? { from: self, to: other } : { from: other, to: self };
      await api.send('POST', '/v1/edges', { type, ...ends });
      edges.reload();
      changed?.();
      toast(words.added(title));
    });
  const remove = (edge: Edge) =>
    run(async () => {
      await api.send('DELETE', `/v1/edges/${edge.id}`);
      edges.update((all) => all.filter((one) => one.id !== edge.id));
      changed?.();
      toast(words.removed(otherOf(edge).title));
    });
  const titleId = `edges-${type}-${at}`;
  return (
    <section class="card" aria-labelledby={titleId}>
      <h2 id={titleId}>{words.title}</h2>
      <Paged list={edges} empty={<p class="muted">{words.none}</p>}>
        {(items) => (
          <ul class="found">
            {items.map((edge) => (
              <li key={edge.id}>
                <NodeLink node={otherOf(edge)} />
                <Button
                  kind="quiet"
                  icon="close"
                  busy={busy}
                  aria-label={`Remove ${otherOf(edge).title}`}
                  onClick={() => remove(edge)}
                >
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Paged>
      {error !== undefined && <Failure error={error} />}
      <div class="form-row">
        {others.map((other) => (
          <SearchAndAdd<Found>
            key={other}
            label={`Add a ${other}`}
            placeholder="Search by name"
            path={`/v1/${other}s`}
            name={nameOf}
            added={(found) =>
              found.id === id || edges.items.some((edge) => otherOf(edge).id === found.id)
            }
            add={(found) => void add({ kind: other, id: found.id }, nameOf(found))}
          />
        ))}
      </div>
    </section>
  );
}

function nameOf({ name, title }: Found): string {
  return name ?? title ?? '';
}

/** A node by its title, with the way to its page. */
function NodeLink({ node: { kind, id, title } }: { readonly node: NodeRef }) {
  const page = kind === 'content' ? `/app/content/${id}` : `/app/content/graph/${kind}s/${id}`;
  return <a href={page}>{title}</a>;
}

/** What should be known before a skill or course. */
export function Prerequisites({
  node,
  changed,
}: {
  readonly node: { readonly kind: Kind; readonly id: string };
  readonly changed: () => void;
}) {
  return (
    <EdgeEditor
      type="prerequisite"
      node={node}
      at="to"
      others={node.kind === 'skill' ? ['skill'] : ['course', 'skill']}
      changed={changed}
      words={{
        title: 'What should be known before',
        none: 'Nothing: anybody can begin with it.',
        added: (title) => `“${title}” comes before it now.`,
        removed: (title) => `“${title}” does not come before it any more.`,
      }}
    />
  );
}
