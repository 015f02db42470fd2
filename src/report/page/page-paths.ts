/**
 * What the page's script needs to know: for each blame the vertices, edges and places on its way, for
 * each relation what to say of it, where it stands and which rules derive it, for each rule its line.
 */
import { traceBlame } from '../../analysis/trace-blame.js';
import type { Blame } from '../../analysis/confluence-report.js';
import { endNames } from '../../analysis/long-ways.js';
import { stationName, stationText } from '../../analysis/made-up-relations.js';
import type { Program } from '../../semantics/program.js';
import type { AnnotatedFile } from '../annotate-source.js';
import type { ConfluenceGraph } from '../confluence-graph.js';
import type { MonotonicityReport } from '../monotonicity-report.js';
import { growthTexts } from '../render-explanation-text.js';
import { whyText } from '../rule-words.js';
import { determinismText, holdersText } from '../verdict-words.js';
import { segmentOf } from './source-segments.js';

export interface PageData {
  readonly hint: string;
  readonly paths: Readonly<Record<string, PagePath>>;
  readonly vertices: Readonly<
    Record<
      string,
      {
        readonly text: string;
        readonly rules: readonly number[];
        readonly segments: readonly string[];
        /** The path that a click shows; null where the relation is none of the unmet observables. */
        readonly path: string | null;
      }
    >
  >;
  /** By index of the rule. */
  readonly rules: readonly string[];
}
export interface PagePath {
  readonly text: string;
  readonly vertices: readonly string[];
  readonly edges: readonly string[];
  readonly segments: readonly string[];
}

/** The name of a blame on the page: those of observables first, in order. */
export function pathId(observable: number, blame: number): string {
  return `p${observable}-${blame}`;
}

export function pageData(
  report: MonotonicityReport,
  graph: ConfluenceGraph,
  files: readonly AnnotatedFile[],
): PageData {
  const { program, observables } = report;
  const paths = observables.flatMap(({ blame }, i) =>
    blame.map((each, j) => [pathId(i, j), pathOf(program, graph, files, each)] as const),
  );
  const pathByRelation = new Map(
    observables.flatMap(({ relation, blame }, i) =>
      blame.length === 0 ? [] : [[relation, pathId(i, 0)] as const],
    ),
  );
  const vertices = graph.vertices.map((vertex, i) => {
    const { name, kind, growth, determinism } = vertex;
    const declared = program.relations.get(name)!;
    const rules = program.rules.filter(({ head }) => head.relation === name).map(({ id }) => id);
    const text = `${kind} ${stationName(program, name)}: ${growthTexts[growth]}; ${determinism} ${determinismText(determinism)}; ${holdersText(vertex, program)}.`;
    const segments = declared.declared ? [segmentOf(files, declared.span)] : [];
    return [`v${i}`, { text, rules, segments, path: pathByRelation.get(name) ?? null }] as const;
  });
  return {
    hint: 'Choose a relation, an edge, a rule or a path to see where it stands. Escape clears.',
    paths: Object.fromEntries(paths),
    vertices: Object.fromEntries(vertices),
    rules: report.rules.map(
      (rule) => `${stationName(program, rule.name)}: ${rule.letter}, ${whyText(report, rule)}.`,
    ),
  };
}

function pathOf(
  program: Program,
  graph: ConfluenceGraph,
  files: readonly AnnotatedFile[],
  blame: Blame,
): PagePath {
  const steps = traceBlame(program, blame);
  const relations = new Set([
    ...steps.map(({ relation }) => relation),
    ...blame.path.filter((name, i) => name !== blame.rule && i < blame.path.length),
  ]);
  const passed = new Set(steps.map((step) => `${step.ruleId} ${step.relation}`));
  const edges = graph.edges.flatMap(({ rule, from }, i) =>
    passed.has(`${rule} ${from}`) ? [`e${i}`] : [],
  );
  return {
    text: `Path: ${endNames(blame.stations.map(stationText)).join(' → ')}.`,
    vertices: graph.vertices.flatMap(({ name }, i) => (relations.has(name) ? [`v${i}`] : [])),
    edges,
    segments: steps.map(({ span }) => segmentOf(files, span)),
  };
}
