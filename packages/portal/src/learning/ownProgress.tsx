import type { Course } from '@docent/contracts/learning';
import type { Progress } from '@docent/contracts/learningProgress';
import { useRef, useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { useKeptFocus } from '../ui/keptFocus.ts';
import { Badge, Meter } from '../ui/meter.tsx';
import { Failure } from '../ui/notice.tsx';
import { useSubmit } from '../ui/submit.ts';
import { useToast } from '../ui/toast.tsx';
import { dayOf, percent } from '../ui/words.ts';
import { report, start } from './report.ts';
import { mention } from './tell.ts';

/** How far the person is in a course, and what they can tell about it. */
export function OwnProgress({
  course,
  progress,
  recommendation,
  onChange,
}: {
  readonly course: Course;
  readonly progress: Progress | null;
  /** What led to the course, if something did. */
  readonly recommendation: string | undefined;
  readonly onChange: (progress: Progress) => void;
}) {
  const api = useApi();
  const toast = useToast();
  const { busy, error, run } = useSubmit();
  const status = progress?.status ?? null;
  const heading = useRef<HTMLHeadingElement>(null);
  useKeptFocus(() => heading.current, status);
  const passing = course.moveOn === 'passed' || course.moveOn === 'completed_and_passed';

  const change = (work: () => Promise<Progress>, told: (now: Progress) => string) =>
    run(async () => {
      const now = await work();
      onChange(now);
      toast(told(now));
    });
  const begin = () =>
    change(
      () => start(api, course.id, recommendation),
      () => 'You have begun.',
    );
  const complete = () =>
    change(
      async () => {
        const now = await report(api, course.id, { status: 'completed' });
        if (recommendation !== undefined && now.status === 'completed') {
          mention(api, recommendation, { event: 'completed' });
        }
        return now;
      },
      (now) =>
        now.status === 'completed'
          ? 'You have completed this course.'
          : 'Noted. It is completed once you have passed its assessment, too.',
    );
  const drop = () =>
    change(
      () => report(api, course.id, { status: 'dropped' }),
      () => 'You have stopped this course.',
    );

  return (
    <section class="card" aria-labelledby="own-progress">
      <div class="learning-head">
        <h2 id="own-progress" ref={heading} tabIndex={-1}>
          Your progress
        </h2>
        <StatusBadge progress={progress} />
      </div>
      {progress !== null && (
        <Meter value={progress.progress / 100} label={`Progress in ${course.title}`} />
      )}
      <p class="muted small">{datesOf(progress)}</p>
      {passing && status !== 'completed' && (
        <p>This course is completed by passing its assessment.</p>
      )}
      {status === 'in_progress' && progress !== null && (
        <HowFar
          key={progress.progress}
          from={progress.progress}
          busy={busy}
          onSave={(value) =>
            change(
              () => report(api, course.id, { status: 'in_progress', progress: value }),
              (now) => `You are at ${percent(now.progress / 100)}.`,
            )
          }
        />
      )}
      {error !== undefined && <Failure error={error} />}
      {status !== 'completed' && (
        <div class="actions">
          {status !== 'in_progress' && (
            <Button kind="primary" busy={busy} onClick={begin}>
              {status === 'dropped' ? 'Take it up again' : 'Start this course'}
            </Button>
          )}
          {course.moveOn !== 'passed' && status !== 'dropped' && (
            <Button icon="check" busy={busy} onClick={complete}>
              I have completed it
            </Button>
          )}
          {status === 'in_progress' && (
            <Button kind="quiet" busy={busy} onClick={drop}>
              Stop this course
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

function StatusBadge({ progress }: { readonly progress: Progress | null }) {
  switch (progress?.status) {
    case 'completed':
      return <Badge tone="good">Completed</Badge>;
    case 'in_progress':
      return <Badge tone="accent">In progress</Badge>;
    case 'assigned':
      return <Badge tone="warning">Assigned to you</Badge>;
    case 'dropped':
      return <Badge>Stopped</Badge>;
    case undefined:
      return <Badge>Not begun</Badge>;
  }
}

function datesOf(progress: Progress | null): string {
  if (progress === null) return 'You have not begun this course.';
  const { startedAt, completedAt, dueAt, assignedAt } = progress;
  const dates = [
    assignedAt !== null && `assigned ${dayOf(assignedAt)}`,
    startedAt !== null && `begun ${dayOf(startedAt)}`,
    completedAt !== null && `completed ${dayOf(completedAt)}`,
    dueAt !== null && completedAt === null && `due ${dayOf(dueAt)}`,
  ].filter((date) => date !== false);
  const text = dates.join(' · ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Progress only goes up: what was reported once is not taken back. */
function HowFar({
  from,
  busy,
  onSave,
}: {
  readonly from: number;
  readonly busy: boolean;
  readonly onSave: (percent: number) => void;
}) {
  const [value, setValue] = useState(from);
  return (
    <form
      class="how-far"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(value);
      }}
    >
      <Field label={`How far are you? ${percent(value / 100)}`}>
        {(field) => (
          <input
            {...field}
            type="range"
            min={0}
            max={95}
            step={5}
            value={value}
            onInput={(event) => {
              const wanted = Math.max(from, event.currentTarget.valueAsNumber);
              event.currentTarget.valueAsNumber = wanted;
              setValue(wanted);
            }}
          />
        )}
      </Field>
      <Button type="submit" busy={busy} disabled={value <= from}>
        Save
      </Button>
    </form>
  );
}
