import type { EvaluationComparison } from '@docent/contracts/evaluations';
import { useResource } from '../../api/resource.ts';
import { Badge } from '../../ui/meter.tsx';
import { Failure } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { percent } from '../../ui/words.ts';
import { measureNames, settingInWords } from './words.ts';

/** A run against another one, question by question. */
export function Comparison({ id, other }: { readonly id: string; readonly other: string }) {
  const found = useResource<EvaluationComparison>(`/v1/evaluations/${id}/compare`, { with: other });
  const { data, error } = found;
  return (
    <section class="stack" aria-labelledby="comparison-title">
      <h2 id="comparison-title">Against the other run</h2>
      {error !== undefined && <Failure error={error} retry={found.reload} />}
      {data === undefined && error === undefined && <Skeleton lines={5} />}
      {data !== undefined && (
        <>
          <p>{data.sentence}</p>
          {data.settings.length > 0 && (
            <ul class="differences">
              {data.settings.map(({ name, from, to }) => {
                const before = settingInWords(name, from);
                return (
                  <li key={name}>
                    {before.label}: {before.value}, now {settingInWords(name, to).value}
                  </li>
                );
              })}
            </ul>
          )}
          <Table
            caption="Measures of both runs"
            hideCaption
            rows={data.measures}
            rowKey={({ measure }) => measure}
            columns={[
              { key: 'name', label: 'Measure', cell: ({ measure }) => measureNames[measure] },
              { key: 'from', label: 'Other run', numeric: true, cell: ({ from }) => percent(from) },
              { key: 'to', label: 'This run', numeric: true, cell: ({ to }) => percent(to) },
              {
                key: 'difference',
                label: 'Difference',
                numeric: true,
                cell: ({ difference }) =>
                  `${difference > 0 ? '+' : ''}${Math.round(difference * 100)} %`,
              },
              {
                key: 'noise',
                label: 'Means something?',
                cell: ({ beyondNoise }) => (
                  <Badge tone={beyondNoise ? 'accent' : 'plain'}>
                    {beyondNoise ? 'Beyond chance' : 'May be chance'}
                  </Badge>
                ),
              },
            ]}
          />
        </>
      )}
    </section>
  );
}
