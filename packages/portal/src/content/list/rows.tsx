import type { Content } from '@docent/contracts/content';
import { useMemo, useRef } from 'preact/hooks';
import { Badge } from '../../ui/meter.tsx';
import { dayOf, fileSize } from '../../ui/words.ts';
import {
  isPassing,
  languageName,
  periodInWords,
  readersInWords,
  stateNames,
  stateTone,
  statusNames,
  statusTone,
  stepName,
  typeNames,
  validityNames,
  validityTone,
} from '../words.ts';

/** Rows that are drawn, and left out while they are out of sight, together. */
const BLOCK = 50;

/**
 * Rows in blocks: a block out of sight is not laid out (`content-visibility`), and one whose rows are the same as
 * before is not drawn again. So the thousandth page costs as much as the first.
 */
export function Rows({ items }: { readonly items: readonly Content[] }) {
  const blocks: (readonly Content[])[] = [];
  for (let from = 0; from < items.length; from += BLOCK) {
    blocks.push(items.slice(from, from + BLOCK));
  }
  return (
    <div class="content-rows">
      {blocks.map((block, index) => (
        <Block key={block[0]?.id} items={block} from={index * BLOCK + 1} />
      ))}
    </div>
  );
}

function Block({ items, from }: { readonly items: readonly Content[]; readonly from: number }) {
  const kept = useRef(items);
  const { current } = kept;
  const same =
    current.length === items.length && current.every((content, index) => content === items[index]);
  if (!same) kept.current = items;
  const shown = kept.current;
  return useMemo(
    () => (
      <ul class="content-block" aria-label={`Contents ${from} to ${from + shown.length - 1}`}>
        {shown.map((content) => (
          <Row key={content.id} content={content} />
        ))}
      </ul>
    ),
    [shown, from],
  );
}

function Row({ content }: { readonly content: Content }) {
  const { id, title, latest, status, validity } = content;
  const period = periodInWords(content);
  const about = [
    typeNames[content.contentType],
    content.language === null ? null : languageName(content.language),
    content.currentVersion === null ? 'no version yet' : `version ${content.currentVersion}`,
    fileSize(latest.sizeBytes),
  ];
  return (
    <li class="content-row">
      {content.visibleTo === null ? (
        <span />
      ) : (
        <label class="choose">
          <input type="checkbox" name="content" value={id} aria-label={`Choose ${title}`} />
        </label>
      )}
      <div class="content-main">
        <a href={`/app/content/${id}`}>{title}</a>
        <span class="muted small">{about.filter((part) => part !== null).join(' · ')}</span>
        {content.tags.length > 0 && (
          <span class="small tags">
            {content.tags.map((tag) => (
              <span key={tag}>#{tag}</span>
            ))}
          </span>
        )}
      </div>
      <div class="content-badges">
        <Badge tone={statusTone(status)}>{statusNames[status]}</Badge>
        {latest.state !== 'ready' && (
          <Badge tone={stateTone(latest.state)}>
            {isPassing(latest.state)
              ? `${stepName(latest)} ${latest.progress.percent} %`
              : stateNames[latest.state]}
          </Badge>
        )}
        {content.suspicious !== null && content.suspicious > 0 && (
          <Badge tone="warning">{`${content.suspicious} suspicious`}</Badge>
        )}
        {validity !== 'effective' && (
          <Badge tone={validityTone(validity)}>{validityNames[validity]}</Badge>
        )}
      </div>
      <div class="content-facts small">
        <span>{readersInWords(content)}</span>
        <span class="muted">{period ?? `Changed ${dayOf(content.updatedAt)}`}</span>
      </div>
    </li>
  );
}
