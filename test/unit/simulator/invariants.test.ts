import { describe, expect, it } from 'vitest';
import { simulationSubject } from '../../../src/cli/subject.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import type { Row } from '../../../src/base/value.js';
import { explore } from '../../../src/simulator/explore.js';
import type { Exploration } from '../../../src/simulator/explore.js';
import { explorationText } from '../../../src/simulator/format-text.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';
import { compileSound } from '../../support/compile-text.js';

type Input = readonly [node: string, relation: string, row: Row];

function simulate(text: string, inputs: readonly Input[], runs = 15): Exploration {
  const compiled = compileSound(text);
  const nodes = ['a', 'b'];
  const subject = simulationSubject({
    compiled,
    nodeProgram: makeNodeProgram(compiled, nodes),
    makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 10_000 }),
    nodes,
    workload: {
      facts: [],
      inputs: inputs.map(([node, relation, row]) => ({ node, relation, row, atMs: null })),
    },
  });
  return explore(subject, { ...defaultSimulationOptions, runs, firstSeed: 1 });
}

const desks = `
  static desk(node: addr); desk("a"); desk("b");
  input wish(id: int); channel ask(@desk: addr, id: int); table sold(id: int); output grant(id: int);
  ask(d, i)@async :- wish(i), desk(d);
  grant(min<i>) :- ask(_, i), notin sold(_);
  sold(i)@next :- grant(i);
`;
const wishes: readonly Input[] = [
  ['a', 'wish', [1]],
  ['b', 'wish', [2]],
];

describe('invariants', () => {
  it('range over all nodes, and over everything that outputs have ever released', () => {
    const { violations, outcomes } = simulate(
      `${desks} invariant one: !(grant(i)@n, grant(j)@m, i < j);`,
      wishes,
    );
    expect(violations.length).toBeGreaterThan(0);
    for (const { node, timestep, seed, diagnostic, cause } of violations) {
      expect(diagnostic).toMatchObject({ code: 'TRL0907', severity: 'error' });
      expect(diagnostic.message).toMatch(
        /^the invariant `one` does not hold: grant\(1\) at [ab] and grant\(2\) at [ab]$/,
      );
      expect(diagnostic.primary?.text).toBe(
        `broken after timestep ${timestep} of ${node} with seed ${seed}`,
      );
      expect(cause).toBeNull();
    }
    // A broken invariant is no failed timestep: the runs keep their outcomes.
    expect(outcomes.every(({ outcome }) => outcome.error === null)).toBe(true);
    expect(outcomes.length).toBeGreaterThan(1);
  });

  it('are reported with seed, node, timestep and tuples by the text of a simulation', () => {
    const exploration = simulate(
      `${desks} invariant one: !(grant(i)@n, grant(j)@m, i < j);`,
      wishes,
    );
    expect(explorationText(exploration)).toMatch(
      /seed \d+, node [ab], timestep \d+: TRL0907 the invariant `one` does not hold: grant\(1\)/,
    );
  });

  it('that hold say nothing, and a seed shows the same breach again', () => {
    const text = `${desks} invariant small: !(grant(i), i > 2); invariant known: !(sold(i), notin grant(i)@_);`;
    expect(simulate(text, wishes).violations).toEqual([]);
    const broken = `${desks} invariant one: !(grant(i)@n, grant(j)@m, i < j);`;
    const first = simulate(broken, wishes).violations[0]!;
    const again = simulate(broken, wishes).violations[0]!;
    expect(again).toEqual(first);
  });

  it('hold what stands without a place against one and the same node', () => {
    const text = `static other(n: addr); input put(x: int); table t(x: int); table u(x: int); loopback l(x: int); t(x) :- put(x); l(x)@async :- put(x); u(x) :- l(x);`;
    const puts: readonly Input[] = [['a', 'put', [1]]];
    const messages = (invariant: string): readonly string[] => [
      ...new Set(
        simulate(`${text} invariant i: !(${invariant});`, puts, 3).violations.map(
          ({ diagnostic }) => diagnostic.message,
        ),
      ),
    ];
    const found = (tuples: string): string => `the invariant \`i\` does not hold: ${tuples}`;
    expect(messages('t(x), notin u(x)')).toEqual([found('t(1) at a and no u(1) at a')]);
    expect(messages('u(x), notin t(x)')).toEqual([]);
    expect(messages('notin t(1)')).toContain(found('no t(1) at b'));
    expect(messages('t(x)@n, cluster(m)@n, notin t(x)@m')).toEqual([
      found('t(1) at a and cluster("b") at a and no t(1) at b'),
    ]);
    expect(messages('t(x)@"b"')).toEqual([]);
    expect(messages('t(x)@"a"')).toEqual([found('t(1) at a')]);
    expect(messages('t(x), x / 0 > 1')[0]).toContain('division by zero');
    expect(messages('put(x)')).toEqual([found('put(1) at a')]);
  });

  it('read located relations by their own column', () => {
    const text = `input put(x: int); table t(@n: addr, x: int); t(n, x) :- put(x), self(n); invariant i: !(t(n, x), t(m, x), n < m);`;
    const { violations } = simulate(
      text,
      [
        ['a', 'put', [1]],
        ['b', 'put', [1]],
      ],
      2,
    );
    expect(violations[0]!.diagnostic.message).toBe(
      'the invariant `i` does not hold: t("a", 1) and t("b", 1)',
    );
  });

  it('tell a breach of a symmetric invariant once', () => {
    const { violations } = simulate(
      'input put(v: int); table decided(v: int); decided(v) :- put(v); invariant agree: !(decided(v)@n, decided(w)@m, v != w);',
      [
        ['a', 'put', [1]],
        ['b', 'put', [2]],
      ],
      1,
    );
    expect(violations.map(({ diagnostic }) => diagnostic.message)).toEqual([
      'the invariant `agree` does not hold: decided(1) at a and decided(2) at b',
    ]);
  });

  it('range over all parts of a cluster-wide relation, which has its tuples at any node', () => {
    const text = `table owner(k: int, v: int) partition by (k);
input add(k: int, v: int);
output seen(k: int);
owner(k, v) :- add(k, v);
seen(k) :- owner(k, _);
invariant one: !(owner(k, v), owner(k2, v), k < k2);
invariant known: !(owner(k, v), notin owner(v, _));
`;
    const inputs: readonly Input[] = [1, 2, 3, 4].map((k) => ['a', 'add', [k, 5]]);
    const { violations } = simulate(text, inputs, 2);
    const told = new Set(violations.map(({ diagnostic }) => diagnostic.message));
    const pairs = [...told].filter((message) => message.includes('`one`'));
    expect(pairs.map((message) => message.replace(/ at [ab]/g, '')).sort()).toEqual(
      [
        [1, 2],
        [1, 3],
        [1, 4],
        [2, 3],
        [2, 4],
        [3, 4],
      ].map(([k, l]) => `the invariant \`one\` does not hold: owner(${k}, 5) and owner(${l}, 5)`),
    );
    expect(pairs.some((message) => message.includes(' at a') && message.includes(' at b'))).toBe(
      true,
    );
    expect([...told].filter((message) => message.includes('`known`'))).toHaveLength(4);
    const held = inputs.map(([node, relation, [k]]): Input => [node, relation, [k!, k!]]);
    expect(simulate(text, held, 2).violations).toEqual([]);
  });
});
