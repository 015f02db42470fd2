/**
 * Types of the columns for which the program writes none: a fixpoint over the whole program.
 *
 *     A. Forward: a column has the join of what facts and heads put into it.
 *     B. Backward too: a column that nothing determines (an input), or that has only seen string
 *        literals (string or addr?), takes the type that its uses ask for.
 *     C. The same once more, no longer waiting where `any` meets what is undetermined.
 *     D. What is still open has type `any`, or `string` where literals were all it saw.
 *
 * Each phase proceeds in rounds: all clauses that a changed column concerns contribute, judged by
 * the types of the round before, then the columns change. So neither the order of rules nor that
 * of literals shows in the types, and a column changes only as often as its type can grow. Two
 * sources that have nothing in common are an error that names both places; an int and a float
 * have nothing in common here, since `1` and `1.0` are different values.
 */
import type { Span } from '../base/span.js';
import type { BodyDraft, ClauseDraft, HeadDraft } from './draft.js';
import { useHints } from './hint-types.js';
import { revealedType } from './lattice-types.js';
import type { ColumnDraft, RelationDraft } from './relation-draft.js';
import {
  isEndless,
  isOpen,
  joinTypes,
  meetTypes,
  sameType,
  settle,
  typeText,
  unknownType,
  widenInt,
} from './relate-types.js';
import { Reporter } from './reporter.js';
import type { Relations } from './resolve-relations.js';
import { solveVariables, type Solution, type Typing } from './solve-variables.js';
import { typeAggregate } from './type-aggregate.js';
import { typeTerm, type Scope } from './type-term.js';
import type { Type } from './types.js';

/** What one place says about a column's type. */
export interface Contribution {
  readonly relation: RelationDraft;
  readonly column: ColumnDraft;
  readonly type: Type;
  readonly span: Span;
  /** A use that asks for the type, rather than a source that has it. */
  readonly isHint: boolean;
}

interface Phase {
  readonly takesHints: boolean;
  readonly waits: boolean;
}

/** Fills in the types of all columns. */
export function inferColumns(
  clauses: readonly ClauseDraft[],
  relations: Relations,
  typing: Typing,
  reporter: Reporter,
): void {
  const open = [...relations.values()].filter((relation) =>
    relation.columns.some((column) => column.inferred && isOpen(column.type)),
  );
  if (open.length > 0) {
    const inference = new Inference(clauses, typing, reporter);
    inference.run({ takesHints: false, waits: true });
    inference.run({ takesHints: true, waits: true });
    inference.run({ takesHints: true, waits: false });
  }
  for (const { columns } of open) {
    for (const column of columns)
      if (column.inferred) column.type = column.poisoned ? unknownType : settle(column.type);
  }
}

function isOpenRelation(relation: RelationDraft): boolean {
  return relation.columns.some(
    (column) => column.inferred && !column.poisoned && isOpen(column.type),
  );
}

class Inference {
  readonly #clauses: readonly ClauseDraft[];
  readonly #typing: Typing;
  readonly #reporter: Reporter;
  readonly #mute = new Reporter('mute');
  /** Clauses that mention a relation without types, in a body or in a head. */
  readonly #users = new Map<RelationDraft, number[]>();

  constructor(clauses: readonly ClauseDraft[], typing: Typing, reporter: Reporter) {
    this.#clauses = clauses;
    this.#typing = typing;
    this.#reporter = reporter;
    for (const [index, clause] of clauses.entries()) {
      for (const relation of mentioned(clause)) {
        const users = this.#users.get(relation);
        if (users === undefined) this.#users.set(relation, [index]);
        else users.push(index);
      }
    }
  }

  run(phase: Phase): void {
    const first = [...this.#users]
      .filter(([relation]) => isOpenRelation(relation))
      .flatMap(([, users]) => users);
    let dirty: ReadonlySet<number> = new Set(first);
    while (dirty.size > 0) {
      const contributions = [...dirty]
        .sort((a, b) => a - b)
        .flatMap((index) => this.#evaluate(this.#clauses[index]!, phase));
      const changed = this.#apply(contributions);
      dirty = new Set([...changed].flatMap((relation) => this.#users.get(relation) ?? []));
    }
  }

  #evaluate(clause: ClauseDraft, phase: Phase): readonly Contribution[] {
    if (clause.bodies === null)
      return clause.heads.flatMap((head) =>
        this.#sources(head, { types: new Map(), conflicts: [] }),
      );
    return clause.bodies.flatMap((body) => {
      const solution = solveVariables(body, this.#typing, phase.waits);
      const sources = clause.heads.flatMap((head) => this.#sources(head, solution));
      return phase.takesHints ? [...sources, ...this.#hints(clause, body, solution)] : sources;
    });
  }

  #scope(solution: Solution): Scope {
    return {
      ...this.#typing,
      reporter: this.#mute,
      variableType: (name) => solution.types.get(name),
    };
  }

  /** What a head puts into columns without declared type. */
  #sources(head: HeadDraft, solution: Solution): readonly Contribution[] {
    const { relation } = head;
    if (head.arguments === null || head.mode === 'delete') return [];
    const contributions: Contribution[] = [];
    for (const [i, argument] of head.arguments.entries()) {
      const column = relation.columns[i]!;
      if (!column.inferred || column.poisoned || argument.kind === 'left-out') continue;
      const scope = this.#scope(solution);
      const type =
        argument.kind === 'term'
          ? typeTerm(argument.term, scope).type
          : aggregateType(argument, scope);
      if (type.kind !== 'unknown')
        contributions.push({
          relation,
          column,
          // Only what is declared as a lattice merges: elsewhere the plain value stands.
          type: widenInt(revealedType(type)),
          span: argument.span,
          isHint: false,
        });
    }
    return contributions;
  }

  /** What the uses of a body's variables ask of the open columns that bind them. */
  #hints(clause: ClauseDraft, body: BodyDraft, solution: Solution): readonly Contribution[] {
    const hasOpen = body.literals.some(
      (literal) =>
        literal.kind === 'atom' && literal.relation !== null && isOpenRelation(literal.relation),
    );
    return hasOpen ? useHints(clause, body, this.#scope(solution)) : [];
  }

  /** Changes the columns; the relations of those that did change. */
  #apply(contributions: readonly Contribution[]): ReadonlySet<RelationDraft> {
    const before = new Map<ColumnDraft, Type>();
    const changed = new Set<RelationDraft>();
    for (const contribution of contributions) {
      const { column, relation } = contribution;
      if (column.poisoned) continue;
      const start = before.get(column) ?? column.type;
      before.set(column, start);
      if (contribution.isHint && !isOpen(start)) continue;
      this.#combine(contribution);
      if (column.poisoned || !sameType(start, column.type)) changed.add(relation);
    }
    return changed;
  }

  #combine(contribution: Contribution): void {
    const { column, type, span, isHint } = contribution;
    const combined = isHint ? meetTypes(column.type, type) : joinTypes(column.type, type);
    if (combined === null) this.#reportConflict(contribution);
    else if (isEndless(combined)) this.#reportEndless(contribution);
    else {
      if (column.type.kind === 'unknown') column.typedAt = span;
      column.type = combined;
      return;
    }
    column.poisoned = true;
    column.type = unknownType;
  }

  #reportConflict({ relation, column, type, span }: Contribution): void {
    const [here, there] = [typeText(type), typeText(column.type)];
    this.#reporter.error(
      'TRL0309',
      span,
      `the column \`${column.name}\` of \`${relation.name}\` is ${here} here, but ${there} elsewhere`,
      {
        text: `${here} here`,
        secondary: [{ span: column.typedAt, text: `${there} here` }],
        help: conflictHelp(relation, column, here, there),
      },
    );
  }

  #reportEndless({ relation, column, span }: Contribution): void {
    this.#reporter.error(
      'TRL0316',
      span,
      `the column \`${column.name}\` of \`${relation.name}\` would hold values nested in themselves without end`,
      {
        help: `declare its type (\`${column.name}: any\`) if that is meant, and bound the recursion`,
      },
    );
  }
}

function conflictHelp(
  relation: RelationDraft,
  column: ColumnDraft,
  here: string,
  there: string,
): string {
  const pair = [here, there].sort().join();
  const mend =
    pair === 'float,int' ? 'write ints as floats (`1.0`, `to_float(x)`)' : 'make the two one type';
  return `${mend}, or declare \`${relation.name}\` with \`${column.name}: any\``;
}

function aggregateType(argument: Parameters<typeof typeAggregate>[0], scope: Scope): Type {
  const typed = typeAggregate(argument, scope);
  return typed?.kind === 'aggregate' ? typed.type : unknownType;
}

function mentioned(clause: ClauseDraft): ReadonlySet<RelationDraft> {
  const relations = new Set<RelationDraft>();
  for (const { relation } of clause.heads)
    if (relation.columns.some((column) => column.inferred)) relations.add(relation);
  for (const literal of (clause.bodies ?? []).flatMap((body) => body.literals)) {
    if (literal.kind === 'atom' && literal.relation?.columns.some((column) => column.inferred))
      relations.add(literal.relation);
  }
  return relations;
}
