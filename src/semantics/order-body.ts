/**
 * Range restriction, and with it the order of a body's literals: each comes as early as its inputs
 * are bound, otherwise in source order. A variable that nothing can bind is an error.
 *
 * Positive atoms bind all their variables, whatever comes first; so `x = e` is `x == e` if an
 * atom has `x`. Otherwise the first of several bindings and memberships binds `x`, and the others
 * test that it is the same value, so that it does not matter which one is first. `x = y` between
 * bare variables binds the one that is unbound. What a body means does therefore not depend on
 * the order in which it was written.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import { equality, nameTerm } from './desugar-body.js';
import {
  atomVariables,
  patternVariables,
  type BodyDraft,
  type LiteralDraft,
  type NameUse,
} from './draft.js';
import { isMadeUp } from './made-up-names.js';
import type { Reporter } from './reporter.js';
import { freeNames } from './walk-terms.js';

export function orderBody(
  literals: readonly LiteralDraft[],
  isConstant: (name: string) => boolean,
  span: Span,
  reporter: Reporter,
): BodyDraft {
  const atomBound = new Set<string>();
  for (const literal of literals) {
    if (literal.kind === 'atom' && !literal.negated)
      for (const { name } of atomVariables(literal)) atomBound.add(name);
  }
  const steps = literals.map((literal) => asStep(literal, atomBound, isConstant));
  const scheduler = new Scheduler(steps, reporter);
  scheduler.run();
  return { literals: scheduler.ordered, bound: scheduler.bound, span };
}

/** A test that a bound variable has a value, as a pattern: it tells `1` from `1.0` as a binding would. */
function sameValue(variable: NameUse, term: ast.Term, span: Span): LiteralDraft {
  return { kind: 'match', pattern: { kind: 'variable', ...variable }, term, span };
}

/** A literal that waits for its inputs. */
interface Step {
  readonly literal: LiteralDraft;
  /** Variables that must be bound before it. */
  readonly inputs: readonly NameUse[];
  /** Variables that it binds if they are not bound. */
  readonly outputs: readonly NameUse[];
  /** The two sides of `x = y`: either binds the other. */
  readonly either: readonly [NameUse, NameUse] | null;
}

function asStep(
  literal: LiteralDraft,
  atomBound: ReadonlySet<string>,
  isConstant: (name: string) => boolean,
): Step {
  const free = (term: Parameters<typeof freeNames>[0]): readonly NameUse[] =>
    freeNames(term, isConstant);
  switch (literal.kind) {
    case 'atom': {
      const variables = atomVariables(literal);
      return {
        literal,
        inputs: literal.negated ? variables : [],
        outputs: literal.negated ? [] : variables,
        either: null,
      };
    }
    case 'condition':
      return { literal, inputs: free(literal.term), outputs: [], either: null };
    case 'match':
      return {
        literal,
        inputs: free(literal.term),
        outputs: patternVariables(literal.pattern),
        either: null,
      };
    case 'member': {
      const variables = patternVariables(literal.pattern);
      const collection = free(literal.collection);
      return literal.negated
        ? { literal, inputs: [...variables, ...collection], outputs: [], either: null }
        : { literal, inputs: collection, outputs: variables, either: null };
    }
    case 'bind': {
      const { variable, term } = literal;
      if (term.kind === 'name' && !isConstant(term.text)) {
        const other: NameUse = { name: term.text, span: term.span };
        if (!atomBound.has(variable.name) || !atomBound.has(other.name))
          return { literal, inputs: [], outputs: [], either: [variable, other] };
      }
      const inputs = free(term);
      if (!atomBound.has(variable.name))
        return { literal, inputs, outputs: [variable], either: null };
      const test = equality(nameTerm(variable), term, literal.span);
      return { literal: test, inputs: [variable, ...inputs], outputs: [], either: null };
    }
  }
}

class Scheduler {
  readonly ordered: LiteralDraft[] = [];
  readonly bound = new Set<string>();
  readonly #steps: readonly Step[];
  readonly #reporter: Reporter;
  /** Indices of the steps that wait for a variable. */
  readonly #waiting = new Map<string, number[]>();
  /** How many variables a step still waits for; -1 once it has been placed. */
  readonly #missing: number[];
  /** No step before this one is ready. */
  #next = 0;

  constructor(steps: readonly Step[], reporter: Reporter) {
    this.#steps = steps;
    this.#reporter = reporter;
    this.#missing = steps.map((step, index) => {
      const names = new Set((step.either ?? step.inputs).map((use) => use.name));
      for (const name of names) {
        const indices = this.#waiting.get(name);
        if (indices === undefined) this.#waiting.set(name, [index]);
        else indices.push(index);
      }
      return step.either !== null ? 1 : names.size;
    });
  }

  run(): void {
    for (;;) {
      while (this.#next < this.#steps.length && this.#missing[this.#next] !== 0) this.#next++;
      if (this.#next < this.#steps.length) this.#place(this.#next);
      else if (!this.#unblock()) return;
    }
  }

  #place(index: number): void {
    const { literal, outputs, either } = this.#steps[index]!;
    this.#missing[index] = -1;
    if (either !== null) this.#placeEither(literal, either);
    else if (literal.kind === 'bind' && this.bound.has(literal.variable.name)) {
      this.ordered.push(sameValue(literal.variable, literal.term, literal.span));
    } else this.ordered.push(literal);
    for (const { name } of outputs) this.#bind(name);
  }

  #placeEither(literal: LiteralDraft, [left, right]: readonly [NameUse, NameUse]): void {
    const [hasLeft, hasRight] = [this.bound.has(left.name), this.bound.has(right.name)];
    if (hasLeft && hasRight) this.ordered.push(sameValue(left, nameTerm(right), literal.span));
    else {
      const [variable, value] = hasRight ? [left, right] : [right, left];
      this.ordered.push({ kind: 'bind', variable, term: nameTerm(value), span: literal.span });
      this.#bind(variable.name);
    }
  }

  #bind(name: string): void {
    if (this.bound.has(name)) return;
    this.bound.add(name);
    for (const index of this.#waiting.get(name) ?? []) {
      const missing = this.#missing[index]!;
      if (missing <= 0) continue;
      this.#missing[index] = missing - 1;
      if (missing === 1) this.#next = Math.min(this.#next, index);
    }
  }

  /** Reports why nothing more is ready and binds what is to blame, so that the rest goes on. */
  #unblock(): boolean {
    const stuck = this.#steps.filter((_, i) => this.#missing[i]! > 0);
    if (stuck.length === 0) return false;
    const bindable = new Set(
      stuck.flatMap((step) => [...step.outputs, ...(step.either ?? [])]).map((use) => use.name),
    );
    const roots = new Map<string, { use: NameUse; step: Step }>();
    for (const step of stuck) {
      for (const use of step.inputs) {
        const isRoot = !this.bound.has(use.name) && !bindable.has(use.name) && !roots.has(use.name);
        if (isRoot) roots.set(use.name, { use, step });
      }
    }
    for (const { use, step } of roots.values()) this.#reportUnbound(use, step);
    if (roots.size === 0) this.#reportCircle(stuck);
    else for (const name of roots.keys()) this.#bind(name);
    return true;
  }

  #reportUnbound({ name, span }: NameUse, { literal }: Step): void {
    if (isMadeUp(name)) return;
    const known = [...this.bound].filter((other) => !isMadeUp(other));
    if (literal.kind === 'atom') {
      this.#reporter.error(
        'TRL0402',
        span,
        `nothing binds \`${name}\`, so this negation would range over all values there are`,
        {
          help: `bind \`${name}\` in a positive literal, or write \`_\` if any value will do`,
          ...this.#reporter.suggestion(name, span, known),
        },
      );
    } else {
      this.#reporter.error(
        'TRL0403',
        span,
        `nothing binds \`${name}\`, so this expression has no value`,
        {
          help: `bind \`${name}\` in a positive literal, by \`${name} = ...\`, or by \`${name} in ...\``,
          ...this.#reporter.suggestion(name, span, known),
        },
      );
    }
  }

  #reportCircle(stuck: readonly Step[]): void {
    const first =
      stuck.find((step) => step.outputs.length > 0 || step.either !== null) ?? stuck[0]!;
    const names = [
      ...new Set(
        stuck.flatMap((step) => [...(step.either ?? []), ...step.outputs]).map((use) => use.name),
      ),
    ];
    const shown = names
      .filter((name) => !this.bound.has(name) && !isMadeUp(name))
      .map((name) => `\`${name}\``);
    this.#reporter.error(
      'TRL0404',
      first.literal.span,
      `${shown.join(' and ')} ${shown.length === 1 ? 'is' : 'are'} bound only in terms of ${shown.length === 1 ? 'itself' : 'each other'}`,
      {
        secondary: stuck
          .filter((step) => step !== first && (step.outputs.length > 0 || step.either !== null))
          .map((step) => ({ span: step.literal.span })),
        help: `bind one of them in a positive literal, or to a value that is known`,
      },
    );
    for (const name of names) this.#bind(name);
  }
}
