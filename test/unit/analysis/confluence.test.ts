import { describe, expect, it } from 'vitest';
import { analyzeConfluence } from '../../../src/analysis/confluence.js';
import type { ConfluenceReport } from '../../../src/analysis/confluence-report.js';
import { compileSound } from '../../support/compile-text.js';
import { gossipReach, seatDesk } from './programs.js';

const reportOf = (text: string): ConfluenceReport => compileSound(text).confluence;
const observable = (report: ConfluenceReport, name: string) =>
  report.observables.find((o) => o.relation === name);
const relation = (report: ConfluenceReport, name: string) =>
  report.relations.find((r) => r.name === name);

describe('an order-sensitive program', () => {
  const report = reportOf(seatDesk);

  it('blames the rule that chooses, by the channel whose timing decides', () => {
    const grant = observable(report, 'grant');
    expect(grant).toMatchObject({
      kind: 'output',
      obligation: 'confluent',
      verdict: 'divergent',
      met: false,
      replicated: true,
      proved: false,
    });
    expect(grant?.blame).toHaveLength(1);
    expect(grant?.blame[0]).toMatchObject({
      rule: 'win',
      relation: 'ask',
      reason: 'samples-unfinished-set',
      path: ['ask', 'todo', 'win', 'grant'],
      replicated: true,
      key: ['seat'],
    });
    const span = grant?.blame[0]?.span;
    expect(span?.file.text.slice(span.start, span.end)).toBe('todo(i, s, _)');
  });

  it('asks for an order of that channel', () => {
    expect(observable(report, 'grant')?.mechanism).toEqual({
      kind: 'order',
      on: 'ask',
      key: ['seat'],
      provider: 'paxos',
      delays: 3,
      messagesPer: 'event',
      messages: '2(2f+1) + m',
      blocksWhen: 'a majority of the deciding nodes is out of reach',
    });
    expect(report.coordination).toMatchObject({ needed: true, points: 1 });
  });

  it('follows the effect over messages to where it shows', () => {
    const reply = observable(report, 'reply');
    expect(reply).toMatchObject({ verdict: 'divergent', replicated: false });
    expect(reply?.blame.map((b) => b.path)).toEqual([
      ['ask', 'todo', 'win', 'grant', 'answer', 'reply'],
    ]);
    expect(reply?.mechanism.provider).toBe('paxos');
  });

  it('leaves the view beside it alone', () => {
    expect(observable(report, 'waiting')).toMatchObject({
      verdict: 'convergent',
      met: true,
      mechanism: { kind: 'none' },
    });
  });

  it('says of each relation how it grows and what is replicated', () => {
    expect(relation(report, 'desk')).toMatchObject({
      growth: 'static',
      determinism: 'D0',
      replicated: false,
    });
    expect(relation(report, 'wish')).toMatchObject({
      growth: 'event',
      determinism: 'D1',
      replicated: false,
    });
    expect(relation(report, 'ask')).toMatchObject({
      growth: 'event',
      determinism: 'D1',
      replicated: true,
    });
    expect(relation(report, 'todo')).toMatchObject({
      growth: 'inflationary',
      determinism: 'D1',
      replicated: true,
      key: ['id', 'seat', 'client'],
    });
    expect(relation(report, 'sold')).toMatchObject({
      growth: 'inflationary',
      determinism: 'D3',
      replicated: true,
    });
    expect(relation(report, 'grant')).toMatchObject({ growth: 'volatile', determinism: 'D3' });
    expect(relation(report, 'answer')).toMatchObject({ replicated: false });
  });

  it('says of each rule whether it is monotone, its signs and what it needs', () => {
    const win = report.rules.find((r) => r.name === 'win');
    expect(win).toMatchObject({ monotone: false, mechanism: 'order(seat)' });
    expect(win?.literals).toEqual([
      { relation: 'todo', sign: '+-' },
      { relation: 'sold', sign: '-' },
    ]);
    expect(report.rules.find((r) => r.name === 'todo#1')).toMatchObject({
      monotone: true,
      mechanism: 'none',
    });
  });

  it('comes out met under an order of that channel', () => {
    const given = analyzeConfluence(compileSound(seatDesk).program, { ordered: ['ask'] });
    expect(given.ordered).toEqual(['ask']);
    for (const name of ['grant', 'reply', 'waiting']) {
      expect(observable(given, name)).toMatchObject({ met: true, givenLog: true, blame: [] });
    }
    expect(relation(given, 'sold')?.determinism).toBe('D1');
  });

  it('does not under an order of another channel', () => {
    const given = analyzeConfluence(compileSound(seatDesk).program, { ordered: ['answer'] });
    expect(observable(given, 'grant')?.met).toBe(false);
  });
});

describe('a monotone program', () => {
  it('needs nothing, though its state is replicated', () => {
    const report = reportOf(gossipReach);
    expect(observable(report, 'reach')).toMatchObject({
      verdict: 'confluent',
      proved: true,
      met: true,
      final: 'on-emission',
      replicated: true,
      givenLog: false,
    });
    expect(report.coordination).toMatchObject({ needed: false, points: 0 });
    expect(report.rules.every((r) => r.monotone && r.mechanism === 'none')).toBe(true);
  });
});

describe('replication', () => {
  const fanOut = (rule: string) =>
    relation(
      reportOf(
        `static desk(n: addr); static zone(n: addr, z: int); static only(n: addr); input i(x: int, z: int, to: addr); channel c(@n: addr, x: int); table t(x: int); view p(x: int); ${rule} t(x) :- c(_, x); p(x) :- t(x);`,
      ),
      't',
    )?.replicated;

  it.each([
    [
      'an address bound by a static relation fans out',
      'c(d, x)@async :- i(x, _, _), desk(d);',
      true,
    ],
    ['two joined statics do too', 'c(d, x)@async :- i(x, _, _), desk(d), zone(d, _);', true],
    ['so does the cluster', 'c(d, x)@async :- i(x, _, _), cluster(d);', true],
    [
      'leaving the sender out changes nothing',
      'c(d, x)@async :- i(x, _, _), desk(d), self(me), d != me;',
      true,
    ],
    ['an address that comes with the data does not', 'c(d, x)@async :- i(x, _, d);', false],
    ['nor one that the data look up', 'c(d, x)@async :- i(x, z, _), zone(d, z);', false],
    ['nor one node named by a constant', 'c("n1", x)@async :- i(x, _, _);', false],
    [
      'two nodes that get the same by name do',
      'c("n1", x)@async :- i(x, _, _); c("n2", x)@async :- i(x, _, _);',
      true,
    ],
    [
      'two that share the data out do not',
      'c("n1", x)@async :- i(x, 1, _); c("n2", x)@async :- i(x, 2, _);',
      false,
    ],
    ['nor the node itself', 'c(me, x)@async :- i(x, _, _), self(me);', false],
  ] as const)('%s', (_, rule, expected) => expect(fanOut(rule)).toBe(expected));

  it('ends where a rule asks on which node it runs', () => {
    const report = reportOf(
      'static desk(n: addr); input i(x: int); channel c(@n: addr, x: int); table t(x: int); table mine(x: int, n: addr); view p(x: int, n: addr); c(d, x)@async :- i(x), desk(d); t(x) :- c(_, x); mine(x, me) :- t(x), self(me); p(x, n) :- mine(x, n);',
    );
    expect(relation(report, 't')?.replicated).toBe(true);
    expect(relation(report, 'mine')?.replicated).toBe(false);
  });

  const holders = (text: string) =>
    relation(
      reportOf(
        `static role(n: addr, r: string); input i(x: int); channel c(@n: addr, x: int); channel d(@n: addr, x: int); table t(x: int); view p(x: int); p(x) :- t(x); ${text}`,
      ),
      't',
    )?.replicatedThrough;

  it('is the same everywhere only where all channels have the same receivers', () => {
    const rules = (one: string, two: string) =>
      `c(n, x)@async :- i(x), role(n, ${one}); d(n, x)@async :- i(x), role(n, ${two}); t(x) :- c(_, x); t(x) :- d(_, x);`;
    expect(holders(rules('"desk"', '"desk"'))).toEqual(['c', 'd']);
    expect(holders(rules('"desk"', '"clerk"'))).toEqual([]);
    expect(holders(rules('_', '"clerk"'))).toEqual([]);
  });

  it('is not the same everywhere where each node is given rows of its own', () => {
    const sent = 'c(n, x)@async :- i(x), role(n, _);';
    expect(holders(`${sent} t(x) :- c(_, x);`)).toEqual(['c']);
    const own = 'static own(@n: addr, x: int); own("n1", 1);';
    expect(holders(`${own} ${sent} t(x) :- c(_, x), own(_, x);`)).toEqual([]);
  });
});

describe('ids from the clock', () => {
  const modulo = (taken: string, rule: string) =>
    observable(
      reportOf(
        `input a(k: string); channel c(@n: addr, k: string); c(n, k)@async :- a(k), cluster(n); table t(k: string, i: int); t(k, i) :- ${taken}, now(i); output p(k: string); ${rule}`,
      ),
      'p',
    )?.modulo;
  const joined = 'p(k) :- t(k, i), t("x", i);';
  const apart = 'p(k) :- t(k, i), t(k, j), i != j;';
  const counted =
    'scratch m(k: string, n: int); m(k, count<*>) :- t(k, i); p(k) :- m(k, n), n >= 2;';

  it('are the same up to renaming where they are joined alone', () => {
    expect(modulo('a(k)', joined)).toBe('fresh-ids');
    expect(modulo('c(_, k)', joined)).toBe('fresh-ids');
  });

  it('are told apart and counted for inputs alone: a message may come twice', () => {
    for (const rule of [apart, counted]) {
      expect(modulo('a(k)', rule)).toBe('fresh-ids');
      expect(modulo('c(_, k)', rule)).toBeNull();
    }
  });
});

describe('who must do something', () => {
  it('a single owner decides by itself', () => {
    const report = reportOf(
      'input ask(id: int, seat: string); table todo(id: int, seat: string); table sold(seat: string, id: int); output grant(seat: string, id: int); todo(i, s) :- ask(i, s); win: grant(s, min<i>) :- todo(i, s), notin sold(s, _); sold(s, i)@next :- grant(s, i);',
    );
    expect(observable(report, 'grant')).toMatchObject({
      met: false,
      replicated: false,
      mechanism: { kind: 'order', provider: 'owner', delays: 0, messagesPer: null },
    });
    expect(report.coordination).toMatchObject({ needed: false, points: 0 });
  });

  it('the producers seal what an output needs complete, by the columns that it asks for', () => {
    const report = reportOf(
      'input a(g: int, x: int); input done(g: int, y: int); table ka(g: int, x: int); table kd(g: int, y: int); output p(g: int, x: int); ka(g, x) :- a(g, x); kd(g, y) :- done(g, y); miss: p(g, x) :- ka(g, x), notin kd(g, _);',
    );
    const p = observable(report, 'p');
    expect(p).toMatchObject({
      verdict: 'convergent',
      final: 'once-sealed',
      mechanism: { kind: 'seal', on: 'done', key: ['g'], provider: 'producers' },
    });
    expect(p?.suggestions.map((s) => s.cost)).toEqual(
      [...(p?.suggestions ?? [])].map((s) => s.cost).sort((x, y) => x - y),
    );
    expect(p?.suggestions.some((s) => s.title.includes('`view`'))).toBe(true);
    expect(report.rules.find((r) => r.name === 'miss')?.mechanism).toBe('seal(g)');
    expect(report.coordination).toMatchObject({ needed: true, points: 1 });
  });

  it('the key of a seal may be what the group determines at the source', () => {
    const keyOf = (rest: string): readonly string[] | undefined =>
      observable(
        reportOf(
          `input act(s: string, x: int); channel c(@to: addr, h: int, s: string, x: int); table k(s: string, x: int); static home(s: string => h: int); k(s, x) :- c(_, _, s, x); ${rest}`,
        ),
        'p',
      )?.mechanism.key;
    const sent = 'c(n, h, s, x)@async :- act(s, x), h = size(s) % 4, cluster(n);';
    const counted = 'output p(h: int, n: int); p(h, count<x>) :- k(s, x), h = size(s)';
    expect(keyOf(`${sent} ${counted} % 4;`)).toEqual(['h']);
    expect(keyOf(`${sent} ${counted} % 5;`)).toEqual([]);
    expect(keyOf(`${sent} output p(s: string, n: int); p(s, count<x>) :- k(s, x);`)).toEqual(['s']);
    // Which shard a sender looks up is its own affair.
    const looked = 'c(n, h, s, x)@async :- act(s, x), home(s, h), cluster(n);';
    expect(
      keyOf(`${looked} output p(h: int, n: int); p(h, count<x>) :- k(s, x), home(s, h);`),
    ).toEqual([]);
  });

  it('lists every event that feeds the blamed literal', () => {
    const report = reportOf(
      'input a(x: int); input b(x: int); static s(x: int); table t(x: int); output p(x: int); t(x) :- a(x); t(x) :- b(x); p(x) :- s(x), notin t(x);',
    );
    expect(observable(report, 'p')?.blame.map((b) => b.path)).toEqual([
      ['a', 't', 'p#1', 'p'],
      ['b', 't', 'p#1', 'p'],
    ]);
  });
});

describe('the report', () => {
  it('covers what is shown where a program declares no observables', () => {
    const report = reportOf(
      'input a(x: int); table t(x: int); table u(x: int); t(x) :- a(x); u(x) :- t(x);',
    );
    expect(report.observables.map((o) => [o.relation, o.kind, o.obligation])).toEqual([
      ['u', 'view', 'convergent'],
    ]);
  });

  it('is empty for an empty program', () => {
    expect(reportOf('')).toEqual({
      observables: [],
      rules: [],
      relations: [],
      coordination: { needed: false, points: 0, cheapest: [] },
      ordered: [],
    });
  });

  it('is the same on every run', () => {
    expect(JSON.stringify(reportOf(seatDesk))).toBe(JSON.stringify(reportOf(seatDesk)));
  });
});
