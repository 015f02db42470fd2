/**
 * Where the vertices and edges of a layered graph go: dagre does the layout (Gansner et al., "A
 * technique for drawing directed graphs", 1993). Deterministic: the same graph has the same picture.
 */
import dagre from '@dagrejs/dagre';

export interface BoxToPlace {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}
export interface LinkToPlace {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Room for the label in the middle. */
  readonly label: { readonly width: number; readonly height: number };
}
export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface PlacedGraph {
  readonly width: number;
  readonly height: number;
  /** The middle of each box. */
  readonly boxes: ReadonlyMap<string, Point>;
  readonly links: ReadonlyMap<string, { readonly points: readonly Point[]; readonly label: Point }>;
}

/** What is used of dagre, whose own types rest on a package that has none for these module rules. */
interface LayoutGraph {
  readonly setGraph: (label: Readonly<Record<string, string | number>>) => void;
  readonly graph: () => { readonly width?: number; readonly height?: number };
  readonly setNode: (id: string, label: { width: number; height: number }) => void;
  readonly node: (id: string) => Partial<Point>;
  readonly setEdge: (from: string, to: string, label: object, name: string) => void;
  readonly edge: (
    from: string,
    to: string,
    name: string,
  ) => Partial<Point> & { readonly points?: readonly Partial<Point>[] };
}
const { graphlib, layout } = dagre as unknown as {
  readonly graphlib: { readonly Graph: new (options: { multigraph: boolean }) => LayoutGraph };
  readonly layout: (graph: LayoutGraph) => void;
};

/** Links beyond which a simpler ranking is used, that takes no longer than the graph is large. */
const manyLinks = 300;

export function placeGraph(
  boxes: readonly BoxToPlace[],
  links: readonly LinkToPlace[],
): PlacedGraph {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({
    rankdir: 'TB',
    nodesep: 28,
    edgesep: 14,
    ranksep: 34,
    marginx: 16,
    marginy: 16,
    ranker: links.length > manyLinks ? 'longest-path' : 'network-simplex',
  });
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const { id, from, to, label } of links)
    graph.setEdge(from, to, { ...label, labelpos: 'c' }, id);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const boxById = new Map(boxes.map((box) => [box.id, box]));
  return {
    width: finite(width),
    height: finite(height),
    boxes: new Map(boxes.map(({ id }) => [id, pointOf(graph.node(id))])),
    links: new Map(
      links.map(({ id, from, to }) => {
        const edge = graph.edge(from, to, id);
        const label = pointOf(edge);
        const points =
          from === to
            ? loopPoints(boxById.get(from)!, pointOf(graph.node(from)), label)
            : edge.points;
        return [id, { points: (points ?? []).map(pointOf), label }];
      }),
    ),
  };
}

/**
 * A link from a box to itself: out at its right side, around the label, for which the layout has left
 * room there, and back in below. (The layout's own points for it may lie outside the picture.)
 */
function loopPoints({ width, height }: BoxToPlace, middle: Point, label: Point): readonly Point[] {
  const right = middle.x + width / 2;
  return [
    { x: right, y: middle.y - height / 5 },
    { x: label.x, y: label.y - height / 2 },
    { x: label.x, y: label.y + height / 2 },
    { x: right, y: middle.y + height / 5 },
  ];
}

function pointOf({ x = 0, y = 0 }: Partial<Point>): Point {
  return { x: round(x), y: round(y) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function finite(value: number): number {
  return Number.isFinite(value) ? Math.ceil(value) : 0;
}
