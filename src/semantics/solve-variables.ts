/**
 * The types of a body's variables, given the types of columns: a variable has what all its binding
 * places have in common. Atoms come first, wherever they stand; then bindings, patterns and
 * memberships in the order of the body, since their terms use what is bound before them.
 *
 * With `waits`, a variable that would be `any` while another of its places is still undetermined
 * stays undetermined too, so that inference does not settle for `any` too early.
 */
import type { Span } from '../base/span.js';
import type { BodyDraft, PatternDraft } from './draft.js';
import type { Constant, ExternFunction } from './program.js';
import type { ColumnDraft } from './relation-draft.js';
import { anyType, meetTypes, unknownType, widenInt } from './relate-types.js';
import { contentType } from './lattice-content.js';
import { revealedType } from './lattice-types.js';
import { Reporter } from './reporter.js';
import { typeTerm, type Scope } from './type-term.js';
import type { Type } from './types.js';

/** What typing a body needs to know of the module. */
export interface Typing {
  readonly constants: ReadonlyMap<string, Constant>;
  readonly functions: ReadonlyMap<string, ExternFunction>;
  /** Lattices that the embedding program lends. */
  readonly lattices: ReadonlySet<string>;
  readonly isRelation: (name: string) => boolean;
}

/** Two places give a variable types that have nothing in common. */
export interface VariableConflict {
  readonly variable: string;
  readonly earlier: { readonly type: Type; readonly span: Span };
  readonly later: { readonly type: Type; readonly span: Span };
}

export interface Solution {
  readonly types: ReadonlyMap<string, Type>;
  readonly conflicts: readonly VariableConflict[];
}

export function solveVariables(body: BodyDraft, typing: Typing, waits = false): Solution {
  const solver = new Solver(typing);
  solver.solve(body);
  const types = new Map<string, Type>();
  for (const [name, { type, isWaiting }] of solver.places) {
    types.set(name, waits && isWaiting && type.kind === 'any' ? unknownType : type);
  }
  return { types, conflicts: solver.conflicts };
}

interface Place {
  type: Type;
  span: Span;
  /** Some place of the variable has no type yet. */
  isWaiting: boolean;
  /** Its places disagree, so that it has no type at all. */
  isPoisoned: boolean;
}

class Solver {
  readonly places = new Map<string, Place>();
  readonly conflicts: VariableConflict[] = [];
  readonly #scope: Scope;

  constructor(typing: Typing) {
    // Errors in terms are reported when the body is built.
    this.#scope = {
      ...typing,
      reporter: new Reporter('mute'),
      variableType: (name) => this.places.get(name)?.type,
    };
  }

  solve(body: BodyDraft): void {
    for (const literal of body.literals) {
      if (literal.kind !== 'atom' || literal.negated) continue;
      for (const [i, argument] of literal.arguments.entries()) {
        const column = literal.relation?.columns[i];
        if (argument.kind === 'variable')
          this.#meet(argument.name, column?.type ?? unknownType, argument.span, column);
      }
    }
    for (const literal of body.literals) {
      if (literal.kind === 'bind')
        this.#meet(
          literal.variable.name,
          widenInt(typeTerm(literal.term, this.#scope).type),
          literal.variable.span,
        );
      if (literal.kind === 'match')
        this.#bindPattern(literal.pattern, typeTerm(literal.term, this.#scope).type);
      if (literal.kind === 'member' && !literal.negated) {
        this.#bindPattern(
          literal.pattern,
          memberType(typeTerm(literal.collection, this.#scope).type) ?? unknownType,
        );
      }
    }
  }

  #meet(name: string, type: Type, span: Span, column?: ColumnDraft): void {
    const isWaiting = type.kind === 'unknown' && column?.poisoned !== true;
    const known = this.places.get(name);
    if (known === undefined) {
      this.places.set(name, { type, span, isWaiting, isPoisoned: false });
      return;
    }
    if (known.isPoisoned) return;
    known.isWaiting ||= isWaiting;
    const met = meetTypes(known.type, type);
    if (met === null) {
      this.conflicts.push({
        variable: name,
        earlier: { type: known.type, span: known.span },
        later: { type, span },
      });
      known.isPoisoned = true;
      known.type = unknownType;
    } else {
      if (known.type.kind === 'unknown') known.span = span;
      known.type = met;
    }
  }

  #bindPattern(pattern: PatternDraft, type: Type): void {
    if (pattern.kind === 'variable') this.#meet(pattern.name, widenInt(type), pattern.span);
    if (pattern.kind !== 'pattern') return;
    const items = patternItemTypes(pattern, type);
    for (const [i, item] of pattern.items.entries())
      this.#bindPattern(item, items?.[i] ?? unknownType);
  }
}

/** The types of a pattern's items if values of `type` can match it; null if none can. */
export function patternItemTypes(
  pattern: PatternDraft & { kind: 'pattern' },
  type: Type,
): readonly Type[] | null {
  if (type.kind === 'unknown') return pattern.items.map(() => unknownType);
  if (type.kind === 'any') return pattern.items.map(() => anyType);
  if (pattern.shape === 'tuple')
    return type.kind === 'tuple' && type.items.length === pattern.items.length ? type.items : null;
  return type.kind === 'list' ? pattern.items.map(() => type.item) : null;
}

/** The type of what a collection holds; null if the type is no collection. */
export function memberType(type: Type): Type | null {
  switch (type.kind) {
    case 'unknown':
      return unknownType;
    case 'list':
    case 'set':
      return type.item;
    case 'map':
      return { kind: 'tuple', items: [type.key, type.value] };
    case 'lattice':
      // The values of an `lmap` are lattice values still; everything else is taken apart as it is shown.
      return memberType(type.name === 'lmap' ? contentType(type) : revealedType(type));
    default:
      return null;
  }
}
