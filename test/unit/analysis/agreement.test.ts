/**
 * What replicas agree on although runs differ: what is claimed by name, and every claim held against
 * all schedules of small programs, in which every node must end alike.
 */
import { describe, expect, it } from 'vitest';
import type { ObservableReport } from '../../../src/analysis/confluence-report.js';
import { Prng } from '../../../src/base/prng.js';
import type { WorkloadInput } from '../../../src/node/workload.js';
import { compileSound, compileText } from '../../support/compile-text.js';
import { judgeVerdicts } from '../../support/judge-verdicts.js';
import type { JudgedObservable } from '../../support/judge-verdicts.js';

const nodes = ['n1', 'n2'];
const limits = {
  states: 3000,
  duplicates: 1,
  firings: 1,
  advances: 0,
  probes: 12,
  inputs: 3,
  moreProbes: 0,
  moreFirings: 0,
};
type Input = readonly [relation: string, x: number];

function judge(text: string, inputs: readonly Input[]): readonly JudgedObservable[] {
  const compiled = compileSound(text, { coordinate: 'none' });
  const placed = inputs.map(([relation, x], i): WorkloadInput => {
    const width = compiled.program.relations.get(relation)?.columns.length ?? 1;
    const row = Array.from({ length: width }, (_, column) => (column === 0 ? x : x + i));
    return { node: nodes[i % 2]!, relation, row, atMs: null };
  });
  return judgeVerdicts({ compiled, nodes }, [{ facts: [], inputs: placed }], () => [], limits);
}

function observable(text: string, name: string): ObservableReport {
  const { observables } = compileSound(text, { coordinate: 'none' }).confluence;
  return observables.find(({ relation }) => relation === name)!;
}

const gossip = `input add(x: int); input rm(x: int);
table t(x: int); table gone(x: int);
channel news(@to: addr, x: int); channel old(@to: addr, x: int);
t(x) :- add(x);
t(x) :- news(_, x);
news(to, x)@async :- t(x), cluster(to);
gone(x) :- old(_, x);
old(to, x)@async :- gone(x), cluster(to);
gone(x) :- rm(x), t(x);
`;
const live = 'view live(x: int); live(x) :- t(x), notin gone(x);\n';
const set: readonly Input[] = [
  ['add', 1],
  ['rm', 1],
  ['add', 1],
];

describe('replicas agree on', () => {
  const cases: readonly (readonly [what: string, text: string, name: string])[] = [
    ['a set from which only what was seen is removed, with gossip', gossip + live, 'live'],
    [
      'what is sent with every firing of a timer',
      gossip.replace('gone(x), cluster(to)', 'gone(x), cluster(to), beat(_, _)') +
        live +
        'periodic beat(50ms);',
      'live',
    ],
    [
      'what is sent once a timer has fired often enough',
      gossip.replace('gone(x), cluster(to)', 'gone(x), cluster(to), beat(n, _), n > x') +
        live +
        'periodic beat(50ms);',
      'live',
    ],
    [
      'the decision of one node that all are told',
      `input add(x: int); input ask(x: int); table t(x: int); channel tell(@to: addr, x: int, n: int);
      t(x) :- add(x); tell(to, x, n)@async :- ask(x), size(n), cluster(to); scratch size(n: int); size(count<x>) :- t(x);
      table told(x: int, n: int); told(x, n) :- tell(_, x, n); view v(x: int, n: int); v(x, n) :- told(x, n);`,
      'v',
    ],
    [
      'lattices that are merged whole',
      `input add(x: int); input rm(x: int);
      table tags(x: int => came: lset<int>, left: lset<int>);
      channel news(@to: addr, x: int => came: lset<int>, left: lset<int>);
      tags(x, {x}, {}) :- add(x);
      tags(x, {}, a)@next :- rm(x), tags(x, a, _);
      tags(x, a, b) :- news(_, x, a, b);
      news(to, x, a, b)@async :- tags(x, a, b), cluster(to);
      view v(x: int); v(x) :- tags(x, a, b), t in a, t notin b;`,
      'v',
    ],
  ];
  it.each(cases)('%s', (_, text, name) => {
    const { verdict, agrees, blazes, replicated, mechanism } = observable(text, name);
    expect({ verdict, agrees, blazes, replicated }).toEqual({
      verdict: 'divergent',
      agrees: true,
      blazes: 'Inst',
      replicated: true,
    });
    expect(mechanism.provider).not.toBe('paxos');
    const asks: readonly Input[] = [
      ['ask', 1],
      ['ask', 2],
      ['add', 3],
    ];
    const judged = judge(text, text.includes('ask(') ? asks : set);
    expect(judged.map(({ judgement }) => judgement)).toEqual(['confirmed']);
  });
});

describe('replicas are not said to agree on', () => {
  const without = (line: string): string =>
    gossip
      .split('\n')
      .filter((one) => one !== line)
      .join('\n');
  const cases: readonly (readonly [what: string, text: string])[] = [
    ['what is sent and not merged', without('gone(x) :- old(_, x);') + live],
    [
      'what is sent to the others only',
      gossip.replaceAll('cluster(to)', 'cluster(to), notin self(to)') + live,
    ],
    [
      'what is sent in part',
      gossip.replace(':- gone(x), cluster(to)', ':- gone(x), x > 1, cluster(to)') + live,
    ],
    [
      'what is sent once a timer has fired so often, if it ever does',
      gossip
        .replaceAll('x: int', 'x: any')
        .replace('gone(x), cluster(to)', 'gone(x), cluster(to), beat(n, _), n > x') +
        live.replace('x: int', 'x: any') +
        'periodic beat(50ms);',
    ],
    [
      'what is merged in part',
      gossip.replace('gone(x) :- old(_, x)', 'gone(x) :- old(_, x), x > 1') + live,
    ],
    [
      'what is merged where something is there',
      gossip.replace('gone(x) :- old(_, x)', 'gone(x) :- old(_, x), t(x)') + live,
    ],
    [
      'what is merged changed',
      gossip.replace('gone(x) :- old(_, x)', 'gone(x + 1) :- old(_, x)') + live,
    ],
    ['what is deleted', `${gossip}delete t(x) :- gone(x);\n${live}`],
    [
      'what a node decides for itself',
      `${gossip}input look(x: int); table seen(x: int); seen(x) :- look(x), t(x); view live(x: int); live(x) :- t(x), seen(x);`,
    ],
    [
      'the order in which messages come',
      `${gossip}table first(x: int); first(x)@next :- old(_, x), notin t(x); view live(x: int); live(x) :- first(x);`,
    ],
    [
      'what may fail with a message',
      `${gossip}view live(x: int); live(10 / x) :- t(x), notin gone(x);`,
    ],
    ['what a node that stops at once never hears', `${gossip}${live}halt(1);`],
    [
      'what a node that always fails never hears',
      `${gossip}${live}static z(n: addr, x: int); z("n1", 0); z("n2", 1);
      scratch mine(x: int); mine(x) :- z(n, x), self(n); scratch f(x: int); f(10 / x) :- mine(x);`,
    ],
    ['what a node that stops may not hear', `${gossip}${live}halt(1) :- rm(9);`],
    ['what passes by', `${gossip}view live(x: int); live(x) :- old(_, x);`],
  ];
  it.each(cases)('%s', (_, text) => {
    const { agrees, verdict } = observable(text, 'live');
    expect({ agrees, verdict }).toEqual({ agrees: false, verdict: 'divergent' });
  });
});

/** Clauses among which random programs choose: what enters, how it is spread, how it is received. */
const pools: readonly (readonly string[])[] = [
  ['t(x, y) :- add(x, y);', 't(x, y)@next :- add(x, y);', 't(x, y) :- add(x, y), notin u(x, _);'],
  [
    'u(x, y) :- rm(x, _), t(x, y);',
    'u(y, x) :- add(x, y), t(_, x);',
    'u(x, y)@next :- rm(x, y), notin t(x, _);',
    'u(x, n) :- rm(x, _), size(n);',
  ],
  [
    'c(to, x, y)@async :- t(x, y), peer(to);',
    'c(to, y, x)@async :- t(x, y), peer(to);',
    'c(to, x, y)@async :- t(x, y), peer(to), tick(_, _);',
    'c(to, x, y)@async :- add(x, y), peer(to);',
    'c(to, x, y)@async :- t(x, y), peer(to), x > 0;',
  ],
  [
    'd(to, x, y)@async :- u(x, y), peer(to);',
    'd(to, x, y)@async :- u(x, y), peer(to), notin t(y, x);',
    'd(to, x, y)@async :- rm(x, y), t(y, _), peer(to);',
  ],
  [
    't(x, y) :- c(_, x, y);',
    't(y, x) :- c(_, x, y);',
    't(x, y)@next :- c(_, x, y);',
    't(x, y) :- c(_, x, y), y > 0;',
  ],
  [
    'u(x, y) :- d(_, x, y);',
    'u(x, y) :- d(_, x, y), t(x, _);',
    'u(x, y) :- c(_, x, y), d(_, y, x);',
    'u(x, y)@next :- d(_, x, y);',
    'u(x, y) :- d(_, x, y), notin t(x, y);',
  ],
  [
    'v(x, y) :- t(x, y), notin u(x, _);',
    'v(x, y) :- t(x, y), u(y, x);',
    'v(x, y) :- u(x, y);',
    'v(x, n) :- u(x, _), size(n);',
    'v(x, y) :- w(x, y);',
  ],
  [
    '',
    'w(x, y) :- t(x, y), u(x, _);',
    'w(x, y) :- c(_, x, y), notin u(x, _);',
    'w(x, y) :- d(_, x, y);',
    'w(x, y)@next :- t(x, y), notin w(x, y), u(y, _);',
    'delete u(x, y) :- rm(y, x);',
  ],
];
const declarations = `input add(x: int, y: int); input rm(x: int, y: int); static peer(n: addr); peer("n1"); peer("n2");
table t(x: int, y: int); table u(x: int, y: int); table w(x: int, y: int); periodic tick(50ms);
channel c(@to: addr, x: int, y: int); channel d(@to: addr, x: int, y: int);
scratch size(n: int); size(count<x>) :- t(x, _); view v(x: int, y: int);`;

it('no schedule contradicts what is said of random programs', () => {
  const claimed = { divergent: 0, programs: 0 };
  const programs = process.env['TRELLIS_NIGHTLY'] === '1' ? 3000 : 300;
  const prng = new Prng(7);
  for (let n = 0; n < programs; n++) {
    const clauses = pools.map((pool) => pool[prng.int(0, pool.length - 1)]!);
    const text = [declarations, ...clauses].join('\n');
    const { compiled } = compileText(text, { coordinate: 'none' });
    const { agrees = false, verdict } = compiled?.confluence.observables[0] ?? {};
    if (!agrees) continue;
    claimed.programs++;
    if (verdict === 'divergent') claimed.divergent++;
    const inputs = Array.from({ length: 3 }, (): Input => [
      (['add', 'rm'] as const)[prng.int(0, 1)]!,
      prng.int(0, 1),
    ]);
    for (const { judgement, workload } of judge(text, inputs))
      expect(judgement, `${clauses.join('\n')}\n${JSON.stringify(workload)}`).not.toBe('unsound');
  }
  expect(claimed.divergent).toBeGreaterThan(programs / 60);
}, 120_000);
