/** A point in the unit square: both from 0 to 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Mark =
  /** A line through points; `dashed`: for comparison. */
  | { readonly kind: 'line'; readonly points: readonly Point[]; readonly dashed?: boolean }
  /** A dot; `size` 0 to 1: its area as a share of the largest. */
  | { readonly kind: 'dot'; readonly at: Point; readonly size: number; readonly title: string }
  /** Words beside a point. */
  | { readonly kind: 'label'; readonly at: Point; readonly text: string };

export interface Chart {
  readonly title: string;
  /** What the axes show; both run from 0 to 1. */
  readonly x: string;
  readonly y: string;
  /** Largest value of the vertical axis, above 0, at most 1. */
  readonly top?: number;
  readonly marks: readonly Mark[];
}

const [WIDTH, HEIGHT] = [560, 420];
const PLOT = { left: 64, top: 48, width: 470, height: 310 };
// Both have a contrast of more than 4 to 1 against white and against a dark page.
const GREY = '#757575';
const BLUE = '#2f7ed8';

/** A chart as an SVG document without a background: it can be read on light and dark pages. */
export function svgOf({ title, x, y, top = 1, marks }: Chart): string {
  const steps = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const place = (point: Point) => ({
    left: PLOT.left + point.x * PLOT.width,
    top: PLOT.top + (1 - point.y / top) * PLOT.height,
  });
  const ticks = steps.flatMap((step) => {
    const [across, up] = [place({ x: step, y: 0 }), place({ x: 0, y: step * top })];
    return [
      text(across.left, across.top + 20, percent(step), 'middle'),
      text(up.left - 8, up.top + 5, percent(step * top), 'end'),
      `<line x1="${n(up.left)}" y1="${n(up.top)}" x2="${n(PLOT.left + PLOT.width)}" y2="${n(up.top)}" stroke="${GREY}" stroke-opacity="0.3"/>`,
    ];
  });
  const drawn = marks.map((mark) => {
    if (mark.kind === 'label') {
      const { left, top: down } = place(mark.at);
      return text(left + 8, down - 8, mark.text, 'start');
    }
    if (mark.kind === 'dot') {
      const { left, top: down } = place(mark.at);
      const radius = 3 + 9 * Math.sqrt(mark.size);
      return `<circle cx="${n(left)}" cy="${n(down)}" r="${n(radius)}" fill="${BLUE}" fill-opacity="0.75"><title>${escaped(mark.title)}</title></circle>`;
    }
    const path = mark.points
      .map(place)
      .map(({ left, top: down }) => `${n(left)},${n(down)}`)
      .join(' ');
    const style = mark.dashed
      ? `stroke="${GREY}" stroke-dasharray="6 5"`
      : `stroke="${BLUE}" stroke-width="2.5"`;
    return `<polyline points="${path}" fill="none" ${style}/>`;
  });
  const middle = PLOT.top + PLOT.height / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="14">`,
    `<text x="${PLOT.left}" y="26" font-size="16" font-weight="600" fill="${GREY}">${escaped(title)}</text>`,
    ...ticks,
    text(PLOT.left + PLOT.width / 2, HEIGHT - 12, x, 'middle'),
    `<text transform="translate(18 ${n(middle)}) rotate(-90)" text-anchor="middle" fill="${GREY}">${escaped(y)}</text>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${n(x)}" y="${n(y)}" text-anchor="${anchor}" fill="${GREY}">${escaped(words)}</text>`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
