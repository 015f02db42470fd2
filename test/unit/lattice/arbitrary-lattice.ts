/** Random lattice types, and random values of a type by its name in the signatures of methods. */
import fc from 'fast-check';
import { float, map, set, tuple, type Value } from '../../../src/base/value.js';
import { builtinFunctions } from '../../../src/builtins/functions.js';

/** A type of the signature language with its variables filled in. */
export interface Shape {
  readonly name: string;
  readonly parts: readonly Shape[];
}

export function shape(text: string, variables: Readonly<Record<string, Shape>> = {}): Shape {
  const composite = /^([a-z]+)<(.*)>$/.exec(text) ?? /^(\()(.*)\)$/.exec(text);
  if (composite === null) return variables[text] ?? { name: text, parts: [] };
  const pieces: string[] = [];
  let [depth, start] = [0, 0];
  const inner = composite[2]!;
  for (let i = 0; i <= inner.length; i++) {
    if ('<('.includes(inner[i] ?? ' ')) depth++;
    if ('>)'.includes(inner[i] ?? ' ')) depth--;
    if (i === inner.length || (inner[i] === ',' && depth === 0)) {
      pieces.push(inner.slice(start, i).trim());
      start = i + 1;
    }
  }
  return { name: composite[1]!, parts: pieces.map((piece) => shape(piece, variables)) };
}

const make = (name: string, ...values: Value[]): Value =>
  builtinFunctions.get(name)!.evaluate(...values);
const node = fc.constantFrom('n1', 'n2', 'n3');
const small = fc.integer({ min: -4, max: 4 });

/** Values of a type, from so few that they often meet. */
export function valueOf({ name, parts }: Shape): fc.Arbitrary<Value> {
  const inner = parts.map(valueOf);
  const collected = (max: number): fc.Arbitrary<Value[]> => fc.array(inner[0]!, { maxLength: max });
  switch (name) {
    case 'int':
      return small;
    case 'nat':
      return fc.nat(4);
    case 'float':
      return fc.constantFrom(-1.5, 0, 0.1, 0.2, 2.5).map(float);
    case 'ratio':
      return fc.constantFrom(0, 0.1, 0.2, 0.7, 2.5).map(float);
    case 'bool':
      return fc.boolean();
    case 'string':
      return fc.constantFrom('', 'a', 'b', 'c');
    case 'addr':
      return node;
    case 'set':
      return collected(4).map(set);
    case 'map':
      return fc.array(fc.tuple(inner[0]!, inner[1]!), { maxLength: 4 }).map(map);
    case '(':
      return fc.tuple(...inner).map((items) => tuple(items));
    case 'lbool':
      return fc.boolean().map((value) => make('lbool', value));
    case 'lmax':
    case 'lmin':
      return fc.oneof(
        { weight: 1, arbitrary: fc.constant(make(name)) },
        { weight: 6, arbitrary: inner[0]!.map((value) => make(name, value)) },
      );
    case 'lset':
    case 'lpset':
      return collected(4).map((items) => make(name, set(items)));
    case 'lbag':
      return fc
        .array(fc.tuple(inner[0]!, fc.nat(3)), { maxLength: 4 })
        .map((entries) => make('lbag', map(entries)));
    case 'lvclock':
      return fc
        .array(fc.tuple(node, fc.nat(3)), { maxLength: 3 })
        .map((entries) => make('lvclock', map(entries)));
    case 'lmap':
    case 'ldom':
      return fc
        .array(fc.tuple(inner[0]!, inner[1]!), { maxLength: 3 })
        .map((entries) => make(name, map(entries)));
    default:
      throw new Error(`no values for ${name}`);
  }
}

/** Types to try a lattice with, the variables of signatures filled in so that some are partly ordered. */
export const fillings: readonly Readonly<Record<string, Shape>>[] = [
  {
    T: shape('int'),
    U: shape('string'),
    K: shape('string'),
    number: shape('int'),
    L: shape('lset<string>'),
    M: shape('lvclock'),
  },
  {
    T: shape('string'),
    U: shape('int'),
    K: shape('addr'),
    number: shape('float'),
    L: shape('lmax<int>'),
    M: shape('lset<int>'),
  },
  {
    T: shape('bool'),
    U: shape('bool'),
    K: shape('int'),
    number: shape('nat'),
    L: shape('(lbool, lmin<int>)'),
    M: shape('lmax<string>'),
  },
];
