import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { ApiProblem } from '../api/problem.ts';
import type { Resource } from '../api/resource.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { Page, type Tab } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

export interface LinkItem {
  readonly href: string;
  readonly title: string;
  readonly about?: ComponentChildren;
}

/** What belongs to something, as links; nothing where there is none. */
export function Links({
  title,
  items,
}: {
  readonly title: string;
  readonly items: readonly LinkItem[];
}) {
  const id = useId();
  if (items.length === 0) return null;
  return (
    <section class="stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="links">
        {items.map(({ href, title: name, about }) => (
          <li key={href}>
            <a href={href}>{name}</a>
            {about !== undefined && about !== '' && <span class="muted small">{about}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A page of one thing while it is read, when it is not there, and when it cannot be read. */
export function Loading({
  of: { error, reload },
  title,
  gone,
  back,
}: {
  readonly of: Pick<Resource<unknown>, 'error' | 'reload'>;
  readonly title: string;
  /** What to say when there is no such thing for the person. */
  readonly gone: string;
  readonly back: Tab;
}) {
  const missing = error instanceof ApiProblem && [400, 404].includes(error.status);
  return (
    <Page title={missing ? gone : title} back={back}>
      {error === undefined && <Skeleton lines={10} />}
      {missing && (
        <Empty title={gone}>
          <p>It may have been removed, or it is not for you to see.</p>
          <ButtonLink href="/app/learning">My learning</ButtonLink>
        </Empty>
      )}
      {error !== undefined && !missing && <Failure error={error} retry={reload} />}
    </Page>
  );
}
