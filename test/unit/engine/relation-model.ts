/**
 * Relations as naive sets of texts, and random sequences of operations that run on a relation and
 * on its model side by side.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Part, Relation } from '../../../src/engine/relation.js';
import { NO_WORD } from '../../../src/engine/word.js';

const parts: readonly Part[] = ['old', 'delta', 'visible'];

/** What a relation should hold, part by part. */
class RelationModel {
  readonly old = new Set<string>();
  readonly delta = new Set<string>();
  readonly fresh = new Set<string>();

  has(text: string): boolean {
    return this.old.has(text) || this.delta.has(text) || this.fresh.has(text);
  }

  advance(): boolean {
    for (const text of this.delta) this.old.add(text);
    this.delta.clear();
    for (const text of this.fresh) this.delta.add(text);
    this.fresh.clear();
    return this.delta.size > 0;
  }

  settle(): void {
    while (this.advance());
  }

  clear(): void {
    this.old.clear();
    this.delta.clear();
    this.fresh.clear();
  }

  texts(part: Part): string[] {
    const chosen = {
      old: [...this.old],
      delta: [...this.delta],
      visible: [...this.old, ...this.delta],
    }[part];
    return chosen.sort();
  }
}

export type Operation =
  | { readonly kind: 'insert' | 'remove'; readonly rows: readonly (readonly number[])[] }
  | { readonly kind: 'index'; readonly columns: readonly number[] }
  | { readonly kind: 'advance' | 'settle' | 'clear' };

/** Words that lie close together, far apart, on both sides of zero, and at the ends of int32. */
const domains: readonly fc.Arbitrary<number>[] = [
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 400 }),
  fc.integer({ min: -200, max: 200 }).map((word) => (word === NO_WORD ? 7 : word)),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((word) => (word === NO_WORD ? 7 : word)),
  fc.constantFrom(-(2 ** 31), 1 - 2 ** 31, -3, -2, 0, 1, 2 ** 31 - 2, 2 ** 31 - 1),
];

/** Sequences of operations on a relation of some arity. */
export function operations(arity: number): fc.Arbitrary<readonly Operation[]> {
  return fc
    .array(fc.constantFrom(...domains), { minLength: arity, maxLength: arity })
    .chain((columns) => {
      const row = fc.tuple(...columns);
      const rows = fc.array(row, { minLength: 1, maxLength: 120, size: 'max' });
      const fewRows = fc.array(row, { minLength: 1, maxLength: 8 });
      const underOneKey = fc
        .tuple(row, rows)
        .map(([first, others]) => others.map((each) => [...first.slice(0, 1), ...each.slice(1)]));
      const operation: fc.Arbitrary<Operation> = fc.oneof(
        { weight: 5, arbitrary: fc.record({ kind: fc.constant('insert' as const), rows }) },
        {
          weight: 4,
          arbitrary: fc.record({ kind: fc.constant('insert' as const), rows: underOneKey }),
        },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), rows }) },
        {
          weight: 2,
          arbitrary: fc.record({ kind: fc.constant('remove' as const), rows: fewRows }),
        },
        { weight: 4, arbitrary: fc.constant({ kind: 'advance' as const }) },
        { weight: 1, arbitrary: fc.constant({ kind: 'settle' as const }) },
        { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
        {
          weight: 2,
          arbitrary: fc.record({
            kind: fc.constant('index' as const),
            columns: fc.subarray(columns.map((_, column) => column)),
          }),
        },
      );
      return fc.array(operation, { minLength: 1, maxLength: 25, size: 'max' });
    });
}

/** Runs the operations on both and compares what can be seen after each. */
export function runBoth(relation: Relation, sequence: readonly Operation[]): void {
  const model = new RelationModel();
  const probed = new Set<string>(['']);
  for (const operation of sequence) {
    apply(relation, model, probed, operation);
    expect(relation.size).toBe(model.old.size + model.delta.size + model.fresh.size);
    for (const part of parts) expect(textsOf(relation, part)).toEqual(model.texts(part));
  }
  for (const name of probed) compareProbes(relation, model, name);
}

function apply(
  relation: Relation,
  model: RelationModel,
  probed: Set<string>,
  operation: Operation,
): void {
  switch (operation.kind) {
    case 'insert':
      for (const row of operation.rows) {
        const text = row.join();
        expect(relation.has(row)).toBe(model.has(text));
        expect(relation.insert(row)).toBe(!model.has(text));
        if (!model.has(text)) model.fresh.add(text);
      }
      break;
    case 'remove':
      model.settle();
      relation.settle();
      for (const row of [...operation.rows, ...someOf(model)]) {
        expect(relation.remove(row)).toBe(model.old.delete(row.join()));
        expect(relation.has(row)).toBe(false);
      }
      break;
    case 'index':
      relation.ensureIndex(operation.columns);
      probed.add(operation.columns.join());
      break;
    case 'advance':
      expect(relation.advance()).toBe(model.advance());
      break;
    case 'settle':
      model.settle();
      relation.settle();
      break;
    case 'clear':
      model.clear();
      relation.clear();
      break;
  }
}

/** About two thirds of what a model holds, so that sets shrink as well as grow. */
function someOf(model: RelationModel): number[][] {
  return [...model.old].filter((_, i) => i % 3 !== 0).map(rowOf);
}

function rowOf(text: string): number[] {
  return text === '' ? [] : text.split(',').map(Number);
}

function textsOf(relation: Relation, part: Part): string[] {
  const texts: string[] = [];
  relation.forEach(part, (row) => texts.push(row.join()));
  return texts.sort();
}

function compareProbes(relation: Relation, model: RelationModel, name: string): void {
  const columns = rowOf(name);
  const wanted = [...model.texts('visible').slice(0, 40), ...[...model.fresh].slice(0, 5)];
  const absent = Array.from({ length: relation.arity }, () => 123_456_789).join();
  for (const text of [...wanted, absent]) {
    const words = columns.map((column) => rowOf(text)[column]!);
    for (const part of parts) {
      const found: string[] = [];
      relation.probe(columns, words, part, (row) => found.push(row.join()));
      const expected = model
        .texts(part)
        .filter((each) => columns.every((column, i) => rowOf(each)[column] === words[i]));
      expect(found.sort()).toEqual(expected);
    }
  }
}
