/**
 * A run as a space-time diagram (Lamport, "Time, clocks, and the ordering of events", 1978): a line
 * down the page for each node, a dot for each timestep, an arrow for each batch from the timestep
 * that sent it to the one that took it. Beside the dot stands what it took and what it showed.
 * Content that occurs in several diagrams of one witness has one hue in all of them.
 */
import { arrowHead } from './graph-svg.js';
import { tag } from './markup.js';
import type { Markup } from './markup.js';

export interface SpaceTime {
  readonly nodes: readonly string[];
  /** In the order in which they ran, each a timestep of one node. */
  readonly steps: readonly SpaceTimeStep[];
}
export interface SpaceTimeStep {
  readonly node: string;
  /** Of the node, from 1. */
  readonly number: number;
  readonly takes: readonly SpaceTimeTake[];
  /** What became visible: `+row`, `-row`. */
  readonly shows: readonly string[];
  readonly failures: readonly string[];
}
export interface SpaceTimeTake {
  readonly text: string;
  /** Index of the step that sent it; null for what comes from outside. */
  readonly from: number | null;
  /** Whether the network delivered it a second time. */
  readonly again: boolean;
}

const charWidth = 6.7;
const lineHeight = 16;
const longestText = 40;
const shortestText = 16;
const mostLines = 6;
const hues = 6;
/** What a node's line takes beside its texts. */
const nodeMargin = 62;
/** Wider diagrams keep their size and scroll. */
const widestFitting = 760;

/** Hues for contents, by their texts: shared by all diagrams of a witness. */
export function huesOf(diagrams: readonly SpaceTime[]): ReadonlyMap<string, number> {
  const texts = new Set(
    diagrams.flatMap(({ steps }) => steps.flatMap(({ takes }) => takes.map(({ text }) => text))),
  );
  return new Map([...texts].map((text, i) => [text, i % hues]));
}

interface Line {
  readonly text: string;
  readonly className: string;
}
interface PlacedStep {
  readonly x: number;
  readonly y: number;
  readonly lines: readonly Line[];
}

export function renderSpaceTimeSvg(
  diagram: SpaceTime,
  hueByText: ReadonlyMap<string, number>,
  title: string,
): Markup {
  const lines = diagram.steps.map((step) => linesOf(step, hueByText));
  const most = roomFor(diagram.nodes.length);
  const xByNode = placeNodes(diagram, lines, most);
  let y = 50;
  const placed = diagram.steps.map((step, i): PlacedStep => {
    const at = { x: xByNode.get(step.node)?.x ?? 0, y, lines: lines[i]! };
    y += Math.max(34, lines[i]!.length * lineHeight + 16);
    return at;
  });
  const width = Math.max(120, ...[...xByNode.values()].map(({ end }) => end));
  const lives = diagram.nodes.map((node) => lifeLine(node, xByNode.get(node)?.x ?? 0, y, most));
  const arrows = diagram.steps.flatMap((step, i) =>
    step.takes.map((take) => arrowOf(take, placed, i, hueByText.get(take.text) ?? 0)),
  );
  const dots = diagram.steps.map((step, i) => stepSvg(step, placed[i]!, most));
  return tag(
    'svg',
    {
      class: width <= widestFitting ? 'space-time fits' : 'space-time',
      viewBox: `0 0 ${width} ${y + 10}`,
      width,
      height: y + 10,
      role: 'img',
      'aria-label': title,
    },
    lives,
    arrows,
    dots,
  );
}

/** Characters of a text, so that all nodes are in view as long as there are few. */
function roomFor(nodes: number): number {
  const room = Math.floor((widestFitting / nodes - nodeMargin) / charWidth);
  return Math.max(shortestText, Math.min(longestText, room));
}

function linesOf(
  { takes, shows, failures }: SpaceTimeStep,
  hueByText: ReadonlyMap<string, number>,
): readonly Line[] {
  const all = [
    ...takes.map(({ text, again }) => ({
      text: again ? `${text} (again)` : text,
      className: `take hue${hueByText.get(text) ?? 0}`,
    })),
    ...shows.map((text) => ({ text, className: 'show' })),
    ...failures.map((text) => ({ text: `fails: ${text}`, className: 'failure' })),
  ];
  const rest = all.length - mostLines;
  const shown = rest > 0 ? all.slice(0, mostLines - 1) : all;
  const more = rest > 0 ? [{ text: `… ${rest + 1} more`, className: 'take' }] : [];
  return [...shown, ...more];
}

/** Each node's line, with room at its right for the widest of its texts. */
function placeNodes(
  { nodes, steps }: SpaceTime,
  lines: readonly (readonly Line[])[],
  most: number,
): ReadonlyMap<string, { readonly x: number; readonly end: number }> {
  const places = new Map<string, { readonly x: number; readonly end: number }>();
  let x = 34;
  for (const node of nodes) {
    const own = steps.flatMap((step, i) => (step.node === node ? lines[i]! : []));
    const widest = Math.max(node.length, 6, ...own.map(({ text }) => shorten(text, most).length));
    const end = x + 20 + widest * charWidth;
    places.set(node, { x, end: end + 8 });
    x = end + 34;
  }
  return places;
}

function lifeLine(node: string, x: number, bottom: number, most: number): Markup {
  return tag(
    'g',
    { class: 'life' },
    tag('line', { x1: x, y1: 28, x2: x, y2: bottom }),
    tag('text', { class: 'node', x, y: 18, 'text-anchor': 'middle' }, shorten(node, most)),
  );
}

function stepSvg(
  { number, failures }: SpaceTimeStep,
  { x, y, lines }: PlacedStep,
  most: number,
): Markup {
  return tag(
    'g',
    { class: failures.length > 0 ? 'step failed' : 'step' },
    tag('circle', { cx: x, cy: y, r: 9 }),
    tag('text', { class: 'number', x, y: y + 4, 'text-anchor': 'middle' }, String(number)),
    lines.map(({ text, className }, i) =>
      tag(
        'text',
        { class: className, x: x + 16, y: y + 4 + i * lineHeight },
        tag('title', {}, text),
        shorten(text, most),
      ),
    ),
  );
}

function arrowOf(
  { from, again }: SpaceTimeTake,
  placed: readonly PlacedStep[],
  at: number,
  hue: number,
): Markup {
  const end = placed[at]!;
  const className = `arrow hue${hue}${again ? ' again' : ''}`;
  const start = from === null ? null : placed[from];
  if (start === null || start === undefined) {
    // From outside: a short arrow from the left.
    const points = [
      { x: end.x - 30, y: end.y },
      { x: end.x - 10, y: end.y },
    ];
    return arrowSvg(className, `M${end.x - 30} ${end.y}L${end.x - 10} ${end.y}`, points);
  }
  if (start.x === end.x) {
    const bow = end.x - 24;
    const last = { x: end.x - 8, y: end.y - 5 };
    const path = `M${start.x - 8} ${start.y + 5}C${bow} ${start.y + 14} ${bow} ${end.y - 14} ${last.x} ${last.y}`;
    return arrowSvg(className, path, [{ x: bow, y: end.y - 12 }, last]);
  }
  const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
  const [dx, dy] = [(end.x - start.x) / length, (end.y - start.y) / length];
  const first = { x: round(start.x + dx * 9), y: round(start.y + dy * 9) };
  const last = { x: round(end.x - dx * 10), y: round(end.y - dy * 10) };
  return arrowSvg(className, `M${first.x} ${first.y}L${last.x} ${last.y}`, [first, last]);
}

function arrowSvg(
  className: string,
  path: string,
  points: readonly { readonly x: number; readonly y: number }[],
): Markup {
  return tag(
    'g',
    { class: className },
    tag('path', { d: path }),
    tag('polygon', { points: arrowHead(points, 7) }),
  );
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
