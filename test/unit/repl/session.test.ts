/** A session typed line by line: what each line shows, and that it is what the whole text would do. */
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../../../src/base/span.js';
import { rowText } from '../../../src/base/value-text.js';
import type { Row } from '../../../src/base/value.js';
import { bareSubject } from '../../../src/cli/subject.js';
import { linkProgram } from '../../../src/compiler/bind-functions.js';
import type { Compilation, CompiledProgram } from '../../../src/compiler/compile-source.js';
import { Session } from '../../../src/repl/session.js';
import type { Told } from '../../../src/repl/session.js';
import { compileText } from '../../support/compile-text.js';

const bounds = { maxTuples: 10_000 };

async function open(
  text = '',
  nodes: readonly string[] = ['n1'],
  isInterrupted = (): boolean => false,
): Promise<Session> {
  const { session, told } = await Session.open(
    { path: 'repl', text },
    {
      compile: (source: SourceFile): Compilation => compileText(source.text, {}, source.path),
      makeSubject: (_: Compilation, compiled: CompiledProgram) => {
        const workload = { facts: [], inputs: [] };
        const value = bareSubject({ compiled, nodes, members: nodes, workload }, bounds);
        return Promise.resolve({ value, diagnostics: [] });
      },
      link: ({ written }) => Promise.resolve(linkProgram(written, new Map())),
      mayGoOn: () => Promise.resolve(!isInterrupted()),
    },
  );
  expect(told.diagnostics).toEqual([]);
  return session!;
}

/** What a line shows, more and less, in words. */
function shown({ turns, changes }: Told): readonly string[] {
  const texts = (sign: string, relation: string, rows: readonly Row[]): readonly string[] =>
    rows.map((row) => `${sign}${rowText(relation, row)}`);
  return [
    ...turns.flatMap(({ node, number, shown: all }) =>
      all.flatMap(({ relation, added, removed }) => [
        ...texts(`${node} ${number} -`, relation, removed),
        ...texts(`${node} ${number} +`, relation, added),
      ]),
    ),
    ...changes.flatMap(({ relation, added, removed }) => [
      ...texts('-', relation, removed),
      ...texts('+', relation, added),
    ]),
  ];
}

async function enterAll(session: Session, lines: readonly string[]): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const line of lines) told.push(await session.enter(line));
  return told;
}

const codesOf = ({ diagnostics }: Told): readonly string[] => diagnostics.map(({ code }) => code);

const store = `input put(k: string, v: int);
table kv(k: string => v: int);
output got(k: string, v: int);
upsert kv(k, v) :- put(k, v);
got(k, v) :- put(k, _), kv(k, v);`;

describe('a program that is typed', () => {
  it('holds from the beginning, and shows the difference that a line makes', async () => {
    const session = await open();
    const told = await enterAll(session, [
      'table edge(x: int, y: int); view path(x: int, y: int);',
      'path(x, z) :- path(x, y), edge(y, z);',
      'edge(1, 2); edge(2, 3);',
      'path(x, y) :- edge(x, y);',
    ]);
    expect(told.map(shown)).toEqual([
      [],
      [],
      [],
      ['+path("n1", 1, 2)', '+path("n1", 1, 3)', '+path("n1", 2, 3)'],
    ]);
  });

  it('makes of events what it would have made of them when they came', async () => {
    const session = await open('input put(k: int); table seen(k: int); output first(k: int);');
    await enterAll(session, ['put(3);', 'put(1);', 'put(2);']);
    const [told] = await enterAll(session, [
      'seen(k) :- put(k); first(k) :- put(k), notin older(k); scratch older(k: int); older(k) :- seen(j), put(k), j < k;',
    ]);
    expect(shown(told!)).toEqual(['+first("n1", 1)', '+first("n1", 3)']);
  });

  it.each([
    ['in order', [0, 1, 2, 3, 4]],
    ['backwards', [4, 3, 2, 1, 0]],
    ['events first', [0, 3, 1, 2, 4]],
  ])('comes to the same, typed %s', async (_, order) => {
    const lines = store.split('\n');
    const wordsOf = (line: string): string => line.split('(')[0]!.trim();
    // A relation is declared before a rule speaks of it.
    const declared = order
      .map((i) => lines[i]!)
      .sort((a, b) => {
        const rank = (line: string): number =>
          /^(input|table|output)/.test(wordsOf(line)) ? 0 : 1;
        return rank(a) - rank(b);
      });
    const typed = await open();
    await enterAll(typed, declared);
    await enterAll(typed, ['put("a", 1);', 'put("a", 2); put("b", 3);']);
    const whole = await open(store);
    await enterAll(whole, ['put("a", 1);', 'put("a", 2); put("b", 3);']);
    for (const relation of ['kv', 'got'])
      expect(await typed.ask(relation)).toEqual(await whole.ask(relation));
  });

  it('stays as it is where a line is wrong, or no node could boot with it', async () => {
    const session = await open('table t(x: int => y: int); view v(x: int); v(x) :- t(x, _);');
    const before = session.source.text;
    const told = await enterAll(session, [
      'v(x) :- nothing(x);',
      'v(x :- t(x, _);',
      't(1, 2); t(1, 3);',
      'v(1 / 0);',
    ]);
    expect(told.map(codesOf)).toEqual([['TRL0201'], ['TRL0112'], ['TRL0806'], ['TRL0321']]);
    expect(session.source.text).toBe(before);
    expect(shown((await enterAll(session, ['t(1, 2);']))[0]!)).toEqual(['+v("n1", 1)']);
  });

  it('tells where what is wrong stands in what was typed', async () => {
    const session = await open();
    await session.enter('table t(x: int);');
    const { diagnostics } = await session.enter('  t("one");');
    const { span } = diagnostics[0]!.primary!;
    expect(span.file.text.split('\n')[1]).toBe('  t("one");');
    expect(span.file.text.slice(span.start, span.end)).toBe('"one"');
  });

  it('is shown no more where others are declared to be', async () => {
    const session = await open('p(1); q(x) :- p(x);');
    const { changes, hidden } = await session.enter('view p;');
    expect(hidden).toEqual(['q']);
    expect(changes.map(({ relation }) => relation)).toEqual(['p']);
  });

  it('may go on for ever, which is told', async () => {
    const session = await open('view n(x: int); n(0);');
    expect(await session.enter('n(x + 1)@next :- n(x);')).toMatchObject({ isCut: true });
    expect(session.restless).toEqual(['n1']);
    expect(await session.rounds(2)).toMatchObject({ isCut: false });
  });
});

describe('events that are typed', () => {
  it('come together, in the next timestep', async () => {
    const session = await open(store);
    const told = await enterAll(session, [
      'put("a", 1);',
      'put("a", 2); put("b", 1);',
      'put("b", 0);',
    ]);
    expect(told.map(shown)).toEqual([[], ['n1 4 +got("a", 1)'], ['n1 6 +got("b", 1)']]);
  });

  it('may be declared in their line, and use what the program defines', async () => {
    const session = await open('const two = 2;');
    const told = await session.enter(
      'input put(k: string, v: list<int>); got(v) :- put(_, v); put("a" ++ "b", [two, two + 1]);',
    );
    expect(shown(told)).toEqual(['+got("n1", [2, 3])']);
    expect(await session.enter('put(k: "c", v: []);')).toMatchObject({ diagnostics: [] });
    expect((await session.ask('got(x)')).rowsByNode.get('n1')).toHaveLength(1);
  });

  it('fail as they do at a node, and leave nothing behind', async () => {
    const session = await open(store);
    const told = await session.enter('put("a", 1); put("a", 2);');
    // Both together, and then one by one.
    expect(codesOf(told)).toEqual(['TRL0807']);
    expect((await session.ask('kv')).rowsByNode.get('n1')).toEqual([['a', 2]]);
    expect(codesOf(await session.enter('put("b", 1); put("b", 2);'))).toEqual(['TRL0807']);
  });

  it.each([
    ['put("a");', 'TRL0301'],
    ['put("a", "b");', 'TRL0310'],
    ['put("a", x);', 'TRL0406'],
    ['zz: put("a", 1);', 'TRL1019'],
    ['put("a", 1)@next;', 'TRL0407'],
  ])('%s is told as in a program', async (line, code) => {
    const session = await open(store);
    const told = await session.enter(line);
    expect(codesOf(told)).toEqual([code]);
    const { primary, secondary = [] } = told.diagnostics[0]!;
    for (const { span } of [primary!, ...secondary])
      expect(span.start).toBeLessThan(session.source.text.length + line.length);
  });

  it('may have lattice columns, and lines of standard input', async () => {
    const session = await open(
      `input bid(t: string => c: lmin<int>); table best(t: string => c: lmin<int>);
      best(t, c) :- bid(t, c); output echo(line: string); echo(l) :- stdin(l);`,
    );
    expect(codesOf(await session.enter('bid("x", 5);'))).toEqual([]);
    await session.enter('bid("x", 3);');
    expect((await session.ask('best(t, c), n = c.reveal()')).rowsByNode.get('n1')).toMatchObject([
      ['x', { lattice: 'lmin' }, 3],
    ]);
    expect(shown(await session.enter('stdin("a line");'))).toEqual(['n1 6 +echo("a line")']);
  });

  it('are refused where no node would take them', async () => {
    const session = await open(
      'input at(@n: addr, x: int); input stop(); output got(x: int); got(x) :- at(_, x); halt(0) :- stop();',
      ['a', 'b'],
    );
    expect(shown(await session.enter('at("b", 1);'))).toEqual(['b 2 +got(1)']);
    expect(codesOf(await session.enter('at("c", 1);'))).toEqual(['TRL1019']);
    expect(codesOf(await session.enter('a: at("b", 1);'))).toEqual(['TRL1019']);
    expect(shown(await session.enter('b: at("b", 2);'))).toEqual(['b 3 +got(2)']);
    await session.enter('b: stop();');
    expect(codesOf(await session.enter('at("b", 3);'))).toEqual(['TRL1020']);
    expect(codesOf(await session.enter('view v(x: int); at("b", 3);'))).toEqual(['TRL1020']);
    expect(session.restless).toEqual([]);
  });

  it('go to the node that stands before them', async () => {
    const session = await open(
      'input say(x: int); channel hear(@to: addr, x: int); output got(x: int); hear(n, x)@async :- say(x), cluster(n), notin self(n); got(x) :- hear(_, x);',
      ['a', 'b'],
    );
    expect(shown(await session.enter('b: say(1);'))).toEqual(['a 2 +got(1)']);
    expect(shown(await session.enter('say(2);'))).toEqual(['b 3 +got(2)']);
  });
});

describe('what else a session does', () => {
  it('can be broken off, and goes on from there', async () => {
    let isOver = false;
    const session = await open(
      'input go(x: int); view c(x: int); c(x)@next :- go(x); c(x + 1)@next :- c(x);',
      ['n1'],
      () => isOver,
    );
    isOver = true;
    const told = await session.enter('go(0);');
    expect([told.isInterrupted, told.turns.length]).toEqual([true, 31]);
    expect((await session.ask('c')).rowsByNode.get('n1')).toEqual([[29]]);
    // Nothing of a program that could not be run to where the session stands.
    expect((await session.enter('view d(x: int); d(x) :- c(x);')).isInterrupted).toBe(true);
    expect(session.source.text).not.toContain('view d');
    isOver = false;
    session.isStepwise = true;
    await session.rounds(10);
    await session.enter('view d(x: int); d(x) :- c(x);');
    expect((await session.ask('d')).rowsByNode.get('n1')).toEqual([[39]]);
  });

  it('takes the last line back, and the one before', async () => {
    const session = await open(store);
    await enterAll(session, [
      'put("a", 1);',
      'put("a", 2);',
      'view all(k: string); all(k) :- kv(k, _);',
    ]);
    expect((await session.ask('kv')).rowsByNode.get('n1')).toEqual([['a', 2]]);
    expect(shown((await session.undo())!)).toEqual(['-all("n1", "a")']);
    expect(shown((await session.undo())!)).toEqual(['-got("n1", "a", 1)']);
    expect((await session.ask('kv')).rowsByNode.get('n1')).toEqual([['a', 1]]);
    await session.undo();
    expect(session.source.text).toBe(`${store}\n`);
    expect(await session.undo()).toBeNull();
  });

  it('lets events wait, and goes on timestep by timestep', async () => {
    const session = await open(
      'input say(x: int); channel hear(@to: addr, x: int); output got(x: int); hear(n, x)@async :- say(x), cluster(n); got(x) :- hear(_, x);',
      ['a', 'b'],
    );
    session.isStepwise = true;
    expect((await session.enter('say(1);')).turns).toEqual([]);
    expect(session.restless).toEqual(['a']);
    expect((await session.rounds(1)).turns).toMatchObject([
      { node: 'a', sent: [{ to: 'a' }, { to: 'b' }] },
    ]);
    expect(shown(await session.rounds(1))).toEqual(['a 3 +got(1)', 'b 2 +got(1)']);
    session.isStepwise = false;
    await session.settle();
    expect(session.restless).toEqual([]);
  });

  it('fires timers', async () => {
    const session = await open('periodic beat(1s); output at(n: int); at(n) :- beat(n, _);', [
      'a',
      'b',
    ]);
    expect(shown(await session.fire('beat', ['b']))).toEqual(['b 2 +at(1)']);
    expect(shown(await session.fire('beat', ['a', 'b']))).toEqual(['a 2 +at(1)', 'b 3 +at(2)']);
  });

  it('answers of what holds now, whatever would have failed before', async () => {
    const session = await open(
      'input put(k: string, v: int); table kv(k: string, v: int); kv(k, v) :- put(k, v);',
    );
    await enterAll(session, ['put("a", 2);', 'put("b", 0);']);
    expect((await session.ask('kv(k, v), v > 0, x = 10 / v')).rowsByNode.get('n1')).toEqual([
      ['a', 2, 5],
    ]);
    const { diagnostics } = await session.ask('kv(k, v), x = 10 / v');
    expect(diagnostics).toMatchObject([{ code: 'TRL0801', notes: ['with k = "b", v = 0'] }]);
  });

  it('answers of instances, of memberships and of alternatives', async () => {
    const session = await open(
      `module M { input a(x: int); output b(x: int); b(x) :- a(x); } use M as m;
      t(1, [5, 6]); t(2, []); cluster_of(n) :- cluster(n);`,
      ['a', 'b'],
    );
    const rowsOf = async (body: string): Promise<unknown> => {
      const { diagnostics, rowsByNode } = await session.ask(body);
      return diagnostics.length > 0 ? diagnostics : rowsByNode.get('a');
    };
    expect(await rowsOf('m.b(x)')).toEqual([]);
    expect(await rowsOf('t(k, list), x in list')).toEqual(
      [
        [1, [5, 6], 5],
        [1, [5, 6], 6],
      ].map(([k, items, x]) => [k, { kind: 'list', items }, x]),
    );
    expect(await rowsOf('t(x, _), x > 1 | t(x, _), x < 2')).toEqual([[1], [2]]);
    expect(await rowsOf('cluster(n), notin self(n)')).toEqual([['b']]);
    expect(await rowsOf('t(1, _); t(2, _)')).toMatchObject([{ code: 'TRL1021' }]);
    expect(await rowsOf('t(')).toMatchObject([{ code: 'TRL0112' }]);
  });

  it('answers by the variables of a body, or by yes and no', async () => {
    const session = await open('edge(1, 2); edge(2, 3); const two = 2; answer(9);');
    const { columns, rowsByNode } = await session.ask(' edge(y, x), x > two');
    expect([columns, rowsByNode.get('n1')]).toEqual([['y', 'x'], [[2, 3]]]);
    expect(await session.ask('edge(1, 3)')).toMatchObject({ columns: [], diagnostics: [] });
    expect((await session.ask('edge(1, 3)')).rowsByNode.get('n1')).toEqual([]);
    expect((await session.ask('edge(1, two)')).rowsByNode.get('n1')).toHaveLength(1);
    expect((await session.ask('answer(x), notin edge(x, _)')).rowsByNode.get('n1')).toEqual([[9]]);
    expect((await session.ask('notin edge(x, _)')).diagnostics.map(({ code }) => code)).toEqual([
      'TRL0402',
    ]);
    expect(session.source.text).not.toContain('answer_');
  });
});
