import type { Skill, TargetRole } from '@docent/contracts/learning';
import type { ComponentChildren } from 'preact';
import type { Page } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import { useQuery } from '../shell/query.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { SearchField } from '../ui/searchField.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { counted } from '../ui/words.ts';
import { pathTo } from './addresses.ts';
import { Found } from './found.tsx';

/** Jobs and skills to aim at, the own job first. */
export function ChooseGoal() {
  const [{ q = '' }, setQuery] = useQuery();
  const query = { q, limit: 12 };
  const jobs = useResource<Page<TargetRole>>('/v1/skill-targets/roles', { ...query, limit: 50 });
  const skills = useResource<Page<Skill>>('/v1/skills', { ...query, status: 'published' });
  const own = jobs.data?.items.find((job) => job.own);
  const others = jobs.data?.items.filter((job) => !job.own) ?? [];
  const failed = jobs.error ?? skills.error;
  const found = others.length + (skills.data?.items.length ?? 0) + (own === undefined ? 0 : 1);
  return (
    <section class="stack" aria-labelledby="choose">
      <h2 id="choose">Where do you want to get to?</h2>
      <p class="intro">
        Choose a job or a skill: you get the steps to it, in an order in which nothing comes before
        what it needs.
      </p>
      {own !== undefined && q === '' && (
        <div class="card own-goal">
          <div>
            <h3>{own.title}</h3>
            <p class="muted">Your job asks for {counted(own.skills, 'skill')}.</p>
          </div>
          <ButtonLink kind="primary" icon="flag" href={pathTo({ type: 'role', id: own.title })}>
            Show my path
          </ButtonLink>
        </div>
      )}
      <div class="search-field">
        <SearchField
          label="Find a job or skill"
          value={q}
          change={(words) => setQuery({ q: words })}
        />
      </div>
      <Found words={q} count={found} />
      {failed !== undefined && <Failure error={failed} retry={jobs.reload} />}
      {jobs.data === undefined && failed === undefined && <Skeleton lines={8} />}
      {jobs.data !== undefined && skills.data !== undefined && found === 0 && (
        <Empty title={q === '' ? 'There is no goal yet' : 'Nothing has this name'}>
          <p>
            {q === ''
              ? 'Trainers add skills, and what a job asks for; then you find them here.'
              : 'Try fewer or other words.'}
          </p>
        </Empty>
      )}
      <div class="goals">
        {jobs.data !== undefined && others.length + (own && q !== '' ? 1 : 0) > 0 && (
          <Goals title="Jobs">
            {(q === '' || own === undefined ? others : [own, ...others]).map((job) => (
              <li key={job.title}>
                <a href={pathTo({ type: 'role', id: job.title })}>{job.title}</a>
                <span class="muted small">{counted(job.skills, 'skill')}</span>
              </li>
            ))}
          </Goals>
        )}
        {(skills.data?.items.length ?? 0) > 0 && (
          <Goals title="Skills">
            {skills.data?.items.map(({ id, name, category }) => (
              <li key={id}>
                <a href={pathTo({ type: 'skill', id })}>{name}</a>
                <span class="muted small">{category}</span>
              </li>
            ))}
            {skills.data?.nextCursor !== null && (
              <li class="muted small">There are more skills: find them by name.</li>
            )}
          </Goals>
        )}
      </div>
    </section>
  );
}

function Goals({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section>
      <h3>{title}</h3>
      <ul class="links">{children}</ul>
    </section>
  );
}
