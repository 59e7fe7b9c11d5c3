import type { LearningPath, PathStep } from '@docent/contracts/recommend';
import { useLocation } from 'preact-iso';
import { ApiProblem } from '../api/problem.ts';
import { useResource } from '../api/resource.ts';
import { Figure } from '../charts/figure.tsx';
import { Graph } from '../charts/graph.tsx';
import { useMe } from '../session/session.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Meter } from '../ui/meter.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { counted, duration } from '../ui/words.ts';
import { pageOf, parts } from './addresses.ts';
import { ChooseGoal } from './goal.tsx';
import { State, stateName } from './state.tsx';

/** The way to a skill, or to what a job asks for; without a goal in the address, the choice of one. */
export function PathPage() {
  const { query } = useLocation();
  const { goal } = query;
  return (
    <Page title="Learning path" tabs={parts}>
      {goal === undefined ? <ChooseGoal /> : <PathTo key={goal} goal={goal} />}
    </Page>
  );
}

function PathTo({ goal }: { readonly goal: string }) {
  const me = useMe();
  const { data, error, reload } = useResource<LearningPath>(
    `/v1/users/${me.user.id}/learning-path`,
    { goal },
  );
  const other = (
    <ButtonLink icon="flag" href="/app/learning/path">
      Choose another goal
    </ButtonLink>
  );
  if (error instanceof ApiProblem && [400, 404].includes(error.status)) {
    return (
      <Empty title="This goal is not there">
        <p>The skill may have been removed, or nothing is asked of this job any more.</p>
        {other}
      </Empty>
    );
  }
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (data === undefined) return <Skeleton lines={12} />;
  const { steps, stepsDone } = data;
  const titles = new Map(steps.map(({ itemId, title }) => [itemId, title]));
  const named = (ids: readonly string[]) => ids.map((id) => titles.get(id) ?? '').join(', ');
  return (
    <>
      <section class="stack" aria-labelledby="goal">
        <div class="learning-head">
          <h2 id="goal">{data.goal.title}</h2>
          {other}
        </div>
        <Meter
          value={steps.length === 0 ? 1 : stepsDone / steps.length}
          label="Steps done"
          text={`${stepsDone} of ${counted(steps.length, 'step')} done`}
        />
        <p>{leftOf(data)}</p>
      </section>
      <Figure
        title="How the steps hang together"
        sentence={pictureOf(steps)}
        columns={[
          { key: 'step', label: 'Step', cell: ({ title }: PathStep) => title },
          { key: 'kind', label: 'Kind', cell: ({ type }) => kindName(type) },
          { key: 'state', label: 'State', cell: ({ state }) => stateName(state) },
          { key: 'needs', label: 'Needs', cell: ({ needs }) => named(needs) || 'Nothing' },
        ]}
        rows={steps}
        rowKey={({ itemId }) => itemId}
      >
        <Graph
          nodes={steps.map(({ itemId, title, type, state }) => ({
            id: itemId,
            look: state,
            label: (
              <>
                <span class="graph-title">{title}</span>
                <span class="graph-state">
                  {kindName(type)} · <State state={state} />
                </span>
              </>
            ),
          }))}
          arrows={steps.flatMap(({ itemId, needs }) => needs.map((from) => ({ from, to: itemId })))}
        />
      </Figure>
      <section class="stack" aria-labelledby="steps">
        <h2 id="steps">Steps in order</h2>
        <ol class="steps">
          {steps.map((step) => (
            <Step key={step.itemId} step={step} waitsFor={named(step.waitsFor)} />
          ))}
        </ol>
      </section>
    </>
  );
}

function Step({ step, waitsFor }: { readonly step: PathStep; readonly waitsFor: string }) {
  const { type, itemId, title, state, minutes, level, targetLevel, refresher } = step;
  return (
    <li class={`step ${state}`}>
      <div>
        <h3>
          <a href={pageOf(type, itemId)}>{title}</a>
        </h3>
        <p class="muted small">
          {kindName(type)}
          {type === 'course' && state !== 'done' && ` · ${timeOf(minutes)}`}
          {type === 'skill' && ` · ${levelsOf(level, targetLevel)}`}
          {refresher && ' · a refresher keeps it'}
          {waitsFor !== '' && state !== 'done' && ` · needs ${waitsFor} first`}
        </p>
      </div>
      <State state={state} />
    </li>
  );
}

function kindName(type: PathStep['type']): string {
  return type === 'course' ? 'Course' : 'Skill';
}

function timeOf(minutes: number | null): string {
  return minutes === null ? 'time not known' : `${duration(minutes)} left`;
}

function levelsOf(level: number | null, target: number | null): string {
  const now = level === null ? 'level not known yet' : `level ${level.toFixed(1)}`;
  return target === null ? now : `${now}, goal ${target}`;
}

function leftOf({ minutesLeft, stepsWithoutTime, steps, stepsDone }: LearningPath): string {
  if (stepsDone === steps.length) return 'You have reached this goal.';
  const known =
    minutesLeft === 0 ? 'No course is left' : `About ${duration(minutesLeft)} of courses left`;
  if (stepsWithoutTime === 0) return `${known}.`;
  return `${known}, and ${counted(stepsWithoutTime, 'course')} of which nobody said how long it takes.`;
}

function pictureOf(steps: readonly PathStep[]): string {
  const count = (state: PathStep['state']) => steps.filter((step) => step.state === state).length;
  const told = [
    `${count('done')} done`,
    `${count('in_progress')} in progress`,
    `${count('ready')} ready to begin`,
    `${count('blocked')} locked until what leads to them is done`,
  ];
  return `${counted(steps.length, 'step')}: ${told.join(', ')}. Arrows lead from what comes first.`;
}
