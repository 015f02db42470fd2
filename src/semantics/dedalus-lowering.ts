/**
 * What the three lowerings of a `.ded` program have in common: the statements made so far, the
 * kinds of relations, and which relation a literal about a point in time reads.
 *
 * Every clause keeps the span of what it was made from, and `names` gives its name by that span,
 * so that errors and reports speak of the `.ded` source.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import type { DedalusAtom } from '../syntax/dedalus-ast.js';
import {
  dedalusBuiltins,
  type DedalusFact,
  type DedalusProgram,
  type DedalusRelation,
  type DedalusRule,
} from './dedalus-program.js';
import {
  alwaysOf,
  atom,
  clause,
  columnVariables,
  comparison,
  declaration,
  FreshNames,
  headOf,
  heldAt,
  numberTerm,
  plainColumns,
  termArguments,
  timeRelation,
  typeNamed,
} from './dedalus-syntax.js';

/** A `.bloom` module, and the names of the clauses it was made from. */
export interface LoweredModule {
  readonly module: ast.Module;
  /** Name of a rule or fact by the place of its clause. */
  readonly names: ReadonlyMap<Span, string>;
}

/** The kind that a relation has, as declared or else as its facts and rules say. */
function kindOf(relation: DedalusRelation): ast.CollectionKind {
  if (relation.name === 'crash') return 'static';
  if (relation.name === 'clock') return 'scratch';
  if (relation.declaration !== null) return relation.declaration.collection;
  const isTimeless = relation.facts.every(({ head }) => head.time === 'now');
  return relation.rules.length === 0 && isTimeless ? 'static' : 'scratch';
}

/** Collects the statements of a lowered module. */
export class Lowering {
  readonly program: DedalusProgram;
  readonly fresh = new FreshNames();
  readonly #declarations: ast.Declaration[] = [];
  readonly #clauses: ast.Clause[] = [];
  readonly #names = new Map<Span, string>();
  /** Relations asked about at a point in time, with these times. */
  readonly #held = new Map<string, Set<number>>();

  constructor(program: DedalusProgram) {
    this.program = program;
  }

  finish(): LoweredModule {
    const statements = [...this.#declarations, ...this.#clauses];
    return { module: { file: this.program.module.file, statements }, names: this.#names };
  }

  declare(made: ast.Declaration): void {
    this.#declarations.push(made);
  }

  /** The relation with its columns as declared, or `c1, c2, ...`; the first is its place if `located`. */
  declareRelation(relation: DedalusRelation, located: boolean): void {
    const { name, declaration: own, arity, span } = relation;
    const columns = own?.columns?.map((column, i) => ({
      ...column,
      located: located && i === 0,
      type: located && i === 0 ? null : column.type,
    }));
    const made = declaration(
      kindOf(relation),
      name,
      columns ?? plainColumns(arity, located, span),
      span,
    );
    this.declare({ ...made, keyLength: own?.keyLength ?? null });
  }

  /** A clause that stands for `source`; null for one that is made up, named after what it is for. */
  add(clauseMade: ast.Clause, source: DedalusRule | DedalusFact | null = null): void {
    const made = source === null ? { ...clauseMade, span: { ...clauseMade.span } } : clauseMade;
    this.#clauses.push(made);
    const name = source?.name ?? helperName(made);
    this.#names.set(made.span, name);
    if (made.body === null) for (const { span } of made.heads) this.#names.set(span, name);
  }

  /** The relation that an atom reads: `p`, or what `p` held at the time asked about. */
  relationRead({ relation, at }: DedalusAtom): string {
    if (at === null || dedalusBuiltins.has(relation.text)) return relation.text;
    const known = this.#held.get(relation.text);
    if (known === undefined) this.#held.set(relation.text, new Set([at]));
    else known.add(at);
    return heldAt(relation.text, at);
  }

  /** `p(...)@k` reads a table that takes up what `p` holds at time k. */
  addHeld(isLocated: (relation: DedalusRelation) => boolean): void {
    for (const [name, times] of [...this.#held].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const relation = this.program.relations.get(name)!;
      const { arity, span } = relation;
      const located = isLocated(relation);
      for (const k of [...times].sort((a, b) => a - b)) {
        const columns = columnVariables(arity, span);
        const held = heldAt(name, k);
        this.declare(declaration('table', held, plainColumns(arity, located, span), span));
        const body = [atom(name, columns, span), atom(timeRelation, [numberTerm(k, span)], span)];
        this.add(clause(headOf(held, termArguments(columns), 'now', span), body, span));
      }
    }
  }

  /** The time of the node, as far as somebody asks for it. */
  addTime(): void {
    const { lastTime, times, rules } = this.program;
    const asks = rules.some(({ body }) => body.some((l) => l.kind === 'atom' && l.at !== null));
    if (lastTime !== null && !asks && !times.some((k) => k > 1)) return;
    const span = { file: this.program.module.file, start: 0, end: 0 };
    const now: ast.Term = { kind: 'name', text: 't', span };
    const one = numberTerm(1, span);
    const later: ast.Term = { kind: 'binary', operator: '+', left: now, right: one, span };
    const column = {
      name: { text: 'time', span },
      located: false,
      type: typeNamed('int', span),
      span,
    };
    this.declare(declaration('scratch', timeRelation, [column], span));
    this.add(clause(headOf(timeRelation, termArguments([one]), 'now', span), null, span));
    const bound = lastTime === null ? [] : [comparison(now, '<', numberTerm(lastTime, span), span)];
    const body = [atom(timeRelation, [now], span), ...bound];
    this.add(clause(headOf(timeRelation, termArguments([later]), 'next', span), body, span));
  }

  /**
   * A fact at time 1 holds at boot; one at time k when the node's time is k; one without time at
   * every time. `place` says more of where it holds.
   */
  addFact(fact: DedalusFact, place: (items: readonly ast.HeadArgument[]) => Placed): void {
    const { head, span } = fact;
    const name = head.relation.text;
    const relation = this.program.relations.get(name)!;
    const kind = kindOf(relation);
    const isKept = kind === 'static' || kind === 'table';
    if (head.time === 1 || (head.time === 'now' && isKept))
      return this.add(clause(headOf(name, head.arguments, 'now', span), null, span), fact);
    if (head.time === 'now') {
      const always = headOf(alwaysOf(name), head.arguments, 'now', span);
      return this.add(clause(always, null, span), fact);
    }
    const { items, literals } = place(head.arguments);
    const now = atom(timeRelation, [numberTerm(head.time as number, span)], span);
    this.add(clause(headOf(name, items, 'now', span), [now, ...literals], span), fact);
  }

  /** `p` holds at every time what its facts without time say. */
  addAlways(relation: DedalusRelation, located: boolean): void {
    const kind = kindOf(relation);
    const { name, arity, span, facts } = relation;
    const isAsked = facts.some(({ head }) => head.time === 'now');
    if (!isAsked || kind === 'static' || kind === 'table') return;
    const columns = columnVariables(arity, span);
    this.declare(declaration('static', alwaysOf(name), plainColumns(arity, located, span), span));
    const body = [atom(alwaysOf(name), columns, span)];
    this.add(clause(headOf(name, termArguments(columns), 'now', span), body, span));
  }
}

/** Named like a rule of the made-up relation that a made-up clause fills or empties. */
function helperName({ heads, body }: ast.Clause): string {
  const head = heads[0]!.relation.text;
  const first = body?.[0]?.literals[0];
  const read =
    first?.kind === 'condition' && first.term.kind === 'call' ? first.term.callee.text : '';
  return `${!head.includes('@') && read.includes('@') ? read : head}#1`;
}

/** A head's arguments, and the literals that they need. */
export interface Placed {
  readonly items: readonly ast.HeadArgument[];
  readonly literals: readonly ast.Literal[];
}
