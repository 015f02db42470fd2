/**
 * The replicated data types of the standard library: random concurrent histories on three replicas,
 * delivered late, in random orders and twice. In every run all replicas end alike; where the result
 * does not depend on what a replica knew when it acted, it is the one that a model computes from the
 * set of operations.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRows, tuple, type Row, type Value } from '../../../src/base/value.js';
import { valueText } from '../../../src/base/value-text.js';
import {
  compileSource,
  defaultCompileOptions,
  type CompiledProgram,
} from '../../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import { memoryLoader } from '../../../src/compiler/source-loader.js';
import { explore } from '../../../src/simulator/explore.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';

const library = readFileSync(new URL('../../../src/std/crdt.bloom', import.meta.url), 'utf8');
const loader = memoryLoader(new Map([['std/crdt.bloom', library]]));
const nodes = ['a', 'b', 'c'];
const schedules = 4;

type Operation = readonly [node: string, name: string, ...values: Value[]];

const variablesFor = (columns: string): string =>
  [...columns.matchAll(/\w+:/g)].map((_, i) => `x${i}`).join(', ');

/** A program that hands its inputs to one instance and shows a view of it. */
function programFor(
  module: string,
  inputs: Readonly<Record<string, string>>,
  view: readonly [string, string],
): CompiledProgram {
  const lines = [`import "std/crdt.bloom";`, `use ${module} as it;`];
  for (const [name, columns] of Object.entries(inputs)) {
    const variables = variablesFor(columns);
    lines.push(
      `input do_${name}(${columns});`,
      `it.${name}(${variables}) :- do_${name}(${variables});`,
    );
  }
  const [shown, columns] = view;
  const variables = variablesFor(columns);
  lines.push(`view shown(${columns});`, `shown(${variables}) :- it.${shown}(${variables});`);
  return compile(lines.join('\n'));
}

function compile(text: string): CompiledProgram {
  const { compiled, diagnostics } = compileSource(
    { path: 'test.bloom', text },
    { ...defaultCompileOptions, coordinate: 'none' },
    loader,
  );
  if (compiled === null) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return compiled;
}

/** What all replicas show in the end, run by run; fails if they ever differ or a timestep fails. */
function endings(
  compiled: CompiledProgram,
  operations: readonly Operation[],
): readonly (readonly Row[])[] {
  const stored = [...compiled.program.relations.values()].filter(
    (r) => r.kind === 'table' && r.columns.length > r.keyLength,
  );
  const exploration = explore(
    {
      program: makeNodeProgram(compiled, nodes),
      makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 100_000 }),
      nodes,
      workload: {
        facts: [],
        inputs: operations.map(([node, name, ...row]) => ({
          node,
          relation: `do_${name}`,
          row,
          atMs: null,
        })),
      },
      replicated: ['shown', ...stored.map(({ name }) => name).filter((name) => !/done/.test(name))],
      log: { retryMs: 600, catchUpMs: 300 },
    },
    { ...defaultSimulationOptions, duplicate: 0.5, runs: schedules, firstSeed: 1 },
  );
  return exploration.outcomes.map(({ outcome, replicasAgree }) => {
    expect(outcome.error).toBe(null);
    expect(replicasAgree).toBe(true);
    const rows = outcome.final.get('shown') ?? [];
    return rows
      .filter(([node]) => node === 'a')
      .map((row) => row.slice(1))
      .sort(compareRows);
  });
}

const text = (rows: readonly Row[]): string[] =>
  rows.map((row) => row.map(valueText).join(' ')).sort();
const node = fc.constantFrom(...nodes);
const key = fc.constantFrom('k', 'l');
const item = fc.integer({ min: 0, max: 3 });
const stamp = fc.integer({ min: 1, max: 6 });

/** Histories of operations, each with a number of its own. */
function histories(...kinds: fc.Arbitrary<Operation>[]): fc.Arbitrary<readonly Operation[]> {
  return fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: 9 });
}
function operation(name: string, ...values: fc.Arbitrary<Value>[]): fc.Arbitrary<Operation> {
  return fc.tuple(node, fc.tuple(...values)).map(([at, row]): Operation => [at, name, ...row]);
}

interface Case {
  readonly module: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly view: readonly [string, string];
  readonly operations: fc.Arbitrary<readonly Operation[]>;
  /** The rows shown; null where they depend on what replicas knew. */
  readonly model: ((operations: readonly Operation[]) => readonly Row[]) | null;
}

const of = (operations: readonly Operation[], name: string): readonly Operation[] =>
  operations.filter(([, each]) => each === name);
const distinct = (rows: readonly Row[]): readonly Row[] => {
  const sorted = [...rows].sort(compareRows);
  return sorted.filter((row, i) => i === 0 || compareRows(sorted[i - 1]!, row) !== 0);
};
const items = (operations: readonly Operation[], name: string): readonly Row[] =>
  distinct(of(operations, name).map(([, , k, x]) => [k!, x!]));
const lacks = (rows: readonly Row[], row: Row): boolean =>
  rows.every((other) => compareRows(other, row) !== 0);

/** The sum of the amounts, one an id of a replica. */
function counted(operations: readonly Operation[], name: string, k: Value): number | null {
  const own = of(operations, name).filter(([, , each]) => each === k);
  const amounts = distinct(own.map(([at, , , id, by]) => [at, id!, by!]));
  return own.length === 0 ? null : amounts.reduce((sum, [, , by]) => sum + (by as number), 0);
}
function total(operations: readonly Operation[], k: Value): number | null {
  const [up, down] = [counted(operations, 'increment', k), counted(operations, 'decrement', k)];
  return up === null && down === null ? null : (up ?? 0) - (down ?? 0);
}
const sums = (of_: (k: Value) => number | null): readonly Row[] =>
  ['k', 'l'].flatMap((k) => (of_(k) === null ? [] : [[k, of_(k)!]]));

/** For each key (and item) the greatest stamp. */
function latest(operations: readonly Operation[], name: string, k: Value, x: Value): number | null {
  const stamps = of(operations, name).flatMap(([, , each, y, s]) =>
    each === k && y === x ? [s as number] : [],
  );
  return stamps.length === 0 ? null : Math.max(...stamps);
}

const setInputs = { add: 'k: any, x: any', remove: 'k: any, x: any' };
const member = ['member', 'k: any, x: any'] as const;
const value = ['value', 'k: any, x: any'] as const;
const amount = ['value', 'k: any, x: int'] as const;
const add = operation('add', key, item);
const remove = operation('remove', key, item);

const cases: readonly Case[] = [
  {
    module: 'GrowCounter',
    inputs: { increment: 'k: any, i: any, n: nat' },
    view: amount,
    operations: histories(operation('increment', key, item, fc.nat(4))),
    model: (operations) => sums((k) => counted(operations, 'increment', k)),
  },
  {
    module: 'PNCounter',
    inputs: { increment: 'k: any, i: any, n: nat', decrement: 'k: any, i: any, n: nat' },
    view: amount,
    operations: histories(
      operation('increment', key, item, fc.nat(4)),
      operation('decrement', key, item, fc.nat(4)),
    ),
    model: (operations) => sums((k) => total(operations, k)),
  },
  {
    module: 'LWWRegister',
    inputs: { assign: 'k: any, s: int, x: any' },
    view: value,
    operations: histories(operation('assign', key, stamp, item)),
    model: (operations) =>
      ['k', 'l'].flatMap((k) => {
        const own = of(operations, 'assign').filter(([, , each]) => each === k);
        const last = own
          .map(([at, , , s, x]): Row => [s!, at, x!])
          .sort(compareRows)
          .at(-1);
        return last === undefined ? [] : [[k, last[2]!]];
      }),
  },
  {
    module: 'MVRegister',
    inputs: { assign: 'k: any, x: any' },
    view: value,
    operations: histories(operation('assign', key, item)),
    model: null,
  },
  {
    module: 'GSet',
    inputs: { add: setInputs.add },
    view: member,
    operations: histories(add),
    model: (operations) => items(operations, 'add'),
  },
  {
    module: 'TwoPhaseSet',
    inputs: setInputs,
    view: member,
    operations: histories(add, remove),
    model: (operations) =>
      items(operations, 'add').filter((row) => lacks(items(operations, 'remove'), row)),
  },
  {
    module: 'USet',
    inputs: setInputs,
    view: member,
    operations: histories(add, remove),
    model: null,
  },
  {
    module: 'LWWElementSet',
    inputs: { add: 'k: any, x: any, s: int', remove: 'k: any, x: any, s: int' },
    view: member,
    operations: histories(
      operation('add', key, item, stamp),
      operation('remove', key, item, stamp),
    ),
    model: (operations) =>
      items(operations, 'add').filter(
        ([k, x]) =>
          latest(operations, 'add', k!, x!)! >= (latest(operations, 'remove', k!, x!) ?? 0),
      ),
  },
  {
    module: 'PNSet',
    inputs: { add: 'k: any, x: any, i: any', remove: 'k: any, x: any, i: any' },
    view: member,
    operations: histories(operation('add', key, item, item), operation('remove', key, item, item)),
    model: (operations) =>
      items(operations, 'add').filter(([k, x]) => {
        const times = (name: string): number =>
          distinct(
            of(operations, name).flatMap(([at, , each, y, i]) =>
              each === k && y === x ? [[at, i!]] : [],
            ),
          ).length;
        return times('add') > times('remove');
      }),
  },
  {
    module: 'ORSet',
    inputs: { add: 'k: any, x: any, i: any', remove: 'k: any, x: any' },
    view: member,
    operations: histories(operation('add', key, item, item), remove),
    model: null,
  },
  {
    module: 'Graph',
    inputs: {
      add_vertex: 'k: any, v: any',
      remove_vertex: 'k: any, v: any',
      add_edge: 'k: any, v: any, w: any',
      remove_edge: 'k: any, v: any, w: any',
    },
    view: ['edge', 'k: any, v: any, w: any'],
    operations: histories(
      operation('add_vertex', key, item),
      operation('add_vertex', key, item),
      operation('remove_vertex', key, item),
      operation('add_edge', key, item, item),
      operation('remove_edge', key, item, item),
    ),
    model: (operations) => {
      const rows = (name: string): readonly Row[] =>
        distinct(of(operations, name).map(([, , ...row]) => row));
      const vertices = rows('add_vertex').filter((row) => lacks(rows('remove_vertex'), row));
      return rows('add_edge').filter(
        (row) =>
          lacks(rows('remove_edge'), row) &&
          !lacks(vertices, [row[0]!, row[1]!]) &&
          !lacks(vertices, [row[0]!, row[2]!]),
      );
    },
  },
];

describe.each(cases)('$module', ({ module, inputs, view, operations, model }) => {
  const program = programFor(module, inputs, view);
  it('ends alike at all replicas, whatever the order', () => {
    fc.assert(
      fc.property(operations, (history) => {
        for (const rows of endings(program, history))
          if (model !== null) expect(text(rows)).toEqual(text(model(history)));
      }),
      { numRuns: 6 },
    );
  });
});

describe('what depends on knowledge', () => {
  it('a multi-value register keeps what was written concurrently, and a later value replaces both', () => {
    const program = programFor('MVRegister', { assign: 'k: any, x: any' }, value);
    for (const rows of endings(program, [['a', 'assign', 'k', 1]]))
      expect(text(rows)).toEqual(['"k" 1']);
    const seen = endings(program, [
      ['a', 'assign', 'k', 1],
      ['b', 'assign', 'k', 2],
    ]).map(text);
    for (const rows of seen)
      expect([['"k" 1'], ['"k" 2'], ['"k" 1', '"k" 2']]).toContainEqual(rows);
  });
  it('an observed-remove set loses only the additions that the removal has seen', () => {
    const program = programFor(
      'ORSet',
      { add: 'k: any, x: any, i: any', remove: 'k: any, x: any' },
      member,
    );
    for (const rows of endings(program, [
      ['a', 'add', 'k', 1, 1],
      ['a', 'add', 'k', 2, 2],
    ]))
      expect(rows).toHaveLength(2);
    const after = endings(program, [
      ['a', 'add', 'k', 1, 1],
      ['b', 'remove', 'k', 1],
    ]).map(text);
    for (const rows of after) expect([[], ['"k" 1']]).toContainEqual(rows);
  });
});

describe('TextSequence', () => {
  const program = programFor(
    'TextSequence',
    {
      insert: 'k: any, i: (int, addr), b: (int, addr), c: string',
      erase: 'k: any, i: (int, addr)',
    },
    ['text', 'k: any, t: string'],
  );
  const id = (n: number, at: string): Value => tuple([n, at]);

  /** Depth first, the greater number first. */
  function model(operations: readonly Operation[]): string {
    const gone = of(operations, 'erase').map(([, , , i]) => valueText(i!));
    const below = (parent: Value): string =>
      distinct(of(operations, 'insert').map(([, , , i, b, c]) => [i!, b!, c!]))
        .filter(([, b]) => valueText(b!) === valueText(parent))
        .sort(([x], [y]) => order(x!, y!))
        .map(([i, , c]) => (gone.includes(valueText(i!)) ? '' : (c as string)) + below(i!))
        .join('');
    return below(id(0, ''));
  }
  function order(x: Value, y: Value): number {
    const [[m, r], [n, s]] = [x, y].map((each) => (each as { items: Row }).items) as [Row, Row];
    return (n as number) - (m as number) || ((r as string) < (s as string) ? -1 : 1);
  }

  it('shows one text at all replicas', () => {
    const edits = fc.array(
      fc.tuple(node, fc.nat(5), fc.constantFrom('x', 'y', 'z'), fc.boolean()),
      { minLength: 1, maxLength: 7 },
    );
    fc.assert(
      fc.property(edits, (made) => {
        const ids: Value[] = [id(0, '')];
        const history: Operation[] = [];
        for (const [at, behind, character, erases] of made) {
          const parent = ids[behind % ids.length]!;
          ids.push(id(ids.length, at));
          history.push([at, 'insert', 'k', ids.at(-1)!, parent, character]);
          if (erases && behind > 0 && ids.length > 2) history.push([at, 'erase', 'k', ids[1]!]);
        }
        const wanted = model(history);
        for (const rows of endings(program, history))
          expect(text(rows)).toEqual(wanted === '' ? [] : [`"k" "${wanted}"`]);
      }),
      { numRuns: 6 },
    );
  });
});
