/**
 * Tries a lattice from TypeScript on many values, drawn from a seed: the laws of a semilattice,
 * the bottom, the order, the way over the wire, and the declared class of every method.
 *
 *     merge          associative, commutative, idempotent; bottom merge a = a
 *     order          a <= b iff a merge b = b, where the definition has an order of its own
 *     morphism       f(a merge b) = f(a) merge f(b)
 *     monotone       a <= b implies f(a) <= f(b); antitone the other way round
 *
 * That no law was seen broken is no proof; one that is broken comes with values that show it.
 */
import { Prng } from '../base/prng.js';
import { decodeRow, encodeRow } from '../base/value-json.js';
import { equalValues, isLattice, valueKey, type LatticeValue, type Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import { PartialError } from '../builtins/function.js';
import { isLessOrEqual, mergeValues } from '../lattice/lattices.js';
import { fitsType } from '../semantics/fits-type.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import { latticeValueFor, revealedType } from '../semantics/lattice-types.js';
import type { Type } from '../semantics/types.js';
import { registerLattice, type LatticeDefinition } from './define-lattice.js';
import type { MethodDefinition } from './read-lattice-method.js';
import { pick, sampleValue } from './sample-values.js';
import { brief } from './script-values.js';

export interface LawOptions {
  /** 1 if left out. */
  readonly seed?: number;
  /** Rounds of values; 300 if left out. */
  readonly runs?: number;
}

/** A law, and the shortest of the cases that were seen to break it. */
export interface BrokenLaw {
  readonly law: string;
  readonly example: string;
}

export interface LawReport {
  readonly holds: boolean;
  readonly seed: number;
  readonly runs: number;
  /** How many different values of the lattice were met. */
  readonly values: number;
  readonly broken: readonly BrokenLaw[];
}

/** Tries the laws. The lattice is made known to this process; another of its name is an error. */
export function checkLattice(definition: LatticeDefinition, options: LawOptions = {}): LawReport {
  const { seed = 1, runs = 300 } = options;
  if (!registerLattice(definition))
    throw new Error(`this process knows another lattice called ${definition.lattice.name}`);
  const trial = new Trial(definition, new Prng(seed));
  for (let run = 0; run < runs; run++) trial.run();
  const broken = trial.finish();
  return { holds: broken.length === 0, seed, runs, values: trial.values, broken };
}

class Trial {
  readonly #definition: LatticeDefinition;
  readonly #prng: Prng;
  readonly #examples = new Map<string, string>();
  readonly #seen = new Map<string, Value>();

  constructor(definition: LatticeDefinition, prng: Prng) {
    this.#definition = definition;
    this.#prng = prng;
    for (const value of [definition.lattice.bottom, ...definition.samples]) this.#note(value);
  }

  get values(): number {
    return this.#seen.size;
  }

  run(): void {
    const [a, b, c] = [this.#value(), this.#value(), this.#value()];
    this.#attempt('merge', () => this.#tryMerge(a, b, c));
    this.#attempt('order', () => this.#tryOrder(a, b));
    this.#attempt('canonical', () => this.#tryWire(a));
    // What a method does to merged values says nothing while merge itself is broken.
    if ([...this.#examples.keys()].some((law) => !law.startsWith('method'))) return;
    for (const method of this.#definition.methods)
      this.#attempt(`method ${method.method.name}`, () => this.#tryMethod(method));
  }

  finish(): readonly BrokenLaw[] {
    if (this.#seen.size < 3)
      this.#found(
        'enough values to try',
        `only ${this.#seen.size} were found that the lattice holds; give some as \`samples\``,
      );
    return [...this.#examples].map(([law, example]) => ({ law, example }));
  }

  #note(value: Value): void {
    this.#seen.set(valueKey(value), value);
  }

  #found(law: string, example: string): void {
    const known = this.#examples.get(law);
    if (known === undefined || example.length < known.length) this.#examples.set(law, example);
  }

  /** A function of the definition that throws or gives something else breaks its own promise. */
  #attempt(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof PartialError)) throw error;
      this.#found(`${what} gives a value`, error.message);
    }
  }

  /** A value: often one seen before, or a merge of such; else a new one that the lattice holds. */
  #value(): LatticeValue {
    const { lattice, content } = this.#definition;
    if (this.#seen.size > 2 && this.#prng.chance(0.4))
      return pick([...this.#seen.values()], this.#prng) as LatticeValue;
    for (let attempt = 0; attempt < 20; attempt++) {
      const value = sampleValue(content, this.#prng);
      try {
        const made = lattice.construct(value);
        this.#note(made);
        return made;
      } catch (error) {
        if (!(error instanceof PartialError)) throw error;
      }
    }
    return pick([...this.#seen.values()], this.#prng) as LatticeValue;
  }

  #same(law: string, left: readonly [string, Value], right: readonly [string, Value]): void {
    if (equalValues(left[1], right[1])) return;
    const text = (value: Value): string => brief(valueText(value));
    this.#found(law, `${left[0]} is ${text(left[1])}, but ${right[0]} is ${text(right[1])}`);
  }

  #tryMerge(a: LatticeValue, b: LatticeValue, c: LatticeValue): void {
    const { bottom } = this.#definition.lattice;
    const text = (...values: Value[]): string =>
      `merge(${values.map((value) => brief(valueText(value))).join(', ')})`;
    const twice = this.#merged(a, a);
    this.#same('merge is idempotent', [text(a, a), twice], ['the value itself', a]);
    this.#same(
      'bottom changes nothing',
      [text(bottom, a), this.#merged(bottom, a)],
      ['the value itself', a],
    );
    const [ab, ba] = [this.#merged(a, b), this.#merged(b, a)];
    this.#same('merge is commutative', [text(a, b), ab], [text(b, a), ba]);
    const [left, right] = [this.#merged(ab, c), this.#merged(a, this.#merged(b, c))];
    const parts = [text(a, b), valueText(c), valueText(a), text(b, c)].map(brief);
    this.#same(
      'merge is associative',
      [`merge(${parts[0]!}, ${parts[1]!})`, left],
      [`merge(${parts[2]!}, ${parts[3]!})`, right],
    );
    if (this.#examples.size === 0) this.#note(ab);
  }

  /** The merge without the guard that a running program has. */
  #merged(a: LatticeValue, b: LatticeValue): LatticeValue {
    return this.#definition.merge(a, b);
  }

  #tryOrder(a: LatticeValue, b: LatticeValue): void {
    const { lessOrEqual } = this.#definition.lattice;
    for (const [low, high] of [
      [a, b],
      [a, this.#merged(a, b)],
    ] as const) {
      const is = equalValues(this.#merged(low, high), high);
      if (lessOrEqual(low, high) === is) continue;
      const text = `lessOrEqual(${brief(valueText(low))}, ${brief(valueText(high))})`;
      this.#found(
        'the order is that of merge',
        `${text} is ${!is}, and that merge of the two is ${is ? 'the second' : 'another value'}`,
      );
    }
  }

  #tryWire(a: LatticeValue): void {
    const decoded = decodeRow(JSON.parse(JSON.stringify(encodeRow([a]))))?.[0] ?? null;
    this.#same('values come back from the wire', ['what comes back', decoded], ['the value', a]);
    const { content, lattice } = this.#definition;
    if (!lattice.accepts(a.arguments) || !fitsType(a.arguments[0]!, content))
      this.#found(
        'canonical gives what it keeps',
        `canonical changes ${brief(valueText(a))} again`,
      );
  }

  #tryMethod({ method, parameters, result }: MethodDefinition): void {
    const arguments_ = parameters.map((type) => this.#argument(type));
    const call = (values: readonly Value[]): string =>
      `${method.name}(${values.map((value) => brief(valueText(value))).join(', ')})`;
    const at = (i: number, value: Value): Value => method.evaluate(...arguments_.with(i, value));
    const once = method.evaluate(...arguments_);
    this.#same(
      `method ${method.name} gives the same again`,
      [call(arguments_), once],
      ['the second time it', method.evaluate(...arguments_)],
    );
    for (const [i, is] of method.monotonicity.entries()) {
      if (is === 'plain' || is === 'non-monotone') continue;
      const [a, b] = [arguments_[i]!, this.#argument(parameters[i]!)];
      const above = this.#joined(a, b, parameters[i]!);
      const [low, other, high] = [at(i, a), at(i, b), at(i, above)];
      const example = `${call(arguments_.with(i, a))} is ${brief(valueText(low))}, and ${call(arguments_.with(i, above))} is ${brief(valueText(high))}`;
      const law = `method ${method.name} is ${is}`;
      if (is === 'antitone' ? !isBelow(high, low, result) : !isBelow(low, high, result))
        this.#found(law, example);
      else if (is === 'morphism' && !equalValues(high, this.#joined(low, other, result)))
        this.#found(
          law,
          `${example}, but ${call(arguments_.with(i, b))} is ${brief(valueText(other))}`,
        );
    }
  }

  #joined(a: Value, b: Value, type: Type): Value {
    if (type.kind === 'bool') return a === true || b === true;
    return isLattice(a) && isLattice(b) && a.lattice === this.#definition.lattice.name
      ? this.#merged(a, b)
      : mergeValues(a, b);
  }

  #argument(type: Type): Value {
    if (type.kind === 'lattice' && type.name === this.#definition.lattice.name)
      return this.#value();
    if (!isLatticeType(type)) return sampleValue(type, this.#prng);
    for (;;) {
      const value = latticeValueFor(sampleValue(revealedType(type), this.#prng), type);
      if (value !== null) return value;
    }
  }
}

function isBelow(a: Value, b: Value, type: Type): boolean {
  return type.kind === 'bool' ? a !== true || b === true : isLessOrEqual(a, b);
}
