/**
 * The relations that the language gives. To rules each behaves like a relation of its kind;
 * `builtin` says who fills or empties it. `self` acts as a located relation: its column is the node.
 */
import type { Span } from '../base/span.js';
import type { BuiltinRelation, RelationKind } from './program.js';
import { columnDraft, type RelationDraft } from './relation-draft.js';
import type { Type } from './types.js';

interface Shape {
  readonly kind: RelationKind;
  readonly column: string;
  readonly type: Type;
}

/** Those that programs use by their name. */
type NamedBuiltin = Exclude<BuiltinRelation, 'sealed' | 'barrier'>;

const shapes: Readonly<Record<NamedBuiltin, Shape>> = {
  stdin: { kind: 'input', column: 'line', type: { kind: 'string' } },
  stdout: { kind: 'output', column: 'line', type: { kind: 'string' } },
  stderr: { kind: 'output', column: 'line', type: { kind: 'string' } },
  halt: { kind: 'output', column: 'code', type: { kind: 'int' } },
  self: { kind: 'static', column: 'node', type: { kind: 'addr' } },
  now: { kind: 'input', column: 'ms', type: { kind: 'int' } },
  boot: { kind: 'input', column: 'first', type: { kind: 'bool' } },
  cluster: { kind: 'static', column: 'node', type: { kind: 'addr' } },
};

/** Their names, in the order in which a program lists those it uses. */
export const builtinRelationNames = Object.keys(shapes) as readonly NamedBuiltin[];

export function isBuiltinRelation(name: string): name is NamedBuiltin {
  return Object.hasOwn(shapes, name);
}

/** The built-in relation; its place is that of its first use. */
export function builtinRelation(name: NamedBuiltin, span: Span): RelationDraft {
  const { kind, column, type } = shapes[name];
  return {
    name,
    kind,
    columns: [columnDraft(column, type, span)],
    keyLength: 1,
    hasKey: false,
    location: null,
    partition: null,
    builtin: name,
    durable: false,
    declared: true,
    periodMs: null,
    doc: null,
    span,
    shapedAt: span,
  };
}

/** The relation that guards rules which wait for the whole cluster; no name of a program equals it. */
export const barrierName = 'barrier of the cluster';

/** The relation that `sealed p(k)` reads; no name of a program equals it. */
export function sealedName(relation: string): string {
  return `sealed ${relation}`;
}

/** The name of the relation that `sealedName` was made of; null for any other name. */
export function nameOfSealed(relation: string): string | null {
  return relation.startsWith('sealed ') ? relation.slice('sealed '.length) : null;
}
