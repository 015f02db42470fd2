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
  readonly #shown = new Map<string, Map<string, Row>>();

  constructor(program: Program, nodes: readonly string[]) {
    this.#program = program;
    this.#nodes = nodes;
  }

  /** Takes in what a timestep showed. */
  observe({ node, relation, added, removed }: Observation): void {
    const schema = this.#program.relations.get(relation);
    if (schema === undefined) return;
    const rows = this.#shown.get(relation) ?? new Map<string, Row>();
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
      ? [...(this.#shown.get(name)?.values() ?? [])]
      : this.#nodes.flatMap((node) =>
          query(node, name).map((row) => this.#placed(schema, node, row)),
        );
    const columns = schema.columns.map((column) => column.name);
    const named = this.#isPlaced(schema) ? ['@node', ...columns] : columns;
    return { relation: name, columns: named, rows: rows.sort(compareRows) };
  }

  #isPlaced(schema: Relation): boolean {
    return this.#nodes.length > 1 && schema.location === null;
  }

  #placed(schema: Relation, node: string, row: Row): Row {
    return this.#isPlaced(schema) ? [node, ...row] : row;
  }
}
