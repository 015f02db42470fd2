/**
 * Seals on simulated nodes: one outcome whatever the schedule, each key by itself, no message that is
 * not needed, and a broken promise that is told.
 */
import { describe, expect, it } from 'vitest';
import { simulationSubject } from '../../src/cli/subject.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../src/compiler/node-program.js';
import type { EvaluatorKind } from '../../src/compiler/node-program.js';
import { explore } from '../../src/simulator/explore.js';
import type { Exploration } from '../../src/simulator/explore.js';
import { defaultSimulationOptions } from '../../src/simulator/outcome.js';
import type { SimulationSubject } from '../../src/simulator/outcome.js';
import { simulateRun } from '../../src/simulator/simulate-run.js';
import { compileSound } from '../support/compile-text.js';
import type { Put } from '../support/all-schedules.js';

/** Producers seal a session once they have as many actions as they were told. */
const cart = (waits: string): string => `
  static client(c: addr); client("a"); client("b");
  input act(session: string, op: int, delta: int); input finish(session: string, ops: int);
  channel action(@at: addr, session: string, op: int, delta: int);
  table log(session: string, op: int, delta: int); table acted(session: string, op: int);
  table manifest(session: string, ops: int); scratch count_of(session: string, n: int); scratch done(session: string);
  output bill(session: string, total: int);
  seal action on (session) from client(c) when done(session);
  action(n, s, o, d)@async :- act(s, o, d), cluster(n);
  acted(s, o) :- act(s, o, _); manifest(s, n) :- finish(s, n);
  count_of(s, count<o>) :- acted(s, o);
  done(s) :- manifest(s, 0); done(s) :- manifest(s, n), count_of(s, m), m >= n;
  log(s, o, d) :- action(_, s, o, d);
  bill(s, sum<d>) :- log(s, o, d)${waits};`;
const guard = ', sealed action(s)';
const nodes = ['a', 'b', 'c'];
const workload: readonly Put[] = [
  ['a', 'act', ['s', 1, 2]],
  ['a', 'act', ['s', 3, -1]],
  ['b', 'act', ['s', 2, 10]],
  ['b', 'act', ['t', 4, 5]],
  ['a', 'finish', ['s', 2]],
  ['b', 'finish', ['s', 1]],
  ['a', 'finish', ['t', 0]],
];
const all: readonly Put[] = [...workload, ['b', 'finish', ['t', 1]]];

function subject(
  text: string,
  puts: readonly (readonly [...Put, atMs?: number])[],
  kind: EvaluatorKind = 'engine',
): SimulationSubject {
  const compiled = compileSound(text);
  const inputs = puts.map(([node, relation, row, atMs = null]) => ({ node, relation, row, atMs }));
  return simulationSubject({
    compiled,
    nodeProgram: makeNodeProgram(compiled, nodes),
    makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 10_000 }, { kind }),
    nodes,
    workload: { facts: [], inputs },
  });
}

const adversarial = { ...defaultSimulationOptions, duplicate: 0.3, bootJitterMs: 200 };
const explored = (of: SimulationSubject, runs: number): Exploration =>
  explore(of, { ...adversarial, runs, firstSeed: 1 });
const ever = ({ outcomes }: Exploration, relation: string): readonly string[] =>
  outcomes.map(({ outcome }) => JSON.stringify(outcome.ever.get(relation)));

const bothBills = '[["a","s",11],["a","t",5],["b","s",11],["b","t",5],["c","s",11],["c","t",5]]';

describe('a sealed program', { timeout: 120_000 }, () => {
  it('has one outcome over 1000 adversarial schedules', () => {
    const result = explored(subject(cart(guard), all), 1000);
    expect(ever(result, 'bill')).toEqual([bothBills]);
    expect(result.violations).toEqual([]);
    expect(result.coordinationMessages).toBe(0);
  });

  it('has the same with the naive evaluator', () => {
    expect(ever(explored(subject(cart(guard), all, 'reference'), 20), 'bill')).toEqual([bothBills]);
  });

  it('needs its seal: without it runs differ', () => {
    expect(explored(subject(cart(''), all), 30).outcomes.length).toBeGreaterThan(1);
  });

  it('waits key by key: a key that is never sealed blocks no other', () => {
    const result = explored(subject(cart(guard), workload), 100);
    expect(ever(result, 'bill')).toEqual(['[["a","s",11],["b","s",11],["c","s",11]]']);
  });

  it('sends one mark from each producer to each reader for each key, and no tuple more', () => {
    const sent = (text: string, seed: number): readonly string[] =>
      simulateRun(subject(text, all), { ...adversarial, duplicate: 0, trace: true, seed })
        .trace.filter(({ event }) => event === 'send' || event === 'deliver')
        .filter(({ event, text: what }) => event === 'send' || what.startsWith('from itself'))
        .flatMap(({ text: what }) => what.match(/\baction\w*\("[^)]*\)/g) ?? []);
    for (const seed of [1, 2, 3, 4, 5]) {
      const tuples = sent(cart(guard), seed);
      const marks = tuples.filter((text) => text.startsWith('action_end'));
      // Two producers, two keys, three readers.
      expect(new Set(marks).size).toBe(12);
      expect(marks).toHaveLength(12);
      expect(tuples).toHaveLength(12 + sent(cart(''), seed).length);
    }
  });

  it('sends nothing for a seal that nobody reads', () => {
    const without = cart('').replace(/seal [^;]*;/, '');
    const frames = (text: string): number => explored(subject(text, all), 20).dataFrames;
    expect(frames(cart(''))).toBe(frames(without));
  });
});

describe('a broken promise', () => {
  const plain = cart(guard)
    .replace(
      'scratch done(session: string)',
      'input done(session: string); scratch unused(session: string)',
    )
    .replaceAll(/done\(s\) :- [^;]*;/g, '');
  const causes = (puts: Parameters<typeof subject>[1]): readonly string[] =>
    explored(subject(plain, puts), 1).violations.map(
      ({ node, cause }) => `${node}: ${cause?.code} ${cause?.message}`,
    );
  const sealed = [
    ['a', 'act', ['s', 1, 2], 300],
    ['a', 'done', ['s'], 400],
    ['b', 'done', ['s'], 400],
  ] as const;

  it('fails the timestep, names producer, tuple and rule, and changes nothing', () => {
    const late = ['a', 'act', ['s', 9, 100], 500] as const;
    expect(causes([...sealed, late])).toEqual([
      'a: TRL0814 node a breaks its promise: it has sealed `action` for session s, and now adds action("a", "s", 9, 100), in rule action#1',
    ]);
    const result = explored(subject(plain, [...sealed, late]), 30);
    expect(ever(result, 'bill')).toEqual(['[["a","s",2],["b","s",2],["c","s",2]]']);
  });

  it('is none to add again what was added before, or what is of another key', () => {
    expect(
      causes([...sealed, ['a', 'act', ['s', 1, 2], 500], ['a', 'act', ['t', 1, 2], 500]]),
    ).toEqual([]);
  });

  it.each([
    ['kept from the next timestep on', 's: string, x: int', 'later(s, x)@next :- act(s, x);', ''],
    ['replaced by the same', 's: string => x: int', 'upsert later(s, x) :- act(s, x);', ''],
    [
      'under the seal of named producers',
      's: string, x: int',
      'later(s, x) :- act(s, x);',
      'from client(c)',
    ],
  ])('is none to add again what was there before: %s', (_, columns, rule, from) => {
    const text = `static client(c: addr); client("a"); input act(s: string, x: int); input done(s: string);
      table later(${columns}); output bill(s: string, x: int); ${rule}
      bill(s, x) :- later(s, x), sealed later(s); seal later on (s) ${from} when done(s);`;
    const again: Parameters<typeof subject>[1] = [
      ['a', 'act', ['s', 1], 0],
      ['a', 'done', ['s'], 500],
      ['a', 'act', ['s', 1], 1000],
    ];
    const result = explored(subject(text, again), 5);
    expect(result.violations).toEqual([]);
    expect(ever(result, 'bill')).toEqual(['[["a","s",1]]']);
    const other = explored(subject(text, [...again, ['a', 'act', ['t', 1], 1500]]), 1);
    expect(other.violations).toEqual([]);
    const late = [...again.slice(0, 2), ['a', 'act', ['s', 2], 1000] as const];
    const [broken] = explored(subject(text, late), 1).violations;
    expect(broken?.cause?.message).toContain('and now adds later("s", 2)');
  });

  it('names the values of all sealed columns, if there are any', () => {
    const text = (on: string, asked: string): string => `
      input e(x: int, y: string, z: int); input d(x: int, y: string); table t(x: int, y: string, z: int);
      output o(x: int); t(x, y, z) :- e(x, y, z); o(x) :- t(x, y, _), sealed t(${asked}); seal t ${on};`;
    const puts: Parameters<typeof subject>[1] = [
      ['a', 'd', [1, 'k'], 0],
      ['a', 'e', [1, 'k', 2], 500],
    ];
    const told = (program: string): string | undefined =>
      explored(subject(program, puts), 1).violations[0]?.cause?.message;
    expect(told(text('on (x, y) when d(x, y)', 'x, y'))).toContain(
      'it has sealed `t` for x 1, y k, and now adds t(1, "k", 2)',
    );
    expect(told(text('when d(_, _)', ''))).toContain(
      'it has sealed `t`, and now adds t(1, "k", 2)',
    );
  });

  it('is one to add anything without being named as a producer', () => {
    expect(causes([...sealed, ['c', 'act', ['t', 1, 2], 100]])).toEqual([
      'c: TRL0814 node c breaks its promise: it is no producer of `action` (`from client`), and yet adds action("a", "t", 1, 2), in rule action#1',
    ]);
  });
});
