/**
 * A program that a rewrite adds to: relations and rules beside those of the source, under names that
 * no name of the program equals, so that what is printed parses to itself.
 *
 * Made-up relations are called after the relation that they serve (`action_end`), with underscores
 * behind where that is taken. Rules that are made keep the origin of what they were made for. Which
 * relations are event-driven is found again at the end, since what is added may change it.
 */
import type { Span } from '../base/span.js';
import { builtinRelation, sealedName } from '../semantics/builtin-relations.js';
import { bodyRelations, markEvents } from '../semantics/mark-events.js';
import type {
  AtomArgument,
  BuiltinRelation,
  Column,
  Fact,
  HeadArgument,
  HeadMode,
  Literal,
  MadeFrom,
  Origin,
  Program,
  Relation,
  RelationKind,
  Rule,
  Variable,
} from '../semantics/program.js';
import type { Seal } from '../semantics/remarks.js';
import type { Type } from '../semantics/types.js';

/** What is needed to declare a relation. */
export interface Shape {
  readonly kind: RelationKind;
  readonly columns: readonly Column[];
  /** Index of the `@` column; null for a relation that is local. */
  readonly location: number | null;
  /** Columns left of `=>`; null without one. */
  readonly keyLength: number | null;
  /** Whether what is kept outlives the process, as far as the kind keeps anything. */
  readonly durable: boolean;
  readonly doc: string | null;
  readonly span: Span;
}

/** A rule in the making. */
export interface Deriving {
  readonly head: string;
  readonly mode: HeadMode;
  readonly arguments: readonly HeadArgument[];
  readonly body: readonly Literal[];
  readonly origin: Origin;
}

export class ProgramDraft {
  readonly #program: Program;
  readonly #relations: Map<string, Relation>;
  readonly #taken: Set<string>;
  #rules: Rule[];
  #facts: readonly Fact[];

  constructor(program: Program) {
    this.#program = program;
    this.#relations = new Map(program.relations);
    this.#rules = [...program.rules];
    this.#facts = program.facts;
    this.#taken = new Set([
      ...program.relations.keys(),
      ...program.functions.map(({ name }) => name),
      ...program.params.map(({ name }) => name),
    ]);
  }

  relation(name: string): Relation {
    return this.#relations.get(name)!;
  }

  /** The rules so far, in order. */
  get rules(): readonly Rule[] {
    return this.#rules;
  }

  /** Declares a relation under this name or one that is free, which stands for another one; gives the name. */
  declare(name: string, shape: Shape, madeFrom: MadeFrom): string {
    let free = name;
    while (this.#taken.has(free)) free += '_';
    this.#taken.add(free);
    const { columns, keyLength, ...rest } = shape;
    this.#relations.set(free, {
      ...rest,
      name: free,
      columns,
      keyLength: keyLength ?? columns.length,
      hasKey: keyLength !== null,
      partition: null,
      builtin: null,
      durable: shape.durable && (shape.kind === 'table' || shape.kind === 'channel'),
      declared: true,
      periodMs: null,
      eventDriven: false,
      observable: null,
      madeFrom: this.#madeFrom(madeFrom),
    });
    return free;
  }

  /** What stands for a relation that is made up stands for what that stands for. */
  #madeFrom({ relation, how }: MadeFrom): MadeFrom {
    const from = this.#relations.get(relation)?.madeFrom;
    return from === undefined
      ? { relation, how }
      : { relation: from.relation, how: `${from.how}, ${how}` };
  }

  /** Makes a built-in relation one of those that the program uses. */
  use(name: 'self' | 'cluster', span: Span): string {
    if (!this.#relations.has(name)) {
      const { columns, kind } = builtinRelation(name, span);
      const builtin: BuiltinRelation = name;
      this.#taken.add(name);
      this.#relations.set(name, {
        name,
        kind,
        columns: columns.map((column) => ({ name: column.name, type: column.type, span })),
        keyLength: columns.length,
        hasKey: false,
        location: null,
        partition: null,
        builtin,
        durable: false,
        declared: true,
        periodMs: null,
        eventDriven: false,
        observable: null,
        doc: null,
        span,
      });
    }
    return name;
  }

  /** Makes what `sealed r(k)` reads one of the relations; gives its name. */
  addSealed({ relation, columns, span }: Seal): string {
    const name = sealedName(relation);
    const sealed = (columns ?? []).map((column) => this.relation(relation).columns[column]!);
    if (!this.#relations.has(name))
      this.#relations.set(name, {
        name,
        kind: 'input',
        columns: sealed,
        keyLength: sealed.length,
        hasKey: false,
        location: null,
        partition: null,
        durable: false,
        builtin: 'sealed',
        declared: true,
        periodMs: null,
        eventDriven: true,
        observable: null,
        doc: null,
        span,
      });
    return name;
  }

  /** The relation becomes another one of the same name and columns. */
  change(name: string, change: Partial<Pick<Relation, 'kind' | 'durable'>>): void {
    this.#relations.set(name, { ...this.relation(name), ...change });
  }

  remove(name: string): void {
    this.#relations.delete(name);
  }

  derive({ head, mode, arguments: items, body, origin }: Deriving): void {
    const { span } = origin;
    this.#rules.push({
      id: this.#rules.length,
      name: `${head}#${this.#namedAfter(head) + 1}`,
      labelled: false,
      head: { relation: head, mode, arguments: items, span },
      bodies: [{ literals: body, span }],
      aggregated: items.some(({ kind }) => kind === 'aggregate'),
      eventDriven: false,
      doc: null,
      origin,
    });
  }

  /** Changes rules in their place. */
  mapRules(change: (rule: Rule, place: number) => Rule): void {
    this.#rules = this.#rules.map(change);
  }

  /** Puts these rules in place of all that are there. */
  replaceRules(rules: readonly Rule[]): void {
    this.#rules = [...rules];
  }

  /**
   * Takes in another program, as made for a place of this one; `madeFrom`: what its relations stand for.
   * Contract: they share built-in relations only.
   */
  adopt(
    other: Program,
    { span, rewrite }: Pick<Origin, 'span' | 'rewrite'>,
    madeFrom: (relation: string) => MadeFrom,
  ): void {
    for (const [name, relation] of other.relations)
      if (relation.builtin === null || !this.#relations.has(name))
        this.#relations.set(
          name,
          relation.builtin === null
            ? { ...relation, observable: null, madeFrom: madeFrom(name) }
            : { ...relation, observable: null },
        );
    for (const rule of other.rules)
      this.#rules.push({ ...rule, origin: { rule: rule.name, span, rewrite } });
    this.#facts = [...this.#facts, ...other.facts];
  }

  /** A name for a clause whose first head derives the relation. */
  nameFor(relation: string): string {
    return `${relation}#${this.#namedAfter(relation) + 1}`;
  }

  #namedAfter(relation: string): number {
    const isOwn = ({ name }: Rule | Fact): boolean => name.startsWith(`${relation}#`);
    const names = [...this.#rules, ...this.#program.facts].filter(isOwn).map(({ name }) => name);
    return new Set(names).size;
  }

  finish(remarks: Program['remarks']): Program {
    const events = markEvents(this.#relations, this.#rules, this.#facts);
    return {
      ...this.#program,
      facts: this.#facts,
      relations: new Map(
        [...this.#relations].map(([name, relation]) => [
          name,
          { ...relation, eventDriven: events.has(name) },
        ]),
      ),
      rules: this.#rules.map((rule, id) => {
        const eventDriven = [...bodyRelations(rule)].some((name) => events.has(name));
        const isAsIs = rule.id === id && rule.eventDriven === eventDriven;
        return isAsIs ? rule : { ...rule, id, eventDriven };
      }),
      remarks,
    };
  }
}

export function atomOf(
  relation: string,
  items: readonly AtomArgument[],
  span: Span,
  negated = false,
): Literal {
  return { kind: 'atom', negated, relation, arguments: items, span };
}

export function termsOf(variables: readonly AtomArgument[]): readonly HeadArgument[] {
  return variables.map((term) => ({ kind: 'term', term }));
}

export function variable(name: string, type: Type, span: Span): Variable {
  return { kind: 'variable', name, type, span };
}
