/** Which nodes are replicas of a relation, and which relations are compared at all. */
import { describe, expect, it } from 'vitest';
import { simulationSubject } from '../../../src/cli/subject.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import { explore } from '../../../src/simulator/explore.js';
import { explorationJson } from '../../../src/simulator/format-json.js';
import { explorationText } from '../../../src/simulator/format-text.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';
import { simulateRun } from '../../../src/simulator/simulate-run.js';
import type { SimulationSubject } from '../../../src/simulator/outcome.js';
import { compileSound } from '../../support/compile-text.js';
import { scriptedSubject } from './scripted-subject.js';

type Input = readonly [node: string, relation: string, x: number];

function subjectOf(
  text: string,
  nodes: readonly string[],
  inputs: readonly Input[],
  coordinate: 'auto' | 'none' = 'none',
): SimulationSubject {
  const compiled = compileSound(text, { coordinate });
  return simulationSubject({
    compiled,
    nodeProgram: makeNodeProgram(compiled, nodes),
    makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 1000 }),
    nodes,
    workload: {
      facts: [],
      inputs: inputs.map(([node, relation, x]) => ({ node, relation, row: [x], atMs: null })),
    },
  });
}

/** Whether replicas agree, of all runs. */
function agreements(subject: SimulationSubject): readonly boolean[] {
  const { outcomes } = explore(subject, { ...defaultSimulationOptions, runs: 30, firstSeed: 1 });
  return [false, true].filter((agree) => outcomes.some((one) => one.replicasAgree === agree));
}

const addAndDelete = `input put(x: int); input rm(x: int);
channel add(@to: addr, x: int); channel del(@to: addr, x: int);
add(n, x)@async :- put(x), cluster(n);
del(n, x)@async :- rm(x), cluster(n);
table t(x: int); t(x) :- add(_, x);
delete t(x) :- del(_, x);
view v(x: int); v(x) :- t(x);`;
const race: readonly Input[] = [
  ['a', 'put', 1],
  ['b', 'rm', 1],
];

describe('a node that holds nothing', () => {
  it('disagrees with one that holds something, if it took in what feeds the relation', () => {
    const subject = subjectOf(addAndDelete, ['a', 'b'], race);
    expect(subject.replicatedThrough?.get('t')).toEqual(['add', 'del']);
    const ofTable = { ...subject, replicated: ['t'] };
    const held = new Set<number>();
    for (let seed = 1; seed <= 30; seed++) {
      const { outcome } = simulateRun(ofTable, { ...defaultSimulationOptions, seed });
      const holders = outcome.stored.get('t')!.length;
      expect(outcome.replicasAgree, `seed ${seed}`).toBe(holders !== 1);
      held.add(holders);
    }
    // At each of the two nodes the tuple is there in the end or not.
    expect(held).toEqual(new Set([0, 1, 2]));
  });

  it('plays another part if it took in nothing', () => {
    const text = `static desk(n: addr); desk("a"); desk("b"); ${addAndDelete.replaceAll('cluster(n)', 'desk(n)')}`;
    expect(agreements(subjectOf(text, ['a', 'b', 'c'], [['c', 'put', 1]]))).toEqual([true]);
  });

  it('is a replica through the entries of a log too', () => {
    const subject = scriptedSubject({
      nodes: ['a', 'b'],
      located: { msg: 0 },
      replicated: ['kept'],
      inputs: [{ node: 'a', relation: 'put', row: [1] }],
      log: { channels: ['msg'], members: ['a', 'b'] },
      script: ({ node, read }) => ({
        sends: {
          msg: read('put').flatMap(([x]) => [
            ['a', x!],
            ['b', x!],
          ]),
        },
        ...(node === 'a' && read('msg').length > 0 ? { tables: { kept: [[1]] } } : {}),
      }),
    });
    expect(agreements(subject)).toEqual([true]);
    const through = (channel: string) => new Map([['kept', [channel]]]);
    expect(agreements({ ...subject, replicatedThrough: through('msg') })).toEqual([false]);
    expect(agreements({ ...subject, replicatedThrough: through('other') })).toEqual([true]);
  });
});

describe('a relation that nodes may rightly hold differently is not compared', () => {
  const through = (rules: string, inputs: readonly Input[] = [['a', 'i', 1]]) => {
    const subject = subjectOf(
      `static desk(n: addr); desk("a"); desk("b"); desk("c"); input i(x: int); input j(x: int);
channel c(@n: addr, x: int); channel d(@n: addr, x: int); table t(x: int); view p(x: int); ${rules} p(x) :- t(x);`,
      ['a', 'b', 'c'],
      inputs,
    );
    expect(agreements(subject)).toEqual([true]);
    return subject.replicatedThrough?.get('t');
  };

  it.each([
    ['every node gets every message', 'c(n, x)@async :- i(x), cluster(n); t(x) :- c(_, x);', ['c']],
    [
      'two channels with the same receivers',
      'c(n, x)@async :- i(x), desk(n); d(n, x)@async :- j(x), desk(n); t(x) :- c(_, x); t(x) :- d(_, x);',
      ['c', 'd'],
    ],
    [
      'all but the sender',
      'c(n, x)@async :- i(x), cluster(n), self(me), n != me; t(x) :- c(_, x);',
      [],
    ],
    [
      'what enters at one node',
      'c(n, x)@async :- j(x), cluster(n); t(x) :- c(_, x); t(x) :- i(x);',
      [],
    ],
    [
      'some are sent to one node alone',
      'c(n, x)@async :- j(x), cluster(n); c("b", x)@async :- i(x); t(x) :- c(_, x);',
      [],
    ],
    [
      'channels with different receivers',
      'c(n, x)@async :- i(x), desk(n); d(n, x)@async :- j(x), cluster(n); t(x) :- c(_, x); t(x) :- d(_, x);',
      [],
    ],
  ] as const)('%s', (_, rules, expected) => expect(through(rules)).toEqual(expected));
});

describe('outputs', () => {
  it('are compared by what was released, of which nothing is left at the end', () => {
    const tally = `input put(x: int); input ask(q: int);
      channel add(@to: addr, x: int); channel asked(@to: addr, q: int); table t(x: int);
      add(n, x)@async :- put(x), cluster(n); asked(n, q)@async :- ask(q), cluster(n);
      t(x) :- add(_, x); output answer(q: int, n: int); answer(q, count<x>) :- asked(_, q), t(x);`;
    const inputs: readonly Input[] = [
      ['a', 'put', 1],
      ['a', 'put', 2],
      ['b', 'ask', 7],
    ];
    const settings = { ...defaultSimulationOptions, firstSeed: 1, runs: 40 };
    const found = explore(subjectOf(tally, ['a', 'b'], inputs), settings);
    expect(found.outcomes.every(({ replicasAgree }) => replicasAgree)).toBe(true);
    const parted = found.outcomes.filter(({ releasesDifferSeed }) => releasesDifferSeed !== null);
    expect(parted.length).toBeGreaterThan(0);
    expect(parted.length).toBeLessThan(found.outcomes.length);
    expect(explorationText(found)).toContain(
      'replicas agree at the end, but HAVE RELEASED DIFFERENT TUPLES, first with seed',
    );
    expect(JSON.stringify(explorationJson(found))).toMatch(/"releasesDifferSeed":\d/);
  });
});
