/**
 * What a run shows in the end: of an output every tuple ever released, of a view its content, of any
 * other relation asked for its content when the run ended. With several nodes each row begins with
 * its node, unless the relation is located.
 */
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { NamedRows } from '../files/render-rows.js';
import type { Observation } from '../host/node-driver.js';
import type { Program, Relation } from '../semantics/program.js';

export class ShownRelations {
  readonly #program: Program;
  readonly #nodes: readonly string[];
  /** Of what more than one timestep has shown, the rows by their keys. */
  readonly #shown = new Map<string, Map<string, Row>>();
  /** Of what one timestep has shown so far, its rows: as a rule there is no more. */
  readonly #once = new Map<string, readonly Row[]>();

  constructor(program: Program, nodes: readonly string[]) {
    this.#program = program;
    this.#nodes = nodes;
  }

  /** Takes in what a timestep showed. */
  observe({ node, relation, added, removed }: Observation): void {
    const schema = this.#program.relations.get(relation);
    if (schema === undefined) return;
    if (removed.length === 0 && !this.#shown.has(relation) && !this.#once.has(relation)) {
      this.#once.set(relation, this.#allPlaced(schema, node, added));
      return;
    }
    const rows = this.#shown.get(relation) ?? keyed(this.#once.get(relation) ?? []);
    this.#once.delete(relation);
    this.#shown.set(relation, rows);
    for (const row of removed) rows.delete(rowKey(this.#placed(schema, node, row)));
    for (const row of added) {
      const placed = this.#placed(schema, node, row);
      rows.set(rowKey(placed), placed);
    }
  }

  /** The rows of a relation, sorted; `query` gives the content of one that is not observable. */
  rowsOf(name: string, query: (node: string, relation: string) => readonly Row[]): NamedRows {
    const schema = this.#program.relations.get(name);
    if (schema === undefined) throw new Error(`no relation ${name}`);
    const isShown = schema.observable !== null;
    const rows = isShown
      ? (this.#once.get(name) ?? [...(this.#shown.get(name)?.values() ?? [])])
      : this.#queried(schema, query);
    const columns = schema.columns.map((column) => column.name);
    const named = this.#isPlaced(schema) ? ['@node', ...columns] : columns;
    const areInOrder = rows.every((row, i) => i === 0 || compareRows(rows[i - 1]!, row) <= 0);
    return {
      relation: name,
      columns: named,
      rows: areInOrder ? rows : [...rows].sort(compareRows),
    };
  }

  #queried(
    schema: Relation,
    query: (node: string, relation: string) => readonly Row[],
  ): readonly Row[] {
    const parts = this.#nodes.map((node) =>
      this.#allPlaced(schema, node, query(node, schema.name)),
    );
    return parts.length === 1 ? parts[0]! : parts.flat();
  }

  #allPlaced(schema: Relation, node: string, rows: readonly Row[]): readonly Row[] {
    return this.#isPlaced(schema) ? rows.map((row) => this.#placed(schema, node, row)) : rows;
  }

  #isPlaced(schema: Relation): boolean {
    return this.#nodes.length > 1 && schema.location === null;
  }

  #placed(schema: Relation, node: string, row: Row): Row {
    return this.#isPlaced(schema) ? [node, ...row] : row;
  }
}

function keyed(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [rowKey(row), row] as const));
}
