import './graph.css';
import type { ComponentChildren } from 'preact';
import { type Arrow, layersOf, withoutDetours } from './layers.ts';
import { useWidth } from './width.ts';

/** Something in the drawing. */
export interface GraphNode {
  readonly id: string;
  /** What stands in its box. */
  readonly label: ComponentChildren;
  /** Class of its box, for its colours. */
  readonly look: string;
}

/** Heights of boxes and distances, CSS pixels. */
const BOX = 68;
const GAP = 14;
const BETWEEN = 44;
const NARROWEST = 132;
const WIDEST = 210;
/** Room for the bows at the side of the narrow drawing. */
const BOWS = 56;

/**
 * What comes before what, as boxes with arrows: columns from left to right where they fit, else one below the other
 * with bows at the side.
 *
 * @param nodes in an order in which nothing comes before what leads to it.
 */
export function Graph({
  nodes,
  arrows,
}: {
  readonly nodes: readonly GraphNode[];
  readonly arrows: readonly Arrow[];
}) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const lines = withoutDetours(arrows);
  const columns = layersOf(
    nodes.map(({ id }) => id),
    lines,
  );
  const boxWidth = Math.min(
    WIDEST,
    Math.floor((width - 2 - BETWEEN * (columns.length - 1)) / Math.max(1, columns.length)),
  );
  return (
    <div class="graph" ref={ref}>
      {boxWidth >= NARROWEST ? (
        <Columns nodes={nodes} columns={columns} arrows={lines} boxWidth={boxWidth} />
      ) : (
        <Rows nodes={nodes} arrows={lines} width={Math.max(width, 200)} />
      )}
    </div>
  );
}

function Columns({
  nodes,
  columns,
  arrows,
  boxWidth,
}: {
  readonly nodes: readonly GraphNode[];
  readonly columns: readonly (readonly string[])[];
  readonly arrows: readonly Arrow[];
  readonly boxWidth: number;
}) {
  const most = Math.max(0, ...columns.map(({ length }) => length));
  const height = most * (BOX + GAP) - GAP + 2;
  const places = new Map(
    columns.flatMap((column, index) => {
      const top = (height - (column.length * (BOX + GAP) - GAP)) / 2;
      return column.map((id, row): [string, Place] => [
        id,
        { x: 1 + index * (boxWidth + BETWEEN), y: top + row * (BOX + GAP) },
      ]);
    }),
  );
  return (
    <Drawing width={columns.length * (boxWidth + BETWEEN) - BETWEEN + 2} height={height}>
      {arrows.map(({ from, to }) => {
        const [start, end] = [places.get(from), places.get(to)];
        if (start === undefined || end === undefined) return null;
        const [x1, y1] = [start.x + boxWidth, start.y + BOX / 2];
        const [x2, y2] = [end.x - 7, end.y + BOX / 2];
        const bend = Math.max(BETWEEN / 2, (x2 - x1) / 2);
        const d = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
        return <Line key={`${from} ${to}`} d={d} x={x2} y={y2} />;
      })}
      <Boxes nodes={nodes} places={places} width={boxWidth} />
    </Drawing>
  );
}

function Rows({
  nodes,
  arrows,
  width,
}: {
  readonly nodes: readonly GraphNode[];
  readonly arrows: readonly Arrow[];
  readonly width: number;
}) {
  const row = new Map(nodes.map(({ id }, index) => [id, index]));
  const places = new Map(
    nodes.map(({ id }, index): [string, Place] => [id, { x: BOWS, y: 1 + index * (BOX + GAP) }]),
  );
  return (
    <Drawing width={width} height={nodes.length * (BOX + GAP) - GAP + 2}>
      {arrows.map(({ from, to }) => {
        const [start, end] = [places.get(from), places.get(to)];
        if (start === undefined || end === undefined) return null;
        const far = Math.abs((row.get(to) ?? 0) - (row.get(from) ?? 0));
        const bow = Math.min(BOWS - 10, 14 + far * 7) * 1.3;
        // Arrows leave at the lower half of a box and come in at the upper half.
        const [y1, y2] = [start.y + BOX * 0.7, end.y + BOX * 0.3];
        const x2 = BOWS - 7;
        const d = `M${BOWS} ${y1} C${BOWS - bow} ${y1} ${x2 - bow} ${y2} ${x2} ${y2}`;
        return <Line key={`${from} ${to}`} d={d} x={x2} y={y2} />;
      })}
      <Boxes nodes={nodes} places={places} width={width - BOWS - 1} />
    </Drawing>
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function Drawing({
  width,
  height,
  children,
}: {
  readonly width: number;
  readonly height: number;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: the figure around it hides it; its sentence and table tell the same.
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      {children}
    </svg>
  );
}

function Line({ d, x, y }: { readonly d: string; readonly x: number; readonly y: number }) {
  return (
    <>
      <path class="graph-line" d={d} />
      <path class="graph-tip" d={`M${x + 6} ${y} l-8 -4.5 v9 z`} />
    </>
  );
}

function Boxes({
  nodes,
  places,
  width,
}: {
  readonly nodes: readonly GraphNode[];
  readonly places: ReadonlyMap<string, Place>;
  readonly width: number;
}) {
  return (
    <>
      {nodes.map(({ id, label, look }) => {
        const place = places.get(id);
        return (
          place && (
            <foreignObject key={id} x={place.x} y={place.y} width={width} height={BOX}>
              <div class={`graph-box ${look}`}>{label}</div>
            </foreignObject>
          )
        );
      })}
    </>
  );
}
