/**
 * Lattices from TypeScript: `defineLattice` reads a specification and makes of it what a built-in
 * lattice is, a bottom, a merge, an order and methods over values. A merge that is not above what
 * it merged fails the timestep: a wrong lattice must neither grow without end nor forget.
 *
 * Values travel by the name of their lattice, so a process knows one lattice of a name: it is made
 * known when it is first lent to a program, and stays.
 */
import {
  compareValues,
  equalValues,
  isLattice,
  latticeValue,
  type LatticeValue,
  type Value,
} from '../base/value.js';
import { valueText } from '../base/value-text.js';
import { builtinFunctions } from '../builtins/functions.js';
import { PartialError } from '../builtins/function.js';
import { addOuterLatticeFunctions } from '../builtins/lattice.js';
import type { Lattice } from '../lattice/lattice.js';
import { addOuterContent } from '../semantics/lattice-content.js';
import { holdsLattice } from '../semantics/lattice-shape.js';
import { typeText } from '../semantics/relate-types.js';
import type { Type } from '../semantics/types.js';
import { scriptCall } from './call-script.js';
import { LatticeDefinitionError, type LatticeSpec } from './lattice-spec.js';
import { readLatticeMethod, type MethodDefinition, type Refuse } from './read-lattice-method.js';
import { readTypeText } from './read-type-text.js';
import { brief, describe, fromScript } from './script-values.js';

/** The merge of a lattice from TypeScript is no merge. */
const NO_MERGE = 'TRL0813';

/** A lattice that can be lent to programs (`CompileOptions.lattices`) and tried (`checkLattice`). */
export interface LatticeDefinition {
  readonly lattice: Lattice;
  /** The type of what its values hold. */
  readonly content: Type;
  readonly methods: readonly MethodDefinition[];
  readonly samples: readonly Value[];
  /** The merge as it is written, without the guard that programs have. */
  readonly merge: (a: LatticeValue, b: LatticeValue) => LatticeValue;
}

/** Reads a specification. Throws `LatticeDefinitionError` if it makes no sense. */
export function defineLattice<State>(spec: LatticeSpec<State>): LatticeDefinition {
  const { name } = spec;
  const refuse: Refuse = (message) => {
    throw new LatticeDefinitionError(name, message);
  };
  checkName(name, refuse);
  const content = readContent(spec.holds, refuse);
  if (typeof spec.merge !== 'function') refuse('`merge` must be a function');
  const make = maker(spec, content);
  const given = (state: State, what: string): LatticeValue => {
    const read = fromScript(state, content);
    if (read.kind === 'misfit')
      return refuse(`\`${what}\` is ${describe(state)}, and no ${typeText(content)}`);
    try {
      return make(read.value);
    } catch (error) {
      if (!(error instanceof PartialError)) throw error;
      return refuse(`\`${what}\` is refused: ${error.message}`);
    }
  };
  const run = scriptCall(`${name}.merge`, spec.merge, content);
  const merge = (a: LatticeValue, b: LatticeValue): LatticeValue => make(run(held(a), held(b)));
  const bottom = given(spec.bottom, 'bottom');
  const methods = Object.entries(spec.methods ?? {}).map(([word, method]) =>
    readLatticeMethod(name, word, method, refuse),
  );
  const lattice: Lattice = {
    name,
    parameters: [],
    constructors: [
      { parameters: [], result: name },
      { parameters: [name], result: name },
      { parameters: [typeText(content)], result: name },
    ],
    summary: spec.doc ?? 'A lattice from TypeScript.',
    bottom,
    construct: (value) => {
      if (value === undefined) return bottom;
      return isLattice(value) ? value : make(value);
    },
    methods: methods.map(({ method }) => method),
    declaration: declarationText(spec, content, methods),
    reveal: held,
    ...operations(spec, merge, make),
  };
  const samples = (spec.samples ?? []).map((sample, i) => given(sample, `samples[${i}]`));
  return { lattice, content, methods, samples, merge };
}

/** Makes the lattice known to this process; false if it knows another of that name. */
export function registerLattice({ lattice, content }: LatticeDefinition): boolean {
  if (!addOuterLatticeFunctions(lattice)) return false;
  addOuterContent(lattice.name, content);
  return true;
}

function checkName(name: string, refuse: Refuse): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]+$/.test(name))
    refuse('a name is two or more letters, digits and `_`, and starts with no digit');
  if (builtinFunctions.has(name))
    refuse('a built-in lattice or function has that name; choose another');
  if (readTypeText(name, new Set()).kind === 'type')
    refuse('a built-in type has that name; choose another');
  if (readTypeText(name, new Set([name])).kind === 'error')
    refuse('that is a word of the language, so no program could name it; choose another');
}

function readContent(text: string, refuse: Refuse): Type {
  const read = readTypeText(text, new Set());
  if (read.kind === 'error') return refuse(`\`holds\`: ${read.reason}`);
  return holdsLattice(read.type)
    ? refuse(
        '`holds` is a plain type; what is made of lattices alone needs no TypeScript: write (L1, L2) or lmap<K, L> in the program',
      )
    : read.type;
}

/** A value in its one form; throws `PartialError` for what the lattice does not hold. */
function maker<State>(spec: LatticeSpec<State>, content: Type): (value: Value) => LatticeValue {
  const { name, canonical } = spec;
  if (canonical === undefined) return (value) => latticeValue(name, [value]);
  const run = scriptCall(`${name}.canonical`, canonical, content);
  return (value) => latticeValue(name, [run(value)]);
}

function held(value: LatticeValue): Value {
  return value.arguments[0]!;
}

function operations<State>(
  spec: LatticeSpec<State>,
  merged: (a: LatticeValue, b: LatticeValue) => LatticeValue,
  make: (value: Value) => LatticeValue,
): Pick<Lattice, 'accepts' | 'merge' | 'lessOrEqual'> {
  const { name, canonical, lessOrEqual } = spec;
  const order =
    lessOrEqual === undefined
      ? null
      : scriptCall(`${name}.lessOrEqual`, lessOrEqual, { kind: 'bool' });
  return {
    accepts: ([value, ...others]) => {
      if (value === undefined || others.length > 0) return false;
      return canonical === undefined || isCanonical(value, make);
    },
    merge: (a, b) => {
      // In one order, so that what it says does not depend on which came first.
      const above = compareValues(a, b) <= 0 ? merged(a, b) : merged(b, a);
      for (const part of [a, b])
        if (!equalValues(merged(part, above), above)) throw noMerge(a, b, above, part);
      return above;
    },
    lessOrEqual: (a, b) =>
      order === null ? equalValues(merged(a, b), b) : order(held(a), held(b)) === true,
  };
}

function isCanonical(value: Value, make: (value: Value) => LatticeValue): boolean {
  try {
    return equalValues(held(make(value)), value);
  } catch (error) {
    if (error instanceof PartialError) return false;
    throw error;
  }
}

function noMerge(a: LatticeValue, b: Value, above: Value, part: Value): PartialError {
  const text = (value: Value): string => brief(valueText(value));
  return new PartialError(
    NO_MERGE,
    `the merge of \`${a.lattice}\` is none: ${text(a)} merged with ${text(b)} gives ${text(above)}, and ${text(part)} merged with that gives something else again`,
  );
}

/** Name, content, methods and their classes, in one text that is equal for equal declarations. */
function declarationText<State>(
  { name, version = '' }: LatticeSpec<State>,
  content: Type,
  methods: readonly MethodDefinition[],
): string {
  const lines = methods.map(({ method, parameters, result }) => {
    const takes = parameters.map((type, i) => `${typeText(type)} ${method.monotonicity[i]!}`);
    return `${method.name}(${takes.join(', ')}): ${typeText(result)}`;
  });
  return [`lattice ${name} of ${typeText(content)} ${version}`, ...lines.sort()].join('\n');
}
