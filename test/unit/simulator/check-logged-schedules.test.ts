/**
 * The checker of all schedules over an ordered log: its abstract log has every outcome of real nodes
 * over the real one, replicas that agree, and all orders that may be decided.
 */
import { describe, expect, it } from 'vitest';
import { rowKey } from '../../../src/base/value.js';
import type { Row } from '../../../src/base/value.js';
import type { CompiledProgram } from '../../../src/compiler/compile-source.js';
import { makeComparableFactory } from '../../../src/compiler/node-program.js';
import type { WorkloadInput } from '../../../src/node/workload.js';
import { checkSchedules, usualScheduleBounds } from '../../../src/simulator/check-schedules.js';
import type { CheckedSchedules } from '../../../src/simulator/check-schedules.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';
import type { Outcome } from '../../../src/simulator/outcome.js';
import { simulateRun } from '../../../src/simulator/simulate-run.js';
import { compileCaseText } from '../../support/fuzz-verdicts.js';
import { judgeOrdered, loggedSubject } from '../../support/judge-ordered.js';
import { caseFunctions, caseText } from '../../support/random-analysis-programs.js';
import { orderedCase } from '../../support/random-ordered-cases.js';
import { compileSound } from '../../support/compile-text.js';

const nodes = ['n1', 'n2'];
const bounds = { maxTuples: 2000 };
const limits = { ...usualScheduleBounds, states: 8000 };
const register = `static peer(n: addr); peer("n1"); peer("n2"); channel c(@to: addr, x: int); input i(x: int);
  c(n, x)@async :- i(x), peer(n); table k(z: int => x: int); upsert k(0, x) :- c(_, x);
  view v(x: int); v(x) :- k(_, x);`;

type Put = readonly [node: string, relation: string, row: Row];
const puts = (...given: readonly Put[]): readonly WorkloadInput[] =>
  given.map(([node, relation, row]) => ({ node, relation, row, atMs: null }));

function checked(
  compiled: CompiledProgram,
  inputs: readonly WorkloadInput[],
  allowed: Partial<typeof limits> = {},
): { readonly subject: ReturnType<typeof loggedSubject>; readonly result: CheckedSchedules } {
  const program = { compiled, nodes, functions: caseFunctions };
  const subject = { ...loggedSubject(program), workload: { facts: [], inputs } };
  const running = { ...compiled, bare: compiled.coordinated };
  const evaluators = makeComparableFactory(running, bounds, caseFunctions);
  return { subject, result: checkSchedules(subject, evaluators, { ...limits, ...allowed }) };
}

const ordered = (text: string): CompiledProgram => compileSound(text, { coordinate: 'auto' });

describe('all schedules over a log', () => {
  it('of a race leave replicas that agree, by each order that may be decided', () => {
    const inputs = puts(['n1', 'i', [1]], ['n1', 'i', [2]]);
    const { result } = checked(ordered(register), inputs);
    expect(result).toMatchObject({ isComplete: true, limit: null });
    const finals = result.outcomes.map(({ final }) => JSON.stringify(final.get('v')));
    // Nothing where both are put in at once: the entry conflicts, and both nodes leave it out.
    expect([...new Set(finals)].sort()).toEqual([
      '[["n1",1],["n2",1]]',
      '[["n1",2],["n2",2]]',
      '[]',
    ]);
    const logs = result.outcomes.map(({ underLog }) => underLog?.entries.length);
    expect(new Set(logs)).toEqual(new Set([1, 2]));
  });

  it('put all that a timestep sends to a receiver into one entry, ordered or not', () => {
    const text = `${register} channel d(@to: addr, x: int); d(n, x)@async :- i(x), peer(n);
      table t(x: int); t(x) :- d(_, x); output o(x: int); o(x) :- t(x);`;
    const compiled = ordered(text);
    expect(compiled.plan.orderedLog?.channels).toEqual(['c']);
    const { result } = checked(compiled, puts(['n1', 'i', [1]]));
    const parts = result.outcomes.map(({ underLog }) =>
      underLog?.entries.map((entry) => entry.get('n2')?.map(({ relation }) => relation)),
    );
    expect(parts).toEqual([[['c', 'd']]]);
  });

  it('leave no view with what an entry brought and took away again', () => {
    const text = `static peer(n: addr); peer("n1"); peer("n2"); input i(x: int); input j(x: int);
      channel add(@to: addr, x: int); channel rm(@to: addr, x: int); input k(x: int); channel c(@to: addr, x: int);
      add(n, x)@async :- i(x), peer(n); rm(n, x)@async :- j(x), peer(n); c(n, x)@async :- k(x), peer(n);
      table t(x: int); t(x) :- add(_, x); delete t(x) :- rm(_, x); view v(x: int); v(x) :- t(x);`;
    const compiled = ordered(text);
    expect(compiled.plan.orderedLog?.channels).toEqual(['add', 'rm']);
    const inputs = puts(['n1', 'i', [1]], ['n1', 'j', [1]], ['n2', 'k', [1]]);
    const bounded = { ...limits, inputs: 3, states: 20_000 };
    expect(judgeOrdered({ compiled, nodes }, [{ facts: [], inputs }], bounded)).toMatchObject({
      fault: null,
      isExhaustive: true,
    });
  });

  it('are not said to be covered where a node stops', () => {
    const stopping = ordered(`${register} halt(0) :- i(9);`);
    expect(stopping.plan.orderedLog).toBeNull();
    const { plan } = ordered(register);
    const inputs = puts(['n1', 'i', [9]], ['n2', 'i', [1]]);
    expect(checked({ ...stopping, plan }, inputs).result.limit).toBe('halts');
  });

  it('show what the log does not mend: judged over a log of the wrong channel, replicas disagree', () => {
    const text = register
      .replace('channel c', 'channel d(@to: addr, x: int); channel c')
      .replace('upsert k(0, x) :- c(_, x);', 'upsert k(0, x) :- c(_, x) | d(_, x);')
      .replace('view v', 'input j(x: int); d(n, x)@async :- j(x), peer(n); view v');
    const compiled = ordered(text);
    expect(compiled.plan.orderedLog?.channels).toEqual(['c', 'd']);
    const inputs = puts(['n1', 'i', [1]], ['n2', 'j', [2]]);
    const judge = (plan: CompiledProgram['plan']) =>
      judgeOrdered({ compiled: { ...compiled, plan }, nodes }, [{ facts: [], inputs }], {
        ...limits,
        inputs: 2,
      });
    expect(judge(compiled.plan)).toMatchObject({ fault: null, isExhaustive: true, longestLog: 2 });
    const half = { ...compiled.plan, orderedLog: { channels: ['c'], members: null } };
    expect(judge(half).fault?.what).toContain('replicas disagree on');
  });
});

describe('against runs of real nodes over the real log', () => {
  it('no random schedule has another outcome', () => {
    const text = ({ ever, final, stored }: Pick<Outcome, 'ever' | 'final' | 'stored'>): string =>
      [ever, final, stored]
        .map((part) => [...part].map(([name, rows]) => `${name}: ${rows.map(rowKey).join(' ')}`))
        .join('\n');
    const options = { ...defaultSimulationOptions, duplicate: 0, bootJitterMs: 200, trace: false };
    const seen = { programs: 0, runs: 0, outcomes: 0, found: 0 };
    for (let seed = 1; seed <= 80; seed++) {
      const one = { ...orderedCase(seed), nodes };
      const compiled = compileCaseText(caseText(one), 'auto');
      if (compiled === null || compiled.plan.orderedLog === null) continue;
      const inputs = one.inputs.filter(({ node }) => node !== 'n3');
      const { subject, result } = checked(compiled, inputs);
      if (!result.isComplete || subject.program.periodics.length > 0) continue;
      seen.programs += 1;
      const known = new Set(
        result.outcomes.map(({ ever, final, underLog }) =>
          text({ ever, final, stored: underLog!.stored }),
        ),
      );
      const found = new Set<string>();
      for (let run = 1; run <= 10; run++) {
        const { outcome, quiescent } = simulateRun(
          { ...subject, stored: [...(result.outcomes[0]?.underLog?.stored.keys() ?? [])] },
          { ...options, seed: run },
        );
        expect(quiescent).toBe(true);
        found.add(text(outcome));
        seen.runs += 1;
      }
      for (const outcome of found)
        expect(known.has(outcome), `seed ${seed}\n${caseText(one)}\n${outcome}`).toBe(true);
      seen.outcomes += known.size;
      seen.found += found.size;
    }
    expect(seen.programs).toBeGreaterThan(12);
    // The abstract log does not merely allow everything: runs come by a good part of it.
    expect(seen.found).toBeGreaterThan(seen.outcomes / 4);
  });
});
