/**
 * What a data directory says of itself, so that no program reads what another has written: the
 * format, the node, and the durable relations with their columns.
 *
 * A relation that is new to the directory joins it; one that it holds and the program has no more, or
 * has otherwise, is a difference, as long as it holds something.
 */
import type { DurableRelation } from '../node/configuration.js';

/** The version of the records that this code reads and writes. */
export const storageFormat = 2;

export interface StoredSchema {
  readonly format: number;
  readonly node: string;
  readonly relations: readonly DurableRelation[];
}

/** The text of a schema's record. */
export function schemaText(node: string, relations: readonly DurableRelation[]): string {
  const schema: StoredSchema = {
    format: storageFormat,
    node,
    relations: relations.map(({ name, kind, columns, keyLength }) => ({
      name,
      kind,
      columns: columns.map((column) => ({ name: column.name, type: column.type })),
      keyLength,
    })),
  };
  return JSON.stringify(schema);
}

/** Null for what is none; of another format only the number can be relied on. */
export function readSchema(json: unknown): StoredSchema | { readonly format: number } | null {
  if (typeof json !== 'object' || json === null) return null;
  const { format, node, relations } = json as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(format)) return null;
  if (format !== storageFormat) return { format: format as number };
  if (typeof node !== 'string' || !Array.isArray(relations) || !relations.every(isRelation))
    return null;
  return { format: storageFormat, node, relations };
}

function isRelation(json: unknown): json is DurableRelation {
  if (typeof json !== 'object' || json === null) return false;
  const { name, kind, columns, keyLength } = json as Readonly<Record<string, unknown>>;
  return (
    typeof name === 'string' &&
    (kind === 'table' || kind === 'lattice' || kind === 'channel') &&
    Array.isArray(columns) &&
    columns.every(isColumn) &&
    Number.isSafeInteger(keyLength)
  );
}

function isColumn(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false;
  const { name, type } = json as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && typeof type === 'string';
}

/** How a relation of a program differs from the stored one of its name; null if it does not. */
export function differenceOf(
  stored: DurableRelation,
  relations: readonly DurableRelation[],
): string | null {
  const own = relations.find(({ name }) => name === stored.name);
  if (own === undefined) return `the program has no durable \`${stored.name}\``;
  const [was, is] = [shapeOf(stored), shapeOf(own)];
  return was === is ? null : `it holds \`${was}\`, and the program has \`${is}\``;
}

function shapeOf({ name, kind, columns, keyLength }: DurableRelation): string {
  if (kind === 'lattice') return `lattice ${name}: ${columns[0]?.type ?? ''}`;
  const texts = columns.map((column) => `${column.name}: ${column.type}`);
  const [key, rest] = [texts.slice(0, keyLength), texts.slice(keyLength)];
  const inside = rest.length === 0 ? key.join(', ') : `${key.join(', ')} => ${rest.join(', ')}`;
  return `${kind} ${name}(${inside})`;
}
