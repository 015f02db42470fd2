/**
 * Keeps the events that a rule meets, so that it can wait: `bill(s, n) :- ask(s), total(s, n)` reads a
 * table `ask_held` instead, which takes each `ask` in the timestep in which it comes.
 *
 * Events that a rule counts are not kept, for then it would count all there ever were, and neither
 * are absent ones, timers and the clock, whose moments are what they say.
 */
import { isAggregated } from '../analysis/aggregate-groups.js';
import type { Known } from '../analysis/find-defects.js';
import { clausesOf, relationOf } from '../analysis/program-index.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import type { Body, Program, Relation } from '../semantics/program.js';
import { atomOf, ProgramDraft, termsOf, variable } from './program-draft.js';

export interface HeldEvents {
  readonly program: Program;
  /** Relations whose events are kept, sorted. */
  readonly held: readonly string[];
}

/** The program in which the rule reads kept events; null if it meets none, or some cannot be kept. */
export function holdEvents(program: Program, known: Known, ruleId: number): HeldEvents | null {
  const { index, growth } = known;
  const rule = program.rules[ruleId]!;
  const clauses = clausesOf(index, rule.head.relation).filter(
    (clause) => clause.rule.id === ruleId,
  );
  const isEvent = (relation: string): boolean => growth.growthByRelation.get(relation) === 'event';
  const events = clauses.flatMap((clause) =>
    clause.atoms
      .filter(({ relation }) => isEvent(relation))
      .map((atom) => ({ atom, counts: isAggregated(index, clause, atom) })),
  );
  const canKeep = events.every(
    ({ atom, counts }) => !atom.negated && !counts && isKeepable(relationOf(index, atom.relation)),
  );
  if (events.length === 0 || !canKeep) return null;
  const draft = new ProgramDraft(program);
  const held = [...new Set(events.map(({ atom }) => atom.relation))].sort();
  const tables = new Map(held.map((name) => [name, keep(draft, name)]));
  const bodies = rule.bodies.map((body): Body => ({
    ...body,
    literals: body.literals.map((literal) =>
      literal.kind === 'atom' && tables.has(literal.relation)
        ? { ...literal, relation: tables.get(literal.relation)! }
        : literal,
    ),
  }));
  draft.mapRules((each, place) => (place === ruleId ? { ...each, bodies } : each));
  return { program: draft.finish(program.remarks), held };
}

function isKeepable({ kind, builtin, columns }: Relation): boolean {
  return (
    kind !== 'periodic' && builtin === null && !columns.some(({ type }) => isLatticeType(type))
  );
}

function keep(draft: ProgramDraft, name: string): string {
  const { columns, durable, span } = draft.relation(name);
  const table = draft.declare(
    `${name}_held`,
    {
      kind: 'table',
      columns,
      location: null,
      keyLength: null,
      durable,
      doc: null,
      span,
    },
    { relation: name, how: 'kept until it is complete' },
  );
  const row = columns.map((column) => variable(column.name, column.type, span));
  draft.derive({
    head: table,
    mode: 'now',
    arguments: termsOf(row),
    body: [atomOf(name, row, span)],
    origin: { rule: name, span, rewrite: 'seal' },
  });
  return table;
}
