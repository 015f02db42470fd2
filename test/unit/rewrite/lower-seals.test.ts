/** Seals at run time: what `sealed` literals wait for, under all schedules of small programs. */
import { describe, expect, it } from 'vitest';
import { makeNodeProgram } from '../../../src/compiler/node-program.js';
import { printModule } from '../../../src/syntax/print.js';
import { programToModule } from '../../../src/semantics/program-to-module.js';
import { allSchedules, everShown } from '../../support/all-schedules.js';
import type { Put } from '../../support/all-schedules.js';
import { compilePrinted, compileSound, compileText } from '../../support/compile-text.js';

const cart = (seal: string, more = ''): string => `
  static client(c: addr); client("a"); client("b");
  input act(session: string, item: string); input done(session: string);
  channel action(@at: addr, session: string, item: string);
  table log(session: string, item: string);
  output bill(session: string, n: int);
  action("b", s, i)@async :- act(s, i);
  log(s, i) :- action(_, s, i);
  bill(s, count<i>) :- log(s, i), sealed action(s);
  ${seal} ${more}`;
const bySession = 'seal action on (session) from client(c) when done(session);';

const shown = (
  text: string,
  nodes: readonly string[],
  puts: readonly Put[],
  relation = 'bill',
): readonly string[] => {
  const checked = allSchedules(compileSound(text), nodes, puts);
  expect(checked.isComplete, `${checked.states} states`).toBe(true);
  return everShown(checked, relation);
};
const codes = (text: string): readonly string[] =>
  compileText(text).obstacles.map(({ code }) => code);

describe('`sealed r(k)` holds once every producer has sealed k and its tuples are there', () => {
  it('of messages of two producers, in any order and twice', () => {
    const puts: Put[] = [
      ['a', 'act', ['s', 'tea']],
      ['b', 'act', ['s', 'milk']],
      ['a', 'done', ['s']],
      ['b', 'done', ['s']],
    ];
    expect(shown(cart(bySession), ['a', 'b'], puts)).toEqual(['[["b","s",2]]']);
  });

  it('for a producer without a tuple, and for a reader that gets none', () => {
    const puts: Put[] = [
      ['a', 'act', ['s', 'tea']],
      ['a', 'done', ['s']],
      ['b', 'done', ['s']],
    ];
    const known = 'output known(session: string); known(s) :- sealed action(s);';
    const text = cart(bySession, known);
    expect(shown(text, ['a', 'b'], puts)).toEqual(['[["b","s",1]]']);
    expect(shown(text, ['a', 'b'], puts, 'known')).toEqual(['[["a","s"],["b","s"]]']);
  });

  it('not before the last producer has spoken, and for no other key', () => {
    const puts: Put[] = [
      ['a', 'act', ['s', 'tea']],
      ['a', 'act', ['t', 'tea']],
      ['a', 'done', ['s']],
      ['a', 'done', ['t']],
      ['b', 'done', ['t']],
    ];
    expect(shown(cart(bySession), ['a', 'b'], puts)).toEqual(['[["b","t",1]]']);
  });

  it('counts one tuple of two producers twice, and one of one producer once', () => {
    const puts: Put[] = [
      ['a', 'act', ['s', 'tea']],
      ['a', 'act', ['s', 'tea']],
      ['b', 'act', ['s', 'tea']],
      ['a', 'done', ['s']],
      ['b', 'done', ['s']],
    ];
    expect(shown(cart(bySession), ['a', 'b'], puts)).toEqual(['[["b","s",1]]']);
  });

  it('waits for nobody who is not named', () => {
    const alone =
      'static one(c: addr); one("a"); seal action on (session) from one(c) when done(session);';
    const puts: Put[] = [
      ['a', 'act', ['s', 'tea']],
      ['a', 'done', ['s']],
    ];
    expect(shown(cart(alone), ['a', 'b'], puts)).toEqual(['[["b","s",1]]']);
    // Without `from` every node is a producer.
    const all = 'seal action on (session) when done(session);';
    expect(shown(cart(all), ['a', 'b'], puts)).toEqual(['[]']);
  });

  it('takes producers from a static of strings, and from one column of several', () => {
    const strings = `static role(weight: int, who: string); role(1, "a");
      seal action on (session) from role(_, w) when done(session);`;
    const puts: Put[] = [
      ['a', 'act', ['s', 'tea']],
      ['a', 'done', ['s']],
    ];
    expect(shown(cart(strings), ['a', 'b'], puts)).toEqual(['[["b","s",1]]']);
  });

  it('of a whole relation, and by several columns', () => {
    const puts: Put[] = [
      ['a', 'act', ['s', 'tea']],
      ['a', 'act', ['t', 'tea']],
      ['a', 'done', ['s']],
    ];
    const one = 'static one(c: addr); one("a");';
    const whole = cart(`${one} seal action from one(c) when done(_);`).replace(
      'action(s);',
      'action();',
    );
    expect(shown(whole, ['a', 'b'], puts)).toEqual(['[["b","s",1],["b","t",1]]']);
    const pairs = cart(
      `${one} input end(s: string, i: string); output has(s: string, i: string); has(s, i) :- log(s, i), sealed action(s, i);
       seal action on (session, item) from one(c) when end(session, item);`,
    ).replace('bill(s, count<i>) :- log(s, i), sealed action(s);', 'bill(s, 0) :- log(s, _);');
    const ends: Put[] = [...puts, ['a', 'end', ['t', 'tea']]];
    expect(shown(pairs, ['a', 'b'], ends, 'has')).toEqual(['[["b","t","tea"]]']);
  });

  it('of a column that names the receiver, for that receiver', () => {
    const text = `static client(c: addr); client("a"); input act(to: addr, x: int); input done(to: addr);
      channel m(@to: addr, x: int); table got(x: int); output sum(n: int);
      m(n, x)@async :- act(n, x); got(x) :- m(_, x);
      sum(count<x>) :- got(x), self(n), sealed m(n);
      seal m on (to) from client(c) when done(to);`;
    const puts: Put[] = [
      ['a', 'act', ['b', 1]],
      ['a', 'act', ['b', 2]],
      ['a', 'act', ['a', 3]],
      ['a', 'done', ['b']],
    ];
    expect(shown(text, ['a', 'b'], puts, 'sum')).toEqual(['[["b",2]]']);
  });

  it('of a table that other nodes write', () => {
    const text = cart(bySession)
      .replace('channel action', 'table action')
      .replace(
        'log(s, i) :- action(_, s, i);',
        'log(s, i) :- action(_, s, i); action(n, s, "own")@next :- act(s, _), self(n);',
      );
    const puts: Put[] = [
      ['a', 'act', ['s', 'tea']],
      ['a', 'done', ['s']],
      ['b', 'done', ['s']],
    ];
    expect(shown(text, ['a', 'b'], puts)).toEqual(['[["a","s",1],["b","s",1]]']);
  });

  it('of what a node has by itself on its own word, without a message', () => {
    const own = (seal: string): string => `input act(s: string, x: int); input done(s: string);
      table log(s: string, x: int); table later(s: string, x: int); output bill(s: string, n: int);
      log(s, x) :- act(s, x); later(s, x)@next :- act(s, x);
      ${seal}`;
    const puts: Put[] = [
      ['a', 'act', ['s', 1]],
      ['a', 'act', ['s', 2]],
      ['b', 'act', ['s', 3]],
      ['a', 'done', ['s']],
    ];
    for (const relation of ['act', 'log', 'later']) {
      const read = relation === 'act' ? 'log' : relation;
      const text = own(`bill(s, count<x>) :- ${read}(s, x), sealed ${relation}(s);
        seal ${relation} on (s) when done(s);`);
      expect(shown(text, ['a', 'b'], puts), relation).toEqual(['[["a","s",2]]']);
      const { bare } = compileSound(text);
      expect([...bare.relations.values()].filter(({ kind }) => kind === 'channel')).toEqual([]);
    }
  });

  it('of what a node has by itself on the word of the nodes that are named', () => {
    const text = `static client(c: addr); client("a"); client("b"); input act(s: string, x: int); input done(s: string);
      table log(s: string, x: int); output bill(s: string, n: int); log(s, x) :- act(s, x);
      bill(s, count<x>) :- log(s, x), sealed log(s); seal log on (s) from client(c) when done(s);`;
    const puts: Put[] = [
      ['a', 'act', ['s', 1]],
      ['a', 'done', ['s']],
    ];
    expect(shown(text, ['a', 'b'], puts)).toEqual(['[]']);
    expect(shown(text, ['a', 'b'], [...puts, ['b', 'done', ['s']]])).toEqual(['[["a","s",1]]']);
  });

  it('of what comes by a message to itself on its own word, too', () => {
    const text = `static client(c: addr); client("a"); input act(s: string, x: int); input done(s: string);
      loopback soon(s: string, x: int); scratch now_done(s: string); loopback soon_done(s: string);
      table log(s: string, x: int); output bill(s: string, n: int);
      soon(s, x)@async :- act(s, x); log(s, x) :- soon(s, x);
      soon_done(s)@async :- done(s); now_done(s) :- soon_done(s), log(s, _);
      bill(s, count<x>) :- log(s, x), sealed log(s); seal log on (s) from client(c) when now_done(s);`;
    const puts: Put[] = [
      ['a', 'act', ['s', 1]],
      ['a', 'done', ['s']],
    ];
    expect(shown(text, ['a'], puts)).toContain('[["a","s",1]]');
  });

  it('of what comes of messages, on the word of a node that sees in them that they are all there', () => {
    const counted = `input over(session: string, n: int); channel told(@at: addr, session: string, n: int);
      table due(session: string, n: int); scratch got(session: string, n: int); scratch all_there(session: string);
      told("b", s, n)@async :- over(s, n); due(s, n) :- told(_, s, n); got(s, count<i>) :- log(s, i);
      all_there(s) :- due(s, n), got(s, n); seal log on (session) when all_there(session);`;
    const puts: Put[] = [
      ['a', 'act', ['s', 'tea']],
      ['a', 'act', ['s', 'milk']],
      ['a', 'over', ['s', 2]],
    ];
    const text = cart(counted).replace('sealed action', 'sealed log');
    expect(shown(text, ['a', 'b'], puts)).toEqual(['[["b","s",2]]']);
  });

  it('of messages whose rules stand, and of messages of several rules', () => {
    const text = `static client(c: addr); client("a"); input act(x: int); input done(x: int);
      table kept(x: int); channel m(@to: addr, x: int, y: int); table got(x: int, y: int); output sum(x: int, n: int);
      kept(x) :- act(x);
      m("b", x, 1)@async :- kept(x); m("b", x, 2)@async, kept(x) :- act(x);
      got(x, y) :- m(_, x, y); sum(x, count<y>) :- got(x, y), sealed m(x);
      seal m on (x) from client(c) when done(x);`;
    const puts: Put[] = [
      ['a', 'act', [7]],
      ['a', 'done', [7]],
    ];
    expect(shown(text, ['a', 'b'], puts, 'sum')).toEqual(['[["b",7,2]]']);
  });

  it('inside a module, for each instance by itself', () => {
    const text = `module Box {
        input put(s: string, x: int); input done(s: string); output sum(s: string, n: int);
        channel c(@to: addr, s: string, x: int); table t(s: string, x: int);
        c("b", s, x)@async :- put(s, x); t(s, x) :- c(_, s, x);
        sum(s, count<x>) :- t(s, x), sealed c(s);
        seal c on (s) when done(s);
      }
      use Box as one; use Box as two; input act(s: string, x: int); input end(s: string); output bill(s: string, n: int);
      one.put(s, x), two.put(s, x) :- act(s, x); one.done(s) :- end(s); bill(s, n) :- one.sum(s, n); bill(s, -n) :- two.sum(s, n);`;
    const puts: Put[] = [
      ['a', 'act', ['s', 1]],
      ['a', 'end', ['s']],
      ['b', 'end', ['s']],
    ];
    expect(shown(text, ['a', 'b'], puts)).toEqual(['[["b","s",1]]']);
  });
});

describe('what is inserted', () => {
  it('is nothing where no literal reads the seal', () => {
    const { program, bare, coordinated } = compileSound(
      cart(bySession).replace(', sealed action(s)', ''),
    );
    expect(bare).toBe(program);
    expect(coordinated).toBe(program);
  });

  it('leaves all rules alone but those that send and those that wait', () => {
    const { program, bare } = compileSound(
      cart(bySession, 'view seen(i: string); seen(i) :- log(_, i);'),
    );
    const touched = program.rules.filter((rule, i) => rule !== bare.rules[i]);
    expect(touched.map(({ name }) => name)).toEqual(['action#1', 'bill#1']);
    const made = bare.rules.filter(({ origin }) => origin.rewrite === 'seal');
    expect(new Set(made.map(({ origin }) => origin.rule))).toEqual(
      new Set(['action#1', 'bill#1', 'action', 'seal action']),
    );
  });

  it('has names of its own, whatever the program calls its relations', () => {
    const text = cart(
      bySession,
      'table action_by(x: int); table action_end(at: int); view action_sealed(x: int); action_sealed(x) :- action_by(x), action_end(x);',
    );
    const puts: Put[] = [
      ['a', 'act', ['s', 'tea']],
      ['a', 'done', ['s']],
      ['b', 'done', ['s']],
    ];
    expect(shown(text, ['a', 'b'], puts)).toEqual(['[["b","s",1]]']);
    const { bare, program } = compileSound(text);
    for (const [name, { columns }] of program.relations)
      if (!name.startsWith('sealed ')) expect(bare.relations.get(name)?.columns).toBe(columns);
  });

  it('prints, and what is printed is the same program', () => {
    const labelled = cart(
      bySession,
      'coordinate action order; assume "action#1" "for the test";',
    ).replace('bill(s, count', 'due: bill(s, count');
    const compiled = compileSound(labelled);
    const again = compilePrinted({ ...compiled, program: compiled.bare }, new Map());
    const text = (program: typeof again.program): string => printModule(programToModule(program));
    expect(text(again.program)).toBe(text(compiled.bare));
    expect(again.bare).toBe(again.program);
  });

  it('prints without warnings that something is unused', () => {
    const { bare } = compileSound(cart(bySession));
    const { findings } = compileText(printModule(programToModule(bare)));
    expect(findings.filter(({ code }) => code.startsWith('TRL12'))).toEqual([]);
  });

  it('carries the ordered log of a sealed channel on', () => {
    const compiled = compileSound(cart(bySession, 'coordinate action order;'), {
      coordinate: 'auto',
    });
    expect(compiled.plan.orderedLog?.channels).toEqual(['action']);
    const { orderedLog } = makeNodeProgram(compiled, ['a', 'b']);
    expect([...(orderedLog?.channels ?? [])]).toEqual(['action_by']);
  });
});

describe('what cannot be carried out is refused', () => {
  it.each([
    [
      'a condition that leaves the key open',
      cart('input over(x: int); seal action on (session) when over(_);'),
    ],
    [
      'lattice values',
      'input e(x: int); input d(x: int); table t(x: int => m: lmax<int>); output o(x: int); t(x, x) :- e(x); o(x) :- sealed t(x); seal t on (x) when d(x);',
    ],
    [
      'a loopback',
      'input e(x: int); input d(x: int); loopback l(x: int); output o(x: int); l(x)@async :- e(x); o(x) :- sealed l(x); seal l on (x) when d(x);',
    ],
    [
      'the word of senders for what readers derive',
      cart(bySession.replace('seal action', 'seal log')).replace('sealed action', 'sealed log'),
    ],
    [
      'the word of senders for what readers derive by further rules',
      cart(
        bySession.replace('seal action', 'seal log'),
        'scratch mid(s: string, i: string); mid(s, i) :- action(_, s, i);',
      )
        .replace('log(s, i) :- action(_, s, i)', 'log(s, i) :- mid(s, i)')
        .replace('sealed action', 'sealed log'),
    ],
    [
      'the word of senders for what readers keep and move on',
      cart(
        bySession.replace('seal action', 'seal log'),
        'table kept(s: string, i: string); kept(s, i)@next :- action(_, s, i);',
      )
        .replace('log(s, i) :- action(_, s, i)', 'log(s, i)@next :- kept(s, i)')
        .replace('sealed action', 'sealed log'),
    ],
    [
      'the word of a node for what it gets, if that does not depend on what has arrived',
      cart('seal log on (session) when done(session);').replace('sealed action', 'sealed log'),
    ],
    [
      'a condition at another node',
      cart(
        'channel over(@n: addr, s: string); over(n, s)@async :- act(s, _), cluster(n); seal action on (at, session) when over(at, session);',
      ).replace('sealed action(s)', 'sealed action(_, s)'),
    ],
    [
      'producers of whom each node knows its own',
      cart(
        'static who(@n: addr, c: addr); who("b", "a"); seal action on (session) from who(_, c) when done(session);',
      ),
    ],
    [
      'producers of whom each node derives its own',
      cart(
        'static who(c: addr); static me(c: addr); me(c) :- self(c); who(c) :- client(c), me(c); seal action on (session) from who(c) when done(session);',
      ),
    ],
    [
      'producers of any type',
      cart('static who(x: any); who(1); seal action on (session) from who(x) when done(session);'),
    ],
  ])('%s', (_, text) => {
    expect(codes(text)).toEqual(['TRL1113']);
  });

  it('over relations that are spread over the cluster', () => {
    const text = `table link(src: int, dst: int) partition by (src); input add(src: int, dst: int); input done(src: int); output n(src: int, k: int);
      link(s, d) :- add(s, d); n(s, count<d>) :- link(s, d), sealed link(s); seal link on (src) when done(src);`;
    expect(compileText(text).diagnostics.map(({ code }) => code)).toEqual(['TRL1113']);
    const unread = `${text.replace(', sealed link(s)', '').replace('output', 'view')} coordinate n seal;`;
    const { compiled } = compileText(unread, { coordinate: 'auto' });
    expect(compiled?.plan.seals).toEqual([]);
    expect(compiled?.plan.unsealed.map(({ relation }) => relation)).toEqual(['n']);
  });

  it('only where something waits for it', () => {
    expect(
      codes(
        cart('input over(x: int); seal action on (session) when over(_);').replace(
          ', sealed action(s)',
          '',
        ),
      ),
    ).toEqual([]);
  });
});
