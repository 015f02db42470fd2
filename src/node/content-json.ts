/**
 * The rows that travel between nodes, as JSON: `[[relation, [row, ...]], ...]` with values in the
 * exact form. Data frames and entries of the ordered log carry the same thing.
 *
 * Rows and names travel as array elements, so that no name can meddle with the keys of an object.
 */
import { decodeRow, encodeRow } from '../base/value-json.js';
import type { Json } from '../base/value-json.js';
import type { Row } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';

export function encodeContent(content: readonly RelationRows[]): Json {
  return content.map(({ relation, rows }) => [relation, rows.map(encodeRow)]);
}

/** Undefined for anything that `encodeContent` does not produce. */
export function decodeContent(json: unknown): readonly RelationRows[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const content: RelationRows[] = [];
  const names = new Set<string>();
  for (const item of json as readonly unknown[]) {
    const decoded = decodeRelationRows(item);
    if (decoded === undefined || names.has(decoded.relation)) return undefined;
    names.add(decoded.relation);
    content.push(decoded);
  }
  return content;
}

function decodeRelationRows(json: unknown): RelationRows | undefined {
  if (!Array.isArray(json) || json.length !== 2) return undefined;
  const [relation, encodedRows] = json as readonly unknown[];
  if (typeof relation !== 'string' || !Array.isArray(encodedRows)) return undefined;
  const rows: Row[] = [];
  for (const encoded of encodedRows as readonly unknown[]) {
    const row = decodeRow(encoded);
    if (row === undefined) return undefined;
    rows.push(row);
  }
  return { relation, rows };
}
