import type { Skill } from '@docent/contracts/learning';
import type { UserSkill } from '@docent/contracts/recommend';
import type { Page as ApiPage } from '../api/client.ts';
import { useEvery } from '../api/every.ts';
import { useResource } from '../api/resource.ts';
import { useMe } from '../session/session.tsx';
import { useQuery } from '../shell/query.ts';
import { Empty, Failure } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { SearchField } from '../ui/searchField.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Table } from '../ui/table.tsx';
import { counted, percent, sinceOf } from '../ui/words.ts';
import { pageOf, parts } from './addresses.ts';
import { Found } from './found.tsx';
import { evidenceOf, Level, Target } from './skillWords.tsx';

/** Below this probability of recall a skill is worth a refresher, as it is for recommendations. */
const FADING = 0.8;

/** What the person can do, what that rests on, and what is about to be forgotten. */
export function SkillsPage() {
  const me = useMe();
  const { data, error, reload } = useEvery<UserSkill>(`/v1/users/${me.user.id}/skills`);
  return (
    <Page
      title="My skills"
      intro="Levels go from 1 (knows of it) to 5 (teaches it). They come from your answers in assessments, from what was completed, and from what you or who manages you declared."
      tabs={parts}
    >
      {error !== undefined && <Failure error={error} retry={reload} />}
      {data === undefined && error === undefined && <Skeleton lines={12} />}
      {data !== undefined && <Fading skills={data} />}
      {data !== undefined && (
        <section class="stack" aria-labelledby="all-skills">
          <h2 id="all-skills">What is known of your skills</h2>
          {data.length === 0 ? (
            <Empty title="Nothing is known yet">
              <p>Take an assessment, or find a skill below and declare your level.</p>
            </Empty>
          ) : (
            <>
              <p>{summaryOf(data)}</p>
              <Table
                caption="My skills"
                hideCaption
                rows={data}
                rowKey={({ skillId }) => skillId}
                columns={[
                  {
                    key: 'name',
                    label: 'Skill',
                    cell: ({ skillId, name }) => <a href={pageOf('skill', skillId)}>{name}</a>,
                  },
                  { key: 'level', label: 'Level', cell: (skill) => <Level of={skill} /> },
                  { key: 'target', label: 'Asked for', cell: (skill) => <Target of={skill} /> },
                  { key: 'evidence', label: 'Rests on', cell: evidenceOf },
                ]}
              />
            </>
          )}
        </section>
      )}
      <FindSkill />
    </Page>
  );
}

function Fading({ skills }: { readonly skills: readonly UserSkill[] }) {
  const fading = skills
    .flatMap((skill) =>
      skill.retention !== null && skill.retention < FADING
        ? [{ ...skill, retention: skill.retention }]
        : [],
    )
    .sort((a, b) => a.retention - b.retention);
  if (fading.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="fading">
      <h2 id="fading">Worth a refresher</h2>
      <p class="muted">
        What is not practised is forgotten. These you have not used in an assessment for a while.
      </p>
      <ul class="cards">
        {fading.slice(0, 6).map(({ skillId, name, retention, lastPractisedAt }) => (
          <li key={skillId} class="card">
            <h3>
              <a href={pageOf('skill', skillId)}>{name}</a>
            </h3>
            <p>About {percent(retention)} likely that you still remember it.</p>
            {lastPractisedAt !== null && (
              <p class="muted small">Last practised {sinceOf(lastPractisedAt)}</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function FindSkill() {
  const [{ q = '' }, setQuery] = useQuery();
  const wanted = q !== '';
  const found = useResource<ApiPage<Skill>>(wanted ? '/v1/skills' : null, {
    q,
    status: 'published',
    limit: 10,
  });
  const items = wanted ? (found.data?.items ?? []) : [];
  return (
    <section class="stack" aria-labelledby="find-skill">
      <h2 id="find-skill">Find another skill</h2>
      <p>Look at any skill to declare your level or to see how to get there.</p>
      <div class="search-field">
        <SearchField
          label="Name of the skill"
          value={q}
          change={(words) => setQuery({ q: words })}
        />
      </div>
      <Found words={q} count={items.length} />
      {found.error !== undefined && <Failure error={found.error} retry={found.reload} />}
      {items.length > 0 && (
        <ul class="links">
          {items.map(({ id, name, category }) => (
            <li key={id}>
              <a href={pageOf('skill', id)}>{name}</a>
              <span class="muted small">{category}</span>
            </li>
          ))}
        </ul>
      )}
      {wanted && found.data !== undefined && !found.loading && items.length === 0 && (
        <p class="muted">No skill has this name.</p>
      )}
    </section>
  );
}

function summaryOf(skills: readonly UserSkill[]): string {
  const asked = skills.filter(({ targetLevel }) => targetLevel !== null);
  const reached = asked.filter(({ gap }) => gap === 0).length;
  const levels = skills.filter(({ level }) => level !== null).length;
  const known = `Of ${counted(skills.length, 'skill')} ${levels} ${levels === 1 ? 'has' : 'have'} a level.`;
  if (asked.length === 0) return known;
  return `${known} Your job asks for ${asked.length}; you have reached ${reached} of them.`;
}
