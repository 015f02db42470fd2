/**
 * Type expressions to types. A lattice type is a known name that this version cannot serve yet,
 * which is another message than a misspelt one.
 */
import { defined } from '../base/assert.js';
import type { TypeExpression } from '../syntax/ast.js';
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
const latticeTypes: ReadonlySet<string> = new Set([
  'lbool',
  'lmax',
  'lmin',
  'lset',
  'lpset',
  'lbag',
  'lmap',
  'ldom',
  'lvclock',
]);

/** The type that an expression names; `unknown` after an error. */
export function readType(expression: TypeExpression, reporter: Reporter): Type {
  const { name, span } = expression;
  const items = expression.arguments.map((argument) => readType(argument, reporter));
  if (name === '()') return { kind: 'tuple', items };
  if (latticeTypes.has(name)) {
    reporter.error(
      'TRL0308',
      span,
      `the lattice type \`${name}\` is not available in this version`,
      {
        help: 'use a plain type, and derive what grows with rules: a table of all values and `max<x>` over it, for example',
      },
    );
    return unknownType;
  }
  const count = parameterCounts.get(name);
  if (count === undefined) {
    reporter.error('TRL0307', span, `there is no type \`${name}\``, {
      help: otherNames.has(name)
        ? `write \`${otherNames.get(name)!}\``
        : `the types are ${[...plainTypes].join(', ')}, (T, U), list<T>, set<T> and map<K, V>`,
      ...reporter.suggestion(
        name,
        { ...span, end: span.start + name.length },
        parameterCounts.keys(),
      ),
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
