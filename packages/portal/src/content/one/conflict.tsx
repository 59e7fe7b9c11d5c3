import type { Content } from '@docent/contracts/content';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { momentOf } from '../../ui/words.ts';
import { periodInWords, readersInWords, statusNames, typeNames } from '../words.ts';

/** Somebody changed the content while it was being edited: what is different now, and the two ways on. */
export function Conflict({
  before,
  now,
  discard,
  overwrite,
}: {
  readonly before: Content;
  readonly now: Content;
  /** Takes their state; what was typed here is lost. */
  readonly discard: () => void;
  /** Saves what was typed here over it. */
  readonly overwrite: () => void;
}) {
  const first = useRef<HTMLDivElement>(null);
  useEffect(() => first.current?.focus(), []);
  const differences = described(before).flatMap(([name, was], index) => {
    const is = described(now)[index]?.[1] ?? '';
    return was === is ? [] : [{ name, was, is }];
  });
  return (
    <div ref={first} tabIndex={-1}>
      <Notice tone="warning">
        <p>
          <strong>This content was changed meanwhile</strong>, on {momentOf(now.updatedAt)}. Nothing
          of yours has been saved yet.
        </p>
        {differences.length > 0 && (
          <ul class="differences">
            {differences.map(({ name, was, is }) => (
              <li key={name}>
                {name}: <del>{was}</del> is now <strong>{is}</strong>
              </li>
            ))}
          </ul>
        )}
        <div class="actions">
          <Button onClick={discard}>Show what it is now</Button>
          <Button kind="danger" onClick={overwrite}>
            Save mine over it
          </Button>
        </div>
      </Notice>
    </div>
  );
}

function described(content: Content): [string, string][] {
  return [
    ['Title', content.title],
    ['Kind', typeNames[content.contentType]],
    ['Publication', statusNames[content.status]],
    ['Tags', content.tags.join(', ') || 'none'],
    ['Counts', periodInWords(content) ?? 'always'],
    ['Original', content.url ?? 'no address'],
    ['Who sees it', readersInWords(content)],
  ];
}
