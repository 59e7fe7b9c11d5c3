import type { Declaration } from '@docent/contracts/learningProgress';
import type { UserSkill } from '@docent/contracts/recommend';
import { useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/notice.tsx';
import { useSubmit } from '../ui/submit.ts';
import { TextArea } from '../ui/textArea.tsx';
import { useToast } from '../ui/toast.tsx';
import { levelMeanings } from './skillWords.tsx';

/** Asks how well the person says they can do something. */
export function DeclareLevel({
  skill,
  note: noteBefore,
  onDone,
  onClose,
}: {
  readonly skill: Pick<UserSkill, 'skillId' | 'name' | 'declaredLevel'>;
  readonly note: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const api = useApi();
  const toast = useToast();
  const [level, setLevel] = useState(skill.declaredLevel);
  const [note, setNote] = useState(noteBefore);
  const { busy, error, run } = useSubmit();
  const path = `/v1/users/me/skill-declarations/${skill.skillId}`;

  const change = async (work: () => Promise<unknown>, done: string) => {
    if (!(await run(work))) return;
    toast(done);
    onDone();
    onClose();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void change(() => api.send<Declaration>('PUT', path, { level, note }), 'Your level is noted.');
  };

  return (
    <Dialog title={`My level in ${skill.name}`} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <fieldset class="options">
          <legend>How well can you do it?</legend>
          {levelMeanings.map((meaning, index) => (
            <label key={meaning}>
              <input
                type="radio"
                name="level"
                required
                checked={level === index + 1}
                onChange={() => setLevel(index + 1)}
              />
              <span>
                <strong>{index + 1}</strong> {meaning}
              </span>
            </label>
          ))}
        </fieldset>
        <TextArea
          label="What this rests on"
          hint="You need not say. Who manages you can read it."
          rows={2}
          maxLength={1000}
          value={note}
          set={setNote}
        />
        <p class="muted small">
          What you declare counts until you have given five answers in assessments, or somebody who
          manages you confirms a level.
        </p>
        {error !== undefined && <Failure error={error} />}
        <footer class="actions">
          {skill.declaredLevel !== null && (
            <Button
              kind="danger"
              busy={busy}
              onClick={() => change(() => api.send('DELETE', path), 'Your declaration is gone.')}
            >
              Take it back
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={busy}>
            Save
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
