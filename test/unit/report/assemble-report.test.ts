import { describe, expect, it } from 'vitest';
import { decodeRow } from '../../../src/base/value-json.js';
import { rowKey } from '../../../src/base/value.js';
import { assembleReport } from '../../../src/report/assemble-report.js';
import type { MonotonicityReport } from '../../../src/report/monotonicity-report.js';
import { renderReportPage } from '../../../src/report/page/render-report-page.js';
import { renderReportText } from '../../../src/report/render-report-text.js';
import { reportJson } from '../../../src/report/report-json.js';
import { witnessJson } from '../../../src/report/witness-file.js';
import { playTurns } from '../../../src/simulator/play-turns.js';
import type { Turn } from '../../../src/simulator/turns.js';
import { reportProgram } from '../../support/report-program.js';
import type { SmallWorkload } from '../../support/report-program.js';

/** Replicas that keep what they hear first. */
const firstCome = `
  input   wish(who: string);
  channel ask(@at: addr, who: string);
  table   taken(slot: int => who: string);
  output  winner(who: string);
  ask(n, w)@async :- wish(w), cluster(n);
  first: taken(0, min<w>)@next :- ask(_, w), notin taken(0, _);
  winner(w) :- taken(_, w);
`;
const twoWishes: SmallWorkload = {
  nodes: ['n1', 'n2'],
  inputs: [
    ['n1', 'wish', ['ann']],
    ['n2', 'wish', ['bob']],
    ['n2', 'wish', ['cyd']],
  ],
};
/** A sum that is shown while it grows. */
const running = `
  input sale(n: int);
  table sales(n: int);
  output total(n: int);
  view  latest(n: int);
  sales(n) :- sale(n);
  total(sum<n>) :- sales(n);
  latest(sum<n>) :- sales(n);
`;
const twoSales: SmallWorkload = {
  nodes: ['n1'],
  inputs: [
    ['n1', 'sale', [5]],
    ['n1', 'sale', [7]],
  ],
};
const gossip = `
  input link(a: string);
  table known(a: string);
  output seen(a: string);
  known(a) :- link(a);
  seen(a) :- known(a);
`;

/** Not proved confluent, and yet it is: nothing is both above 5 and below 3. */
const neverNegated = `input i(x: int); table t(x: int); table u(x: int); output o(x: int);
t(x) :- i(x);
u(x) :- t(x), x % 2 == 1, x % 4 == 0;
o(x) :- t(x), notin u(x);
`;

describe('the status of an observable', () => {
  it('is proved where the verdict is confluent, whatever runs do', () => {
    const { report } = reportProgram(gossip, { nodes: ['n1'], inputs: [['n1', 'link', ['a']]] });
    expect(report.observables).toMatchObject([
      {
        relation: 'seen',
        verdict: 'confluent',
        status: 'proved',
        met: true,
        metWithCoordination: true,
        unmetBecause: null,
        witness: null,
      },
    ]);
    expect(report.coordination.needed).toBe(false);
  });

  it('is refuted where a witness was found, proved by the log or not', () => {
    const { report } = reportProgram(firstCome, twoWishes);
    expect(report.observables).toMatchObject([
      {
        relation: 'winner',
        verdict: 'divergent',
        status: 'refuted',
        met: false,
        metWithCoordination: true,
        unmetBecause: null,
      },
    ]);
    expect(report.plan.orderedLog?.channels).toEqual(['ask']);
  });

  it('is unknown where nothing was found, or nothing was looked for', () => {
    const { report } = reportProgram(neverNegated, { nodes: ['n1'], inputs: [] });
    expect(report.observables).toMatchObject([
      { verdict: 'convergent', status: 'unknown', met: false, witness: null },
    ]);
    const { compiled } = reportProgram(firstCome, {
      ...twoWishes,
      budget: { turns: 0 },
    });
    expect(assembleReport(compiled, null).observables).toMatchObject([
      { status: 'unknown', witness: null },
    ]);
  });

  it('is refuted by inputs made up, where those at hand show nothing', () => {
    const none = reportProgram(firstCome, { nodes: ['n1'], inputs: [] });
    const [winner] = none.report.observables;
    expect(winner).toMatchObject({ status: 'refuted', witness: { madeUp: true } });
    const { subject, a, b } = winner!.witness!.divergence;
    expect(subject.workload.inputs).toHaveLength(2);
    expect(new Set(subject.workload.inputs.map(({ row }) => row[0])).size).toBe(2);
    expect(playTurns(subject, a.turns).outcome.key).toBe(a.outcome.key);
    expect(playTurns(subject, b.turns).outcome.key).toBe(b.outcome.key);
  });

  it('is refuted where epochs may take in more or less, and says so in the words of the program', () => {
    const text = `input put(x: int); table seen(x: int) partition by (x); seen(x) :- put(x);
      output total(n: int); total(count<x>) :- seen(x);`;
    const { report } = reportProgram(text, { nodes: ['n1', 'n2'], inputs: [] });
    const [total] = report.observables;
    expect(total).toMatchObject({ status: 'refuted', verdict: 'divergent' });
    expect(total!.witness).toMatchObject({ kind: 'ever', madeUp: true });
    const { inputs } = total!.witness!.divergence.subject.workload;
    expect(inputs.every(({ relation }) => relation === 'put')).toBe(true);
    for (const words of [
      renderReportText(report, { color: false }).split('witness:')[1]!.split('cluster-wide:')[0]!,
      renderReportPage(report).split('Witness: ')[1]!.split('</section>')[0]!,
    ]) {
      expect(words).toMatch(/put\(\d\)/);
      expect(words).not.toMatch(/barrier_|_sent/);
    }
  });

  it('says why the log does not help', () => {
    const { report } = reportProgram(running, twoSales);
    const [latest, total] = report.observables;
    expect(latest).toMatchObject({
      relation: 'latest',
      verdict: 'convergent',
      met: true,
      unmetBecause: null,
    });
    expect(total).toMatchObject({
      relation: 'total',
      verdict: 'convergent',
      status: 'refuted',
      met: false,
      metWithCoordination: false,
    });
    expect(total!.mechanism.kind).toBe('seal');
    expect(total!.unmetBecause).toContain('until `sale` is complete');
  });
});

describe('a witness', () => {
  const textOf = (report: MonotonicityReport): string => renderReportText(report, { color: false });
  const outcomesAgain = (text: string, workload: SmallWorkload, relation: string) => {
    const { report } = reportProgram(text, workload);
    const witness = report.observables.find((o) => o.relation === relation)!.witness!;
    const { a, b, subject } = witness.divergence;
    const rerun = [a, b].map((run) => playTurns(subject, run.turns));
    return {
      witness,
      again: rerun.map((run) => run.outcome[witness.compared].get(relation) ?? []),
    };
  };

  it('replays: its subject and its turns give its two outcomes again', () => {
    for (const [text, workload, relation, kind] of [
      [firstCome, twoWishes, 'winner', 'replicas'],
      [running, twoSales, 'total', 'ever'],
    ] as const) {
      const { witness, again } = outcomesAgain(text, workload, relation);
      expect(witness.kind).toBe(kind);
      expect(again).toEqual(witness.outcomes);
      expect(again[0]!.map(rowKey)).not.toEqual(again[1]!.map(rowKey));
    }
  });

  it('has no input that it can do without', () => {
    const { witness } = outcomesAgain(firstCome, twoWishes, 'winner');
    expect(witness.divergence.subject.workload.inputs).toHaveLength(2);
  });

  it('shows replicas of one run that differ, if there is such a run', () => {
    const { witness } = outcomesAgain(firstCome, twoWishes, 'winner');
    const { a, b, disagreement } = witness.divergence;
    expect(disagreement!.nodes).toEqual(['n1', 'n2']);
    const [left, right] = disagreement!.contents;
    expect(left).not.toEqual(right);
    const held = [...left.map((row) => ['n1', ...row]), ...right.map((row) => ['n2', ...row])];
    expect(held).toEqual(a.outcome.final.get('winner'));
    const agreed = b.outcome.final.get('winner')!.map(([, who]) => who);
    expect(new Set(agreed).size).toBe(1);
  });

  it('says that replicas disagree where one shows it, and may where none was looked for', () => {
    const shown = reportProgram(firstCome, twoWishes).report;
    expect(textOf(shown)).toContain('Replicas can disagree for good');
    const told = `input put(x: int); input go(); channel tell(@to: addr, n: int);
table mine(x: int); table got(n: int); view seen(n: int);
mine(x) :- put(x);
tell(m, count<x>)@async :- go(), mine(x), cluster(m);
got(n) :- tell(_, n);
seen(n) :- got(n);`;
    const workload: SmallWorkload = {
      nodes: ['n1', 'n2'],
      inputs: [
        ['n1', 'put', [1]],
        ['n1', 'put', [2]],
        ['n1', 'go', []],
      ],
    };
    const { report } = reportProgram(told, workload);
    expect(report.observables[0]!.witness!.kind).toBe('final');
    expect(textOf(report)).toContain(
      'Runs can end differently in what several nodes hold of `seen`: in the witness these agree within each run.',
    );
    const unsearched = {
      ...report,
      observables: report.observables.map((one) => ({ ...one, witness: null })),
    };
    expect(textOf(unsearched)).toContain('Replicas may disagree for good');
  });

  it('does not speak of replicas where there are none', () => {
    const { witness } = outcomesAgain(running, twoSales, 'total');
    expect(witness.divergence.disagreement).toBeNull();
  });

  it('is a document that holds all that replaying takes', () => {
    const { witness } = outcomesAgain(firstCome, twoWishes, 'winner');
    const program = { path: 'p.bloom', fingerprint: 'f', params: [], observe: null, maxTuples: 10 };
    const json = JSON.parse(JSON.stringify(witnessJson(program, 'winner', witness))) as {
      inputs: { node: string; rel: string; row: unknown }[];
      runs: { deviations: number; outcome: unknown[]; turns: Turn[] }[];
    };
    expect(json).toMatchObject({
      schema: 'trellis/witness/1',
      program: 'p.bloom',
      fingerprint: 'f',
      observable: 'winner',
      kind: 'replicas',
      madeUp: false,
      nodes: ['n1', 'n2'],
      replicas: { run: 0, nodes: ['n1', 'n2'] },
    });
    const { a, b, subject } = witness.divergence;
    const { inputs } = subject.workload;
    expect(json.inputs.map(({ row }) => decodeRow(row))).toEqual(inputs.map(({ row }) => row));
    expect(json.runs.map(({ outcome }) => outcome.map(decodeRow))).toEqual(witness.outcomes);
    for (const [i, run] of [a, b].entries()) {
      const { turns } = json.runs[i]!;
      expect(turns).toMatchObject(run.turns.map(({ node, picks }) => ({ node, picks })));
      expect(playTurns(subject, turns).outcome.key).toBe(run.outcome.key);
    }
  });
});

describe('the JSON document', () => {
  const keysOf = (value: unknown): readonly string[] => Object.keys(value as object).sort();

  it('has the fields of its contract, in every part', () => {
    const { report } = reportProgram(firstCome, { ...twoWishes, path: 'folder/first-come.bloom' });
    const json = JSON.parse(JSON.stringify(reportJson(report))) as Record<string, unknown[]>;
    expect(json).toMatchObject({ schema: 'trellis/report/1', program: 'first-come.bloom' });
    expect(keysOf(json)).toEqual(
      expect.arrayContaining([
        'assumptions',
        'coordination',
        'observables',
        'program',
        'relations',
        'rules',
        'schema',
      ]),
    );
    const [observable] = json['observables'] as Record<string, unknown>[];
    expect(keysOf(observable)).toEqual(
      expect.arrayContaining([
        'assumed',
        'blame',
        'final',
        'kind',
        'mechanism',
        'met',
        'metWithCoordination',
        'obligation',
        'relation',
        'replicated',
        'status',
        'suggestions',
        'unmetBecause',
        'verdict',
        'witness',
      ]),
    );
    expect(observable).toMatchObject({
      relation: 'winner',
      kind: 'output',
      obligation: 'confluent',
      verdict: 'divergent',
      status: 'refuted',
      met: false,
      replicated: true,
      mechanism: {
        kind: 'order',
        on: 'ask',
        key: [],
        provider: 'paxos',
        delays: 3,
        messagesPer: 'event',
      },
    });
    const [blame] = observable!['blame'] as Record<string, unknown>[];
    expect(blame).toMatchObject({
      rule: 'first',
      relation: 'ask',
      reason: 'aggregates-events',
      span: {
        file: 'folder/first-come.bloom',
        start: { line: 7, column: 35 },
        end: { line: 7, column: 44 },
      },
      path: ['ask', 'first', 'taken', 'winner'],
    });
    const witness = observable!['witness'] as Record<string, unknown>;
    expect(keysOf(witness)).toEqual(
      expect.arrayContaining(['file', 'kind', 'madeUp', 'outcomes', 'replicas']),
    );
    expect(witness['replicas']).toMatchObject({ nodes: ['n1', 'n2'] });
    const [suggestion] = observable!['suggestions'] as Record<string, unknown>[];
    expect(keysOf(suggestion)).toEqual(expect.arrayContaining(['cost', 'edit', 'title']));
    expect(json['rules']!.map((rule) => (rule as { name: string }).name)).toEqual([
      'ask#1',
      'first',
      'winner#1',
    ]);
    expect(keysOf(json['rules']![0])).toEqual(
      expect.arrayContaining(['assumed', 'literals', 'mechanism', 'monotone', 'name', 'span']),
    );
    const first = json['rules']![1] as {
      literals: { relation: string; sign: string }[];
      monotone: boolean;
    };
    expect(first.monotone).toBe(false);
    expect(first.literals.map(({ relation }) => relation)).toEqual(['ask', 'taken']);
    expect(json['relations']!.find((r) => (r as { name: string }).name === 'ask')).toMatchObject({
      growth: 'event',
      determinism: expect.stringMatching(/^D[0-3]$/),
    });
    expect(json['coordination']).toEqual({
      needed: true,
      points: 1,
      seals: [],
      cheapest: [
        { mechanism: expect.objectContaining({ kind: 'seal', on: 'ask' }), meets: ['winner'] },
      ],
      wishes: [],
      barrier: null,
      log: { channels: ['ask'] },
    });
  });

  it('has no log and no points where nothing is needed', () => {
    const { report } = reportProgram(gossip, { nodes: ['n1'], inputs: [] });
    expect(reportJson(report)).toMatchObject({
      coordination: { needed: false, points: 0, log: null },
    });
  });
});

describe('the text', () => {
  it('is coloured only if asked for', () => {
    const { report } = reportProgram(firstCome, twoWishes);
    const plain = renderReportText(report, { color: false });
    const coloured = renderReportText(report, { color: true });
    expect(plain).not.toContain('\u001b');
    expect(coloured).toContain('\u001b[31m');
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  it('says whether a witness was looked for', () => {
    const text = (report: MonotonicityReport): string => renderReportText(report, { color: false });
    const { report, compiled } = reportProgram(neverNegated, { nodes: ['n1'], inputs: [] });
    expect(text(report)).toContain('(no witness was found)');
    expect(text(assembleReport(compiled, null))).toContain('(no witness was looked for)');
    const found = reportProgram(firstCome, { nodes: ['n1'], inputs: [] });
    expect(text(found.report)).toContain('of 2 inputs made up for it');
  });

  it('names the exception of sums, where there is one', () => {
    const text = (source: string): string =>
      renderReportText(reportProgram(source, { nodes: ['n1'], inputs: [] }).report, {
        color: false,
      });
    expect(text(running)).toContain('a `sum` of ints that leaves their range');
    expect(text(gossip)).not.toContain('sum');
  });

  it('says of a channel that nobody reads why it shows nothing', () => {
    const { report } = reportProgram(
      'input i(x: int); channel ch(@to: addr, x: int); ch("b", x)@async :- i(x);',
      { nodes: ['n1'], inputs: [] },
    );
    expect(renderReportText(report, { color: false })).toContain(
      'no rule reads `ch`: store what arrives in a table',
    );
  });

  it('says so if there is nothing to observe', () => {
    const { report } = reportProgram('', { nodes: ['n1'], inputs: [] });
    expect(renderReportText(report, { color: false })).toContain('nothing to observe');
  });
});
