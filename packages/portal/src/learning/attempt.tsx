import type { Assessment, ShownAttempt } from '@docent/contracts/learningAssessments';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import { useApi } from '../api/context.tsx';
import { useLoaded } from '../api/resource.ts';
import { Page } from '../ui/page.tsx';
import { pageOf } from './addresses.ts';
import { dropDraft } from './draft.ts';
import { Loading } from './links.tsx';
import { Result } from './result.tsx';
import { Taking } from './taking.tsx';

/** An attempt at an assessment: its questions while it is open, its result afterwards. */
export function AttemptPage({
  id = '',
  attempt = '',
}: {
  readonly id?: string;
  readonly attempt?: string;
}) {
  return <OneAttempt key={attempt} assessmentId={id} id={attempt} />;
}

function OneAttempt({ assessmentId, id }: { readonly assessmentId: string; readonly id: string }) {
  const api = useApi();
  const resource = useLoaded(
    useCallback(
      (signal: AbortSignal) => load(api, assessmentId, id, signal),
      [api, assessmentId, id],
    ),
  );
  // Who has just handed in is led to the result.
  const [handedIn, setHandedIn] = useState(false);
  const { data } = resource;
  const over = data?.open === false;
  useEffect(() => {
    if (over) dropDraft(id);
  }, [over, id]);
  const back = { href: pageOf('assessment', assessmentId), label: 'To the assessment' };
  if (data === undefined) {
    return <Loading of={resource} title="Attempt" gone="This attempt is not there" back={back} />;
  }
  const { attempt, assessment, clockOffsetMs, open } = data;
  return (
    <Page title={attempt.assessmentTitle} back={back}>
      {open ? (
        <Taking
          attempt={attempt}
          questions={attempt.questions ?? []}
          clockOffsetMs={clockOffsetMs}
          onOver={() => {
            setHandedIn(true);
            resource.reload();
          }}
        />
      ) : (
        <Result attempt={attempt} assessment={assessment} focus={handedIn} />
      )}
    </Page>
  );
}

async function load(api: Api, assessmentId: string, id: string, signal: AbortSignal) {
  const [response, assessment] = await Promise.all([
    api.request(`/v1/attempts/${id}`, { signal }),
    api.get<Assessment>(`/v1/assessments/${assessmentId}`, { signal }),
  ]);
  // A clock that is wrong must not end an attempt early.
  const sent = Date.parse(response.headers.get('date') ?? '');
  const ahead = Number.isNaN(sent) ? 0 : sent - Date.now();
  // The header has whole seconds, and answers take a while: that alone is no wrong clock.
  const clockOffsetMs = Math.abs(ahead) > 5_000 ? ahead : 0;
  const attempt: ShownAttempt = await response.json();
  const left =
    attempt.deadlineAt === null || Date.parse(attempt.deadlineAt) > Date.now() + clockOffsetMs;
  const open = attempt.status === 'open' && attempt.questions !== null && left;
  return { attempt, assessment, clockOffsetMs, open };
}
