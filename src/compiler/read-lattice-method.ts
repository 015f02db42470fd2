/** A method of a lattice from TypeScript: its types and classes read, its function made one over values. */
import type { LatticeMethod, Monotonicity } from '../lattice/lattice.js';
import { holdsLattice, isLatticeType } from '../semantics/lattice-shape.js';
import { typeText } from '../semantics/relate-types.js';
import type { Type } from '../semantics/types.js';
import { scriptCall } from './call-script.js';
import type { LatticeMethodSpec, LatticeParameterSpec } from './lattice-spec.js';
import { readTypeText } from './read-type-text.js';

/** A method, and its types, the receiver's first. */
export interface MethodDefinition {
  readonly method: LatticeMethod;
  readonly parameters: readonly Type[];
  readonly result: Type;
}

/** Tells what is wrong with a definition, by throwing. */
export type Refuse = (message: string) => never;

const classes: readonly string[] = ['morphism', 'monotone', 'antitone', 'non-monotone'];

/** The method called `word` of the lattice called `name`. */
export function readLatticeMethod<State>(
  name: string,
  word: string,
  spec: LatticeMethodSpec<State>,
  refuse: Refuse,
): MethodDefinition {
  const where = `method \`${word}\``;
  const fail: Refuse = (message) => refuse(`${where}: ${message}`);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(word)) fail('programs could not write that name');
  if (word === 'merge' || word === 'reveal') fail('every lattice has a method of that name');
  if (typeof spec.of !== 'function') fail('`of` must be a function');
  if (!classes.includes(spec.is)) fail(`\`is\` must be one of ${classes.join(', ')}`);
  const taken = (spec.takes ?? []).map((each) => readParameter(name, each, fail));
  const result = readMethodType(name, spec.gives, fail);
  const monotonicity = [spec.is, ...taken.map(({ is }) => is)];
  checkOrder(result, monotonicity, fail);
  const own: Type = { kind: 'lattice', name, arguments: [] };
  const parameters = [own, ...taken.map(({ type }) => type)];
  const method: LatticeMethod = {
    name: word,
    signatures: [{ parameters: parameters.map(typeText), result: typeText(result) }],
    monotonicity,
    takesBottom: false,
    partial: true,
    summary: spec.doc ?? 'A method from TypeScript.',
    evaluate: scriptCall(`${name}.${word}`, spec.of, result),
  };
  return { method, parameters, result };
}

function readMethodType(name: string, text: string, fail: Refuse): Type {
  const reading = readTypeText(text, new Set([name]));
  if (reading.kind === 'error') return fail(reading.reason);
  if (/\bldom\s*</.test(text)) return fail('an ldom does not cross the border to TypeScript');
  const { type } = reading;
  return holdsLattice(type) && !isLatticeType(type)
    ? fail(`${typeText(type)} is partly a lattice, and merges nowhere`)
    : type;
}

function readParameter(
  name: string,
  taken: LatticeParameterSpec,
  fail: Refuse,
): { readonly type: Type; readonly is: Monotonicity | 'plain' } {
  const type = readMethodType(name, typeof taken === 'string' ? taken : taken.type, fail);
  const shown = typeText(type);
  if (typeof taken === 'string')
    return isLatticeType(type)
      ? fail(`say how it moves with ${shown}, as { type: '${shown}', is: 'monotone' }`)
      : { type, is: 'plain' };
  if (!isLatticeType(type)) return fail(`${shown} is no lattice, so write it as '${shown}' alone`);
  return classes.includes(taken.is)
    ? { type, is: taken.is }
    : fail(`\`is\` must be one of ${classes.join(', ')}`);
}

/** A promise about order is about something that has one: a lattice, or false before true. */
function checkOrder(result: Type, moves: readonly (Monotonicity | 'plain')[], fail: Refuse): void {
  if (isLatticeType(result) || result.kind === 'bool') return;
  const promise = moves.find((is) => is !== 'plain' && is !== 'non-monotone');
  if (promise !== undefined)
    fail(
      `${typeText(result)} has no order that grows, so nothing that gives it is ${promise}; give a lattice (lmax, lmin, lbool, ...), or say non-monotone`,
    );
}
