import { describe, expect, it } from 'vitest';
import { analyzeConfluence } from '../../../src/analysis/confluence.js';
import { coordinateProgram } from '../../../src/rewrite/coordinate.js';
import { compilePrinted, compileSound } from '../../support/compile-text.js';
import { countWork } from '../../support/counted-relations.js';
import type { CompiledProgram } from '../../../src/compiler/compile-source.js';
import { gossipReach, seatDesk } from '../analysis/programs.js';

const coordinated = (text: string): CompiledProgram => compileSound(text, { coordinate: 'auto' });
const replicas = `static desk(n: addr); static clerk(n: addr); input i(x: int); input j(x: int);
channel c(@n: addr, x: int); channel e(@n: addr, x: int); table t(x: int); table gone(x: int); view p(x: int); p(x) :- t(x);
`;
const unmetReason = (text: string, name = 'p'): string | undefined =>
  coordinated(text).plan.unmet.find((u) => u.relation === name)?.reason;

describe('coordinateProgram', () => {
  it('orders the blamed channel and nothing else', () => {
    const { plan } = coordinated(seatDesk);
    expect(plan.orderedLog).toEqual({ channels: ['ask'], members: null });
    expect(
      plan.points.map(({ relation, rules, channels }) => ({ relation, rules, channels })),
    ).toEqual([
      { relation: 'grant', rules: ['win'], channels: ['ask'] },
      { relation: 'reply', rules: ['win'], channels: ['ask'] },
    ]);
    expect(plan.unmet).toEqual([]);
  });

  it('hands the members on, sorted', () => {
    const { plan } = compileSound(seatDesk, { coordinate: 'auto', members: ['c', 'a', 'b'] });
    expect(plan.orderedLog?.members).toEqual(['a', 'b', 'c']);
  });

  it('touches only the rules that send on the ordered channel', () => {
    const { program, coordinated: rewritten } = coordinated(seatDesk);
    const touched = rewritten.rules.filter((rule, i) => rule !== program.rules[i]);
    expect(touched.map((rule) => [rule.name, rule.origin.rewrite])).toEqual([
      ['ask#1', 'ordered-log'],
    ]);
    expect(touched[0]?.origin.rule).toBe('ask#1');
  });

  it('leaves a program that prints and compiles to the same plan', () => {
    const compiled = coordinated(seatDesk);
    const { program } = compilePrinted({ ...compiled, program: compiled.coordinated }, new Map());
    const again = coordinateProgram(program, analyzeConfluence(program), {
      mode: 'auto',
      members: null,
    });
    expect(again.plan.orderedLog).toEqual(compiled.plan.orderedLog);
    expect(again.plan.points.map((p) => p.relation)).toEqual(
      compiled.plan.points.map((p) => p.relation),
    );
  });

  it('inserts nothing where all obligations are met', () => {
    const { plan, program, coordinated: rewritten } = coordinated(gossipReach);
    expect(plan).toEqual({
      orderedLog: null,
      seals: [],
      barrier: null,
      unsealed: [],
      points: [],
      unmet: [],
    });
    expect(rewritten).toBe(program);
  });

  it('inserts nothing when switched off, and says so', () => {
    const {
      plan,
      program,
      coordinated: rewritten,
    } = compileSound(seatDesk, { coordinate: 'none' });
    expect(plan.orderedLog).toBeNull();
    expect(plan.unmet.map((u) => [u.relation, u.reason])).toEqual([
      ['grant', 'coordination is switched off'],
      ['reply', 'coordination is switched off'],
    ]);
    expect(rewritten).toBe(program);
  });

  it('leaves the monotone part of a mixed program out of the log', () => {
    const { plan, confluence } = coordinated(`${seatDesk}\n${gossipReach}`);
    expect(plan.orderedLog?.channels).toEqual(['ask']);
    expect(confluence.observables.find((o) => o.relation === 'reach')).toMatchObject({
      verdict: 'confluent',
      met: true,
    });
  });

  it('puts all channels that meet in a blamed rule into the one log', () => {
    const { plan } = coordinated(
      `${replicas} c(d, x)@async :- i(x), desk(d); e(d, x)@async :- j(x), desk(d); t(x) :- c(_, x); delete t(x) :- e(_, x);`,
    );
    expect(plan.orderedLog?.channels).toEqual(['c', 'e']);
    expect(plan.points.map((point) => point.relation)).toEqual(['p']);
  });

  it('orders layer after layer where blamed rules feed each other', () => {
    const text = `${replicas} table kept(x: int); view late(x: int);
      c(d, x)@async :- i(x), desk(d); t(x) :- c(_, x); delete t(x) :- c(_, y), x = y + 1;
      e(d, x)@async :- j(x), desk(d); kept(x) :- e(_, x), t(x); late(x) :- kept(x);`;
    const { plan } = coordinated(text);
    expect(plan.orderedLog?.channels).toEqual(['c', 'e']);
    expect(plan.points.find((point) => point.relation === 'late')?.channels).toEqual(['c', 'e']);
    expect(plan.points.find((point) => point.relation === 'p')?.channels).toEqual(['c']);
  });

  it.each([
    [
      'a channel that two rules feed',
      'c(d, x)@async :- i(x), desk(d); c(d, x)@async :- j(x), desk(d); t(x) :- c(_, x); delete t(y) :- c(_, x), y = x + 1;',
      /does not reach all its receivers by one rule/,
    ],
    [
      'a fan-out that leaves the sender out',
      'c(d, x)@async :- i(x), desk(d), self(me), d != me; t(x) :- c(_, x); delete t(y) :- c(_, x), y = x + 1;',
      /does not reach all its receivers/,
    ],
    [
      'a second channel that goes to one node',
      'c(d, x)@async :- i(x), desk(d); e("n1", x)@async :- j(x); t(x) :- c(_, x); delete t(x) :- e(_, x);',
      /`e` does not reach all its receivers/,
    ],
    [
      'two fan-outs over different relations',
      'c(d, x)@async :- i(x), desk(d); e(d, x)@async :- j(x), clerk(d); t(x) :- c(_, x); delete t(x) :- e(_, x);',
      /do not all go to the same receivers \(clerk\(@\); desk\(@\)\)/,
    ],
    [
      'an input that meets the blamed rule',
      'c(d, x)@async :- i(x), desk(d); t(x) :- c(_, x); delete t(x) :- j(x);',
      /`j` meets `t#2` outside the log and races/,
    ],
    [
      'a timer that meets it',
      'periodic tick(1s); c(d, x)@async :- i(x), desk(d); t(x) :- c(_, x); delete t(x) :- tick(_, _), t(x);',
      /`tick` meets `t#2` outside the log/,
    ],
    [
      'a message to itself that meets it',
      'loopback l(x: int); l(x)@async :- j(x); c(d, x)@async :- i(x), desk(d); t(x) :- c(_, x); delete t(x) :- l(x);',
      /`l` meets `t#2` outside the log/,
    ],
  ])('reports what an order cannot discharge: %s', (_, rules, reason) => {
    const { plan } = coordinated(replicas + rules);
    expect(plan.orderedLog).toBeNull();
    expect(plan.unmet.find((u) => u.relation === 'p')?.reason).toMatch(reason);
  });

  it('does not order what would have to be sealed', () => {
    const text = `${replicas} output o(x: int); c(d, x)@async :- i(x), desk(d); t(x) :- c(_, x); o(x) :- cluster(_), t(x), notin gone(x); gone(x) :- e(_, x); e(d, x)@async :- j(x), desk(d);`;
    expect(coordinated(text).plan.orderedLog).toBeNull();
    expect(unmetReason(text, 'o')).toMatch(/until `e` is complete/);
  });

  it('sends nothing for state with a single owner', () => {
    const text =
      'input i(x: int); input j(x: int); table t(x: int); view p(x: int); t(x) :- i(x); delete t(x) :- j(x); p(x) :- t(x);';
    expect(coordinated(text).plan.orderedLog).toBeNull();
    expect(unmetReason(text)).toMatch(/varies from run to run/);
  });

  it('asks to keep events that must meet at one node', () => {
    expect(
      unmetReason('input i(x: int); input j(x: int); view p(x: int); p(x) :- i(x), j(x);'),
    ).toMatch(/must be kept in a table/);
  });

  /** Desks that keep the least id that waits, with more rules. */
  const desks = (rules: string, guard = ''): string =>
    `static desk(n: addr); desk("a"); desk("b"); input wish(id: int); input lim(x: int);
     channel ask(@d: addr, id: int); ask(d, i)@async :- wish(i), desk(d);
     table first(k: int => id: int); first(1, min<i>)@next :- ask(_, i)${guard}, notin first(1, _);
     output f(id: int); f(i) :- first(_, i); ${rules}`;

  it.each([
    ['rules that read the log alone', desks('')],
    [
      'a sender that names itself',
      desks(
        'channel hi(@d: addr, id: int, from: addr); hi(d, i, me)@async :- wish(i), desk(d), self(me); table heard(id: int, from: addr); heard(i, n) :- hi(_, i, n);',
      ),
    ],
    [
      'a node that asks for itself elsewhere',
      desks('output mine(id: int); mine(i) :- wish(i), self("a");'),
    ],
    [
      'a rule that fails alike everywhere',
      desks('scratch bad(x: int); bad(1 / (i - 1)) :- ask(_, i);'),
    ],
    [
      'a queue that is worked off',
      desks(
        'table todo(id: int); todo(i) :- ask(_, i); scratch done(id: int); done(min<i>) :- todo(i); delete todo(i) :- done(i), todo(i);',
      ),
    ],
    [
      'a table that copies another',
      desks(
        'table more(id: int); more(i)@next :- first(_, i); more(i)@next :- more(i), first(_, i);',
      ),
    ],
    [
      'an update that an entry starts',
      desks('table n(k: int => v: int); n(0, 0); upsert n(0, v + 1) :- n(0, v), ask(_, _);'),
    ],
  ])('orders what stays alike: %s', (_, text) => {
    const { plan } = coordinated(text);
    expect(plan.orderedLog?.channels).toEqual(['ask']);
    expect(plan.points.map((point) => point.relation)).toContain('f');
  });

  it.each([
    [
      'the node its rule asks for',
      desks(
        'scratch even(id: int); even(0) :- self("a"); even(1) :- self("b");',
        ', even(e), i % 2 == e',
      ),
      /`even#1` depends on the node/,
    ],
    [
      'a static looked up by the own name',
      desks(
        'static vip(n: addr, id: int); scratch mine(id: int); mine(i) :- self(n), vip(n, i);',
        ', mine(i)',
      ),
      /`mine#1` depends on the node/,
    ],
    [
      'rows of a located table',
      desks('table cfg(@n: addr, id: int); cfg("a", 1); cfg("b", 2);', ', cfg(_, i)'),
      /`first#1` depends on the node/,
    ],
    [
      'the address of an entry used as a value',
      `static vip(n: addr, id: int); ${desks('').replace('ask(_, i)', 'ask(n, i), vip(n, i)')}`,
      /`first#1` depends on the node/,
    ],
    [
      'its own input, shown together with it',
      desks('table l(x: int); l(x) :- lim(x);').replace(
        'f(i) :- first(_, i)',
        'f(i) :- first(_, i), l(i)',
      ),
      /`f#1` depends on the node/,
    ],
    [
      'a failure at one node only',
      desks('scratch bad(x: int); bad(1 / 0) :- ask(_, 1), self("a");'),
      /`bad#1` may fail at one node/,
    ],
    [
      'the same a step later',
      desks(
        'scratch late(x: int); late(i)@next :- ask(_, i); scratch bad(x: int); bad(1 / (i - 1)) :- late(i), self("a");',
      ),
      /`bad#1` may fail at one node/,
    ],
    [
      'a key taken twice at one node only',
      desks('table share(k: int => x: int); share(1, i) :- ask(_, i), self("a");'),
      /`share#1` may fail at one node/,
    ],
    [
      'a failure by an input of its own',
      desks(
        'table l(x: int); l(x) :- lim(x); scratch bad(x: int); bad(10 / (x - 3)) :- ask(_, _), l(x);',
      ),
      /`bad#1` may fail at one node/,
    ],
    [
      'a phase that flips for ever',
      desks('scratch phase(p: int); phase(0); phase(1 - p)@next :- phase(p);', ', phase(1)'),
      /`phase#1` may go on for ever/,
    ],
    [
      'a switch that flips for ever, though nobody reads it',
      desks(
        'table on(p: int); on(0); on(1)@next :- on(0); on(0)@next :- on(1); delete on(p) :- on(p);',
      ),
      /`on#1` may go on for ever/,
    ],
    [
      'a table that grows for ever',
      desks('table n(x: int); n(0); scratch m(x: int); m(x)@next :- n(x); n(x + 1) :- m(x);'),
      /`[mn]#1` may go on for ever/,
    ],
    [
      'a delayed rule of its own that fails',
      desks('scratch d(x: int); d(x)@next :- lim(x); scratch e(x: int); e(10 / (x - 3)) :- d(x);'),
      /`e#1` also depends on the timing of `lim`/,
    ],
    [
      'a key taken twice by what an entry brings along',
      desks(
        'channel also(@d: addr, id: int); also(d, i)@async :- wish(i), desk(d); table share(k: int => x: int); share(1, i) :- also(_, i);',
      ),
      /`share#1` may fail at one node/,
    ],
    [
      'a table in place of a channel',
      'static desk(n: addr); input wish(id: int); table todo(@d: addr, id: int); todo(d, i)@async :- wish(i), desk(d); table first(k: int => id: int); first(1, min<i>)@next :- todo(_, i), notin first(1, _); output f(id: int); f(i) :- first(_, i);',
      /`todo` is a table, and only channels can be ordered/,
    ],
  ])('does not promise that replicas agree: %s', (_, text, reason) => {
    const { plan } = coordinated(text);
    expect(plan.orderedLog).toBeNull();
    expect(unmetReason(text, 'f')).toMatch(reason);
  });

  it('says of a view of events that it must be kept', () => {
    expect(unmetReason('input i(x: int); view p(x: int); p(x) :- i(x);')).toMatch(
      /what it shows of `i` is gone with the next timestep: keep it in a table/,
    );
  });

  it('coordinates many independent objects with few analyses', () => {
    const names = /\b(wish|ask|answer|todo|sold|grant|reply|waiting|win)\b(?=[(:])/g;
    const one = (k: number): string =>
      seatDesk.replace('static desk(node: addr);', '').replace(names, `$1${k}`);
    const workFor = (count: number): number => {
      const objects = Array.from({ length: count }, (_, k) => one(k)).join('\n');
      const { program, confluence } = compileSound(`static desk(node: addr);\n${objects}`);
      const { asked, result } = countWork(program, (counted) =>
        coordinateProgram(counted, confluence, { mode: 'auto', members: null }),
      );
      expect(result.plan.orderedLog?.channels).toHaveLength(count);
      return asked;
    };
    expect(workFor(60) / workFor(30)).toBeLessThan(2.6);
  });
});
