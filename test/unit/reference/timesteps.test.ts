/** Lifetimes of the collection kinds, the commit of tables, and what makes a node run again. */
import { describe, expect, it } from 'vitest';
import { startNode, texts } from '../../support/reference-node.js';

describe('lifetimes', () => {
  it('keeps what a deductive rule puts into a table when its body stops holding', () => {
    const node = startNode(
      'table t(x: int); input i(x: int); t(x) :- i(x); scratch s(x: int); s(x) :- t(x);',
    );
    node.commit();
    const first = node.commit({ i: [[1]] });
    expect(first.stateChanged).toBe(true);
    expect(node.query('s')).toEqual(['s(1)']);
    const second = node.commit();
    expect(second.stateChanged).toBe(false);
    expect(node.query('t')).toEqual(['t(1)']);
    expect(node.query('s')).toEqual(['s(1)']);
    expect(node.query('i')).toEqual([]);
  });

  it('keeps statics, also those that rules derive', () => {
    const node = startNode(
      'static a(x: int); static b(x: int); a(1); b(x + 1) :- a(x); scratch s(x: int); s(x) :- b(x);',
      {
        facts: { a: [[5]] },
      },
    );
    node.commit();
    node.commit();
    expect(node.query('b')).toEqual(['b(2)', 'b(6)']);
    expect(node.query('s')).toEqual(['s(2)', 's(6)']);
  });

  it('states facts of tables, scratches, outputs and views at boot only', () => {
    const text =
      'table t(x: int); scratch s(x: int); output o(x: int); view v(x: int); t(1); s(1); o(1); v(1); table seen(x: int); seen(x) :- s(x);';
    const node = startNode(text);
    const first = node.commit();
    expect(texts(first.released)).toEqual(['o(1)']);
    expect(first.viewChanges).toEqual([{ relation: 'v', added: [[1]], removed: [] }]);
    const second = node.commit();
    expect(['t', 's', 'o', 'v', 'seen'].flatMap((name) => node.query(name))).toEqual([
      't(1)',
      'seen(1)',
    ]);
    expect(second.viewChanges).toEqual([{ relation: 'v', added: [], removed: [[1]] }]);
  });

  it('does not bring back a fact that was deleted', () => {
    const node = startNode(
      'table t(x: int); input gone(x: int); t(1); t(2); delete t(x) :- gone(x);',
    );
    node.commit();
    node.commit({ gone: [[1]] });
    node.commit();
    expect(node.query('t')).toEqual(['t(2)']);
  });

  it('lets a deletion win over a fact in the very timestep of boot', () => {
    const node = startNode('table t(x: int); t(1); t(2); delete t(x) :- t(x), x == 1;');
    node.commit();
    expect(node.query('t')).toEqual(['t(2)']);
  });

  it('asks for another timestep where an event brought what is gone at once, and only then', () => {
    const node = startNode(
      'input i(x: int); table t(x: int); t(x) :- i(x); delete t(x) :- t(x); view v(x: int); v(x) :- t(x); table u(x: int); u(1); table w(x: int); w(x) :- u(x); delete w(x) :- u(x);',
    );
    node.commit();
    node.commit();
    const taken = node.commit({ i: [[1]] });
    expect([taken.stateChanged, taken.viewChanges[0]?.added]).toEqual([true, [[1]]]);
    const after = node.commit();
    expect([after.stateChanged, after.viewChanges[0]?.removed]).toEqual([false, [[1]]]);
  });

  it('passes `@next` of a scratch on for one timestep', () => {
    const node = startNode('input i(x: int); scratch s(x: int); s(x)@next :- i(x);');
    node.commit();
    const first = node.commit({ i: [[1]] });
    expect([texts(first.nextTuples), first.nextChanged, first.stateChanged]).toEqual([
      ['s(1)'],
      true,
      false,
    ]);
    expect(node.query('s')).toEqual([]);
    const second = node.commit();
    expect(node.query('s')).toEqual(['s(1)']);
    expect([second.nextTuples, second.nextChanged]).toEqual([[], true]);
    expect(node.commit().nextChanged).toBe(false);
  });

  it('is quiet when the same `@next` tuples come again and again', () => {
    const node = startNode('scratch s(x: int); s(1); s(x)@next :- s(x);');
    expect(node.commit().nextChanged).toBe(true);
    expect(node.commit().nextChanged).toBe(false);
    expect(node.query('s')).toEqual(['s(1)']);
  });

  it('fills the built-in relations', () => {
    const text = `
      output me(n: addr); output all(n: addr); output at(ms: int); output first(b: bool);
      me(n) :- self(n); all(n) :- cluster(n); at(t) :- now(t); first(b) :- boot(b);
    `;
    const node = startNode(text, { name: 'n2', cluster: ['n1', 'n2'] });
    node.commit();
    expect(['me', 'all', 'at', 'first'].flatMap((name) => node.query(name))).toEqual([
      'me("n2")',
      'all("n1")',
      'all("n2")',
      'at(1000)',
      'first(true)',
    ]);
    node.commit();
    expect(['at', 'first'].flatMap((name) => node.query(name))).toEqual(['at(2000)']);
    node.restart();
    node.commit();
    expect(node.query('first')).toEqual(['first(false)']);
  });

  it('takes facts of a located relation at the node they name', () => {
    const text = 'table t(@n: addr, x: int); t("n1", 1); t("n2", 2);';
    const node = startNode(text, {
      name: 'n2',
      cluster: ['n1', 'n2'],
      facts: {
        t: [
          ['n2', 7],
          ['n1', 8],
        ],
      },
    });
    node.commit();
    expect(node.query('t')).toEqual(['t("n2", 2)', 't("n2", 7)']);
  });

  it('stores an event that names a table, visible at once', () => {
    const text =
      'table t(@n: addr, x: int); scratch s(x: int); s(x) :- t(_, x); input i(x: int, n: addr); t(n, x)@async :- i(x, n);';
    const node = startNode(text, { cluster: ['n1', 'n2'] });
    node.commit();
    const sent = node.commit({
      i: [
        [1, 'n2'],
        [2, 'n1'],
      ],
    });
    expect(texts(sent.sends)).toEqual(['t("n1", 2)', 't("n2", 1)']);
    expect(sent.stateChanged).toBe(false);
    const received = node.commit({ t: [['n1', 2]] });
    expect(received.stateChanged).toBe(true);
    expect(node.query('s')).toEqual(['s(2)']);
    node.commit();
    expect(node.query('t')).toEqual(['t("n1", 2)']);
  });
});

describe('the commit', () => {
  const text = `
    table kv(key: string => value: int);
    input put(key: string, value: int);
    input gone(key: string);
    input later(key: string, value: int);
    input also(key: string, value: int);
    upsert kv(k, v) :- put(k, v);
    delete kv(k, _) :- gone(k);
    kv(k, v)@next :- later(k, v);
    kv(k, v) :- also(k, v);
  `;
  const started = (): ReturnType<typeof startNode> => {
    const node = startNode(text);
    node.commit();
    node.commit({ put: [['a', 1]] });
    return node;
  };

  it('applies an upsert from the next timestep on', () => {
    const node = started();
    expect(node.query('kv')).toEqual(['kv("a", 1)']);
    node.commit({
      put: [
        ['a', 2],
        ['b', 1],
      ],
    });
    expect(node.query('kv')).toEqual(['kv("a", 2)', 'kv("b", 1)']);
  });

  it('lets `delete` beat a deductive head', () => {
    const node = started();
    node.commit({ also: [['b', 1]], gone: [['b'], ['a']] });
    expect(node.query('kv')).toEqual([]);
  });

  it('lets `@next` and `upsert` beat `delete`', () => {
    const node = started();
    node.commit({ later: [['a', 5]], put: [['b', 6]], gone: [['a'], ['b']] });
    expect(node.query('kv')).toEqual(['kv("a", 5)', 'kv("b", 6)']);
  });

  it('lets an upsert replace what is derived in the same timestep', () => {
    const node = started();
    node.commit({ also: [['b', 1]], put: [['b', 2]] });
    expect(node.query('kv')).toEqual(['kv("a", 1)', 'kv("b", 2)']);
  });

  it.each([
    [
      'two upserts of one key',
      {
        put: [
          ['c', 1],
          ['c', 2],
        ],
      },
    ],
    ['an upsert and an `@next` of one key', { put: [['c', 1]], later: [['c', 2]] }],
    ['an `@next` and a stored tuple', { later: [['a', 2]] }],
    [
      'two `@next` of one key',
      {
        later: [
          ['c', 1],
          ['c', 2],
        ],
      },
    ],
    ['an `@next` and a tuple derived now', { later: [['c', 1]], also: [['c', 2]] }],
  ])('refuses %s', (_, events) => {
    const node = started();
    const { diagnostic, bound } = node.fail(events);
    expect([diagnostic.code, bound]).toEqual(['TRL0807', false]);
    expect(node.query('kv')).toEqual(['kv("a", 1)']);
  });

  it('accepts what agrees', () => {
    const node = started();
    const again = node.commit({ put: [['a', 1]], later: [['a', 1]], also: [['a', 1]] });
    expect(again.stateChanged).toBe(false);
    expect(node.query('kv')).toEqual(['kv("a", 1)']);
  });

  it('sees no change where a tuple is deleted and comes back', () => {
    const node = started();
    expect(node.commit({ gone: [['a']], later: [['a', 1]] }).stateChanged).toBe(false);
    expect(node.commit({ gone: [['a']] }).stateChanged).toBe(true);
  });

  it('names both tuples and their rules', () => {
    const { diagnostic } = started().fail({ put: [['c', 1]], later: [['c', 2]] });
    expect(diagnostic.message).toBe(
      'key conflict in kv from the next timestep on: kv("c", 1) and kv("c", 2); they agree on the key (key)',
    );
    expect(diagnostic.notes?.slice(0, 2)).toEqual([
      'kv("c", 1): upserted by rule kv#1',
      'kv("c", 2): derived for the next timestep by rule kv#3',
    ]);
    expect(diagnostic.secondary).toHaveLength(2);
  });

  it('deletes by any columns', () => {
    const node = startNode(
      'table t(x: int, y: int); t(1, 1); t(1, 2); t(2, 2); input i(y: int); delete t(_, y) :- i(y); input clear(x: int); delete t(_, _) :- clear(_);',
    );
    node.commit();
    node.commit({ i: [[2]] });
    expect(node.query('t')).toEqual(['t(1, 1)']);
    node.commit({ clear: [[0]] });
    expect(node.query('t')).toEqual([]);
  });
});

describe('snapshots', () => {
  it('restore tables, statics and what has been released', () => {
    const text = 'table t(x: int); input i(x: int); t(x) :- i(x); output o(x: int); o(x) :- t(x);';
    const node = startNode(text);
    node.commit();
    node.commit({ i: [[1]] });
    const snapshot = node.evaluator.snapshot();
    node.commit({ i: [[2]] });
    expect(node.query('t')).toEqual(['t(1)', 't(2)']);
    node.evaluator.restore(snapshot);
    expect(node.query('t')).toEqual(['t(1)']);
    expect(node.query('o')).toEqual(['o(1)']);
    expect(texts(node.commit({ i: [[3]] }).released)).toEqual(['o(3)']);
  });
});
