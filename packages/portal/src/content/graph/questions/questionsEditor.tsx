import type { Skill } from '@docent/contracts/learning';
import type { KeyedQuestion } from '@docent/contracts/learningAssessments';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useEvery } from '../../../api/every.ts';
import { useUnfinished } from '../../../shell/leaving.ts';
import { Button } from '../../../ui/button.tsx';
import { Badge } from '../../../ui/meter.tsx';
import { Empty, Failure, Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useToast } from '../../../ui/toast.tsx';
import { counted } from '../../../ui/words.ts';
import { SaveForm } from '../nodeParts.tsx';
import { useEdited } from '../useEdited.ts';
import { draftOf, emptyQuestion, problemOf, type QuestionDraft, questionOf } from './draft.ts';
import { QuestionFields } from './questionFields.tsx';

/** The questions of an assessment with their answers: added, changed, put in order, taken out, and saved together. */
export function QuestionsEditor({
  assessmentId,
  saved,
}: {
  readonly assessmentId: string;
  /** Of the assessment that has them: it counts them. */
  readonly saved: () => Promise<void>;
}) {
  const path = `/v1/assessments/${assessmentId}/questions`;
  const { data, error, reload, save } = useEdited<{ questions: readonly KeyedQuestion[] }>(
    path,
    'PUT',
  );
  const skills = useEvery<Skill>('/v1/skills');
  const toast = useToast();
  const [drafts, setDrafts] = useState<readonly QuestionDraft[]>([]);
  const [told, setTold] = useState(false);
  const stored = (data?.questions ?? []).filter(({ retired }) => !retired);
  const retired = (data?.questions.length ?? 0) - stored.length;
  useEffect(() => {
    setDrafts(stored.map(draftOf));
    setTold(false);
  }, [data]);
  const dirty = JSON.stringify(drafts) !== JSON.stringify(stored.map(draftOf));
  useUnfinished(dirty, 'The questions are not saved. Leave, and lose what has changed?');
  const list = useRef<HTMLOListElement>(null);
  const adding = useRef(false);
  useEffect(() => {
    if (adding.current) list.current?.lastElementChild?.querySelector('textarea')?.focus();
    adding.current = false;
  }, [drafts.length]);

  if (data === undefined) {
    return error === undefined ? <Skeleton lines={8} /> : <Failure error={error} retry={reload} />;
  }
  const change = (key: string, part: Partial<QuestionDraft>) =>
    setDrafts((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const move = (from: number, to: number) =>
    setDrafts((all) => {
      const moved = all[from];
      return moved === undefined ? all : all.toSpliced(from, 1).toSpliced(to, 0, moved);
    });
  const problems = drafts.map(problemOf);
  const submit = async () => {
    setTold(true);
    const first = problems.findIndex((problem) => problem !== null);
    if (first >= 0) {
      list.current?.children[first]?.querySelector('textarea')?.focus();
      return;
    }
    await save({ questions: drafts.map(questionOf) });
    await saved();
    toast('The questions are saved.');
  };
  return (
    <section class="stack" aria-labelledby="questions-title">
      <h2 id="questions-title">Questions</h2>
      {retired > 0 && (
        <p class="muted small">
          {counted(
            retired,
            'question that was answered before is',
            'questions that were answered before are',
          )}{' '}
          kept for the results of that time, and not asked any more.
        </p>
      )}
      <SaveForm title="Questions" action="Save the questions" reload={reload} save={submit}>
        {drafts.length === 0 && (
          <Empty title="It has no questions yet">
            <p>Nobody can take it before it has some.</p>
          </Empty>
        )}
        <ol class="plain-list" ref={list}>
          {drafts.map((draft, index) => (
            <li key={draft.key} class="card form">
              <div class="spread">
                <h3>Question {index + 1}</h3>
                <div class="actions">
                  <Button
                    kind="quiet"
                    icon="expand"
                    iconOnly
                    class="turned"
                    disabled={index === 0}
                    onClick={() => move(index, index - 1)}
                  >
                    {`Move question ${index + 1} up`}
                  </Button>
                  <Button
                    kind="quiet"
                    icon="expand"
                    iconOnly
                    disabled={index === drafts.length - 1}
                    onClick={() => move(index, index + 1)}
                  >
                    {`Move question ${index + 1} down`}
                  </Button>
                  <Button
                    kind="quiet"
                    icon="trash"
                    iconOnly
                    onClick={() => setDrafts((all) => all.filter(({ key }) => key !== draft.key))}
                  >
                    {`Remove question ${index + 1}`}
                  </Button>
                </div>
              </div>
              <QuestionFields
                draft={draft}
                skills={skills.data ?? []}
                change={(part) => change(draft.key, part)}
              />
              {told && problems[index] !== null && (
                <p class="field-error" role="alert">
                  {problems[index]}
                </p>
              )}
            </li>
          ))}
        </ol>
        <div class="actions">
          <Button
            icon="plus"
            onClick={() => {
              adding.current = true;
              setDrafts((all) => [...all, emptyQuestion(all.at(-1)?.skillId ?? '')]);
            }}
          >
            Add a question
          </Button>
          {dirty && <Badge tone="warning">Not saved yet</Badge>}
        </div>
        {told && problems.some((problem) => problem !== null) && (
          <Notice tone="warning">
            Nothing is saved yet: something is missing in{' '}
            {problems
              .flatMap((problem, index) => (problem === null ? [] : [`question ${index + 1}`]))
              .join(', ')}
            .
          </Notice>
        )}
      </SaveForm>
    </section>
  );
}
