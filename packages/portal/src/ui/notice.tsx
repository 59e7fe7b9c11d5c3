import type { ComponentChildren } from 'preact';
import { ApiProblem, sentenceOf } from '../api/problem.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

type Tone = 'info' | 'good' | 'warning' | 'bad';

const icons: Record<Tone, IconName> = {
  info: 'info',
  good: 'check',
  warning: 'warning',
  bad: 'warning',
};

/** A sentence that stands out. `bad` and `warning` are read out at once. */
export function Notice({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: ComponentChildren;
}) {
  const urgent = tone === 'bad' || tone === 'warning';
  return (
    <div class={`notice ${tone}`} role={urgent ? 'alert' : 'status'}>
      <Icon name={icons[tone]} />
      <div>{children}</div>
    </div>
  );
}

/**
 * What went wrong, as a sentence, with the request's id for whoever looks after Docent. What one has no right to is
 * not tried again.
 */
export function Failure({
  error,
  retry,
  retryLabel = 'Try again',
}: {
  readonly error: unknown;
  readonly retry?: () => void;
  readonly retryLabel?: string;
}) {
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <Notice tone="bad">
      <p>{sentenceOf(error)}</p>
      {problem !== null && problem.fields.length > 1 && (
        <ul>
          {problem.fields.map(({ path, message }) => (
            <li key={path}>
              {path}: {message}
            </li>
          ))}
        </ul>
      )}
      {problem?.requestId && (
        <p class="muted small">
          Request <code>{problem.requestId}</code>
        </p>
      )}
      {retry !== undefined && problem?.status !== 403 && (
        <Button icon="retry" onClick={retry}>
          {retryLabel}
        </Button>
      )}
    </Notice>
  );
}

/** Nothing is there yet, and what to do about it. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}
