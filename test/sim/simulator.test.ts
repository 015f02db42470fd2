/** The simulator on programs of the language: what it must find, and what it must not. */
import { describe, expect, it } from 'vitest';
import { explore } from '../../src/simulator/explore.js';
import { findDivergence } from '../../src/simulator/find-divergence.js';
import { defaultSimulationOptions } from '../../src/simulator/outcome.js';
import { simulateRun } from '../../src/simulator/simulate-run.js';
import { simulatedProgram } from './simulated-program.js';

const nightly = process.env['TRELLIS_NIGHTLY'] === '1';
const trio = ['a', 'b', 'c'];
const wild = { ...defaultSimulationOptions, duplicate: 0.3, bootJitterMs: 200, firstSeed: 1 };
const search = { turns: 20_000 };

/** Links are gossiped, and reachability is computed over what has come. */
const gossip = `
  input link(x: string, y: string);
  channel tell(@to: addr, x: string, y: string);
  table known(x: string, y: string);
  output reach(x: string, y: string);
  known(x, y) :- link(x, y);
  known(x, y) :- tell(_, x, y);
  tell(n, x, y)@async :- known(x, y), cluster(n), self(me), n != me;
  reach(x, y) :- known(x, y);
  reach(x, z) :- known(x, y), reach(y, z);
`;
const links = {
  a: {
    link: [
      ['1', '2'],
      ['2', '3'],
    ],
  },
  b: {
    link: [
      ['3', '4'],
      ['4', '1'],
    ],
  },
  c: { link: [['5', '1']] },
};

/** Every desk gives the seat to the least asker that it knows of when it first knows of any. */
const desks = `
  input want(id: int, seat: string);
  channel ask(@desk: addr, id: int, seat: string);
  table sold(seat: string => id: int);
  output grant(seat: string, id: int);
  ask(n, id, s)@async :- want(id, s), cluster(n);
  scratch win(seat: string, id: int);
  win(s, min<id>) :- ask(_, id, s), notin sold(s, _);
  sold(s, id)@next :- win(s, id);
  grant(s, id) :- sold(s, id);
`;
const asks = {
  a: { want: [[1, 'x']] },
  b: {
    want: [
      [2, 'x'],
      [4, 'y'],
    ],
  },
  c: { want: [[3, 'y']] },
};

describe('a confluent program', () => {
  it('comes to one outcome over all schedules', () => {
    const subject = simulatedProgram(gossip, {
      nodes: trio,
      replicated: ['known'],
      inputsAt: links,
    });
    const found = explore(subject, { ...wild, runs: nightly ? 2000 : 60 });
    expect(found.outcomes).toHaveLength(1);
    expect(found.outcomes[0]).toMatchObject({ quiescent: true, replicasAgree: true });
    // From each of 1 to 5 to each of 1 to 4, at each of three nodes.
    expect(found.outcomes[0]!.outcome.ever.get('reach')).toHaveLength(3 * 5 * 4);
    expect(found.coordinationMessages).toBe(0);
    expect(
      findDivergence(subject, { ...search, maxPlans: 60, observable: 'reach', kinds: ['ever'] }),
    ).toBeNull();
  });
});

describe('uncoordinated choices at replicas', () => {
  it('part for ever, and the search shows it with few inputs', () => {
    const subject = simulatedProgram(desks, { nodes: trio, replicated: ['sold'], inputsAt: asks });
    const found = explore(subject, { ...wild, runs: 36 });
    expect(found.outcomes.length).toBeGreaterThan(1);
    expect(found.outcomes.some(({ replicasAgree }) => !replicasAgree)).toBe(true);
    const divergence = findDivergence(subject, {
      ...search,
      observable: 'grant',
      kinds: ['ever'],
    })!;
    expect(divergence.subject.workload.inputs).toHaveLength(2);
    expect(divergence.a.outcome.ever.get('grant')).not.toEqual(
      divergence.b.outcome.ever.get('grant'),
    );
  });

  it('agree in every run, as in a sequential run, when an order is put on them', () => {
    const subject = simulatedProgram(desks, {
      nodes: trio,
      replicated: ['sold'],
      inputsAt: asks,
      ordered: ['ask'],
    });
    const found = explore(subject, { ...wild, runs: nightly ? 1000 : 45, sequential: true });
    expect(found.violations).toEqual([]);
    expect(found.outcomes.every(({ replicasAgree, quiescent }) => replicasAgree && quiescent)).toBe(
      true,
    );
    expect(found.coordinationMessages).toBeGreaterThan(0);
    for (const { outcome } of found.outcomes) expect(outcome.stored.get('sold')).toHaveLength(6);
  });
});

describe('time', () => {
  it('ends periodics at the horizon and lets the rest drain', () => {
    const subject = simulatedProgram(
      `periodic beat(300ms);
       table beats(n: int);
       loopback echo(n: int);
       output done(n: int);
       beats(n) :- beat(n, _);
       echo(n)@async :- beat(n, _);
       done(n) :- echo(n);`,
      { nodes: ['a'] },
    );
    for (let seed = 1; seed <= 9; seed++) {
      const run = simulateRun(subject, { ...wild, seed, untilMs: 3000 });
      expect(run.quiescent).toBe(true);
      expect(run.outcome.stored.get('beats')).toHaveLength(10);
      expect(run.outcome.ever.get('done')).toHaveLength(10);
      expect(run.outcome.final.get('done')).toEqual([]);
    }
  });

  it('runs out for a program that never comes to rest', () => {
    const subject = simulatedProgram(
      'table n(x: int); n(0); n(x + 1)@next :- n(x); delete n(x) :- n(x);',
      { nodes: ['a'] },
    );
    const run = simulateRun(subject, { ...wild, seed: 1, maxTimesteps: 40 });
    expect(run.quiescent).toBe(false);
    expect(run.timesteps).toBe(40);
    expect(run.outcome.stored.get('n')).toEqual([['a', 40]]);
  });
});

describe('failures', () => {
  it('are violations with the tuples, the outcome `error`, and no end to the node', () => {
    const subject = simulatedProgram(
      `input divide(x: int, y: int);
       table results(x: int, y: int, q: int);
       results(x, y, x / y) :- divide(x, y);`,
      {
        nodes: ['a'],
        inputs: {
          divide: [
            [6, 3],
            [1, 0],
          ],
        },
      },
    );
    for (let seed = 1; seed <= 9; seed++) {
      const run = simulateRun(subject, { ...wild, seed });
      expect(run.outcome.error).not.toBeNull();
      expect(run.violations.every(({ node }) => node === 'a')).toBe(true);
      expect(run.outcome.stored.get('results')).toEqual([['a', 6, 3, 2]]);
    }
  });

  it('of resource bounds say so', () => {
    const text = 'input go(); table n(x: int); n(0) :- go(); n(x + 1) :- n(x);';
    const subject = simulatedProgram(text, { nodes: ['a'], inputs: { go: [[]] }, maxTuples: 500 });
    const { violations, quiescent } = simulateRun(subject, { ...wild, seed: 1 });
    expect(violations.map(({ bound }) => bound)).toContain(true);
    expect(quiescent).toBe(true);
  });

  it('that only some schedules meet are outcomes beside the others', () => {
    const subject = simulatedProgram(
      `input put(k: string, v: int);
       table kv(k: string => v: int);
       view shown(k: string, v: int);
       upsert kv(k, v) :- put(k, v);
       shown(k, v) :- kv(k, v);`,
      {
        nodes: ['a'],
        inputs: {
          put: [
            ['k', 1],
            ['k', 2],
          ],
        },
      },
    );
    const found = explore(subject, { ...wild, runs: 45 });
    const ends = (failed: boolean): readonly string[] =>
      found.outcomes
        .filter(({ outcome }) => (outcome.error !== null) === failed)
        .map(({ outcome }) => JSON.stringify(outcome.final.get('shown')))
        .sort();
    // What conflicts in one timestep runs one by one then, in the order of its coming.
    expect(ends(true)).toEqual(['[["a","k",2]]']);
    expect(ends(false)).toEqual(['[["a","k",1]]', '[["a","k",2]]']);
  });
});
