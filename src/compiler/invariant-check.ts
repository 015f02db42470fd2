/**
 * Invariants made ready to be checked against what the nodes of a cluster hold at one moment. Who
 * runs the nodes gathers the tuples; this file joins them, with the reference evaluator's join over
 * the placed relations that the bodies of invariants read.
 */
import { valueText } from '../base/value-text.js';
import type { Row } from '../base/value.js';
import type { Span } from '../base/span.js';
import { Content } from '../reference/content.js';
import { evaluateTerm, type Bindings } from '../reference/evaluate-term.js';
import { joinBody } from '../reference/join-body.js';
import { orderBody, type Step } from '../reference/order-body.js';
import type { AtomArgument, Body, Literal, Program, Relation } from '../semantics/program.js';
import { nodesRelation, placeColumn } from '../semantics/remarks.js';

/** Structurally the simulator's own type; this room does not know it. */
export interface InvariantCheckData {
  /** What to gather: of outputs everything ever released, of other relations what they hold. */
  readonly relations: readonly { readonly name: string; readonly kind: 'released' | 'held' }[];
  /** `rowsOf`: the tuples at all nodes, behind the node's name unless the relation is located. */
  readonly check: (
    nodes: readonly string[],
    rowsOf: (relation: string) => readonly Row[],
  ) => readonly InvariantBreach[];
}
export interface InvariantBreach {
  readonly invariant: string;
  readonly span: Span;
  /** What breaks it, e.g. `decided("a") at n1 and decided("b") at n2`. */
  readonly text: string;
}

/** The check of all invariants; null for a program without any. */
export function makeInvariantCheck(program: Program): InvariantCheckData | null {
  const { invariants } = program.remarks;
  if (invariants.length === 0) return null;
  const prepared = invariants.flatMap(({ name, span, bodies }) =>
    bodies.map((body) => ({ name, span, body, steps: orderBody(body, null) })),
  );
  const names = [...new Set(prepared.flatMap(({ body }) => body.literals.flatMap(relationOf)))];
  const read = names.filter((name) => name !== nodesRelation).sort();
  return {
    relations: read.map((name) => ({
      name,
      kind: program.relations.get(name)?.kind === 'output' ? 'released' : 'held',
    })),
    check(nodes, rowsOf) {
      const contents = new Map(
        read.map((name) => [name, contentOf(program.relations.get(name)!, rowsOf(name))] as const),
      );
      contents.set(nodesRelation, nodeContent(prepared[0]!.span, nodes));
      return prepared.flatMap((invariant) => breachesOf(program, invariant, contents));
    },
  };
}

function relationOf(literal: Literal): readonly string[] {
  return literal.kind === 'atom' ? [literal.relation] : [];
}

/** Every tuple counts, whatever the key: two nodes may well hold two tuples under one. */
function contentOf(relation: Relation, rows: readonly Row[]): Content {
  const columns =
    relation.location === null
      ? [nodeColumn(relation.span), ...relation.columns]
      : relation.columns;
  const content = new Content({ ...relation, columns, keyLength: columns.length });
  for (const row of rows) content.insert(row);
  return content;
}

function nodeColumn(span: Span): Relation['columns'][number] {
  return { name: placeColumn, type: { kind: 'addr' }, span };
}

function nodeContent(span: Span, nodes: readonly string[]): Content {
  const content = new Content({
    name: nodesRelation,
    kind: 'static',
    columns: [nodeColumn(span)],
    keyLength: 1,
    hasKey: false,
    location: null,
    partition: null,
    builtin: null,
    durable: false,
    declared: true,
    periodMs: null,
    eventDriven: false,
    observable: null,
    doc: null,
    span,
  });
  for (const node of nodes) content.insert([node]);
  return content;
}

interface PreparedInvariant {
  readonly name: string;
  readonly span: Span;
  readonly body: Body;
  readonly steps: readonly Step[];
}

/** Each way in which one body of an invariant holds, once, in the order of the texts. */
function breachesOf(
  program: Program,
  { name, span, body, steps }: PreparedInvariant,
  contents: ReadonlyMap<string, Content>,
): readonly InvariantBreach[] {
  // The same tuples in other places of a symmetric body are one breach.
  const texts = new Map<string, string>();
  const add = (before: string, bindings: Bindings): void => {
    const tuples = tupleTexts(program, body, bindings);
    const key = before + [...tuples].sort().join('\n');
    const text = before + tuples.join(' and ');
    const known = texts.get(key);
    if (known === undefined || text < known) texts.set(key, text);
  };
  joinBody(steps, {
    contentOf: (relation) => contents.get(relation)!,
    turn: () => {},
    pass: () => {},
    onBinding: (bindings) => add('', bindings),
    onFault: ({ error }, bindings) => add(`${error.message}, with `, bindings),
  });
  return [...texts.values()].sort().map((text) => ({ invariant: name, span, text }));
}

function tupleTexts(program: Program, body: Body, bindings: Bindings): readonly string[] {
  return body.literals.flatMap((literal) => {
    if (literal.kind !== 'atom' || literal.relation === nodesRelation) return [];
    return [atomText(program, literal, bindings)];
  });
}

function atomText(
  { relations }: Program,
  { relation, negated, arguments: items }: Literal & { readonly kind: 'atom' },
  bindings: Bindings,
): string {
  const texts = items.map((item) => argumentText(item, bindings));
  const isLocated = (relations.get(relation)?.location ?? null) !== null;
  const [node, ...rest] = isLocated ? [null, ...texts] : texts;
  const shown = `${negated ? 'no ' : ''}${relation}(${rest.join(', ')})`;
  return node === null || node === undefined ? shown : `${shown} at ${node.replaceAll('"', '')}`;
}

function argumentText(item: AtomArgument, bindings: Bindings): string {
  if (item.kind === 'wildcard') return '_';
  if (item.kind === 'variable' && !bindings.has(item.name)) return '_';
  return valueText(evaluateTerm(item, bindings));
}
