/**
 * Type expressions to types. Lattices hold plain values, or lattice values where their parameter is
 * one; inside a list, a set or a map nothing is merged, so no lattice stands there.
 */
import { defined } from '../base/assert.js';
import { lattices } from '../lattice/lattices.js';
import type { TypeExpression } from '../syntax/ast.js';
import { readLatticeType, checkPlain } from './read-lattice-type.js';
import { unknownType } from './relate-types.js';
import type { Reporter } from './reporter.js';
import type { Type } from './types.js';

const plainTypes = ['int', 'nat', 'float', 'string', 'bool', 'bytes', 'addr', 'any'] as const;
const parameterCounts: ReadonlyMap<string, number> = new Map([
  ...plainTypes.map((name) => [name, 0] as const),
  ['list', 1],
  ['set', 1],
  ['map', 2],
]);
/** What other languages call them. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['str', 'string'],
  ['text', 'string'],
  ['varchar', 'string'],
  ['integer', 'int'],
  ['number', 'int'],
  ['long', 'int'],
  ['double', 'float'],
  ['real', 'float'],
  ['boolean', 'bool'],
  ['node', 'addr'],
  ['address', 'addr'],
  ['array', 'list'],
]);

/** The type that an expression names, lattices that are lent included; `unknown` after an error. */
export function readType(
  expression: TypeExpression,
  reporter: Reporter,
  lent: ReadonlySet<string> = new Set(),
): Type {
  const { name, span } = expression;
  const items = expression.arguments.map((argument) => readType(argument, reporter, lent));
  if (name === '()') return { kind: 'tuple', items };
  if (lattices.has(name) || lent.has(name)) return readLatticeType(expression, items, reporter);
  const count = parameterCounts.get(name);
  if (count === undefined) {
    reporter.error('TRL0307', span, `there is no type \`${name}\``, {
      help: otherNames.has(name)
        ? `write \`${otherNames.get(name)!}\``
        : `the types are ${[...plainTypes].join(', ')}, (T, U), list<T>, set<T>, map<K, V> and the lattices ${[...lattices.keys(), ...lent].join(', ')}`,
      ...reporter.suggestion(name, { ...span, end: span.start + name.length }, [
        ...parameterCounts.keys(),
        ...lattices.keys(),
        ...lent,
      ]),
    });
    return unknownType;
  }
  if (count !== items.length) {
    const wanted =
      count === 0 ? 'no type arguments' : count === 1 ? 'one type argument' : 'two type arguments';
    reporter.error('TRL0307', span, `\`${name}\` takes ${wanted}, not ${items.length}`, {
      help:
        count === 0
          ? `write \`${name}\``
          : count === 1
            ? `write \`${name}<string>\`, for example`
            : 'write `map<string, int>`, for example',
    });
    return unknownType;
  }
  if (!checkPlain(expression, items, reporter)) return unknownType;
  if (name === 'map')
    return {
      kind: 'map',
      key: defined(items[0], 'the key type'),
      value: defined(items[1], 'the value type'),
    };
  if (name === 'list' || name === 'set')
    return { kind: name, item: defined(items[0], 'the item type') };
  return { kind: name as (typeof plainTypes)[number] };
}
