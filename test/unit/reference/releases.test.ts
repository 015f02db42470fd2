/** What a committed timestep lets go: outputs, views, `@async` tuples, the halt code. */
import { describe, expect, it } from 'vitest';
import { startNode, texts } from '../../support/reference-node.js';

describe('outputs', () => {
  it('that depend on an event are released whenever they hold', () => {
    const node = startNode('input i(x: int); output o(x: int); o(x) :- i(x);');
    node.commit();
    expect(texts(node.commit({ i: [[2], [1]] }).released)).toEqual(['o(1)', 'o(2)']);
    expect(texts(node.commit({ i: [[1]] }).released)).toEqual(['o(1)']);
    expect(texts(node.commit().released)).toEqual([]);
  });

  it('that stand are released when they begin to hold', () => {
    const text =
      'table t(x: int); input i(x: int); input gone(x: int); t(x) :- i(x); delete t(x) :- gone(x); output o(x: int); o(x) :- t(x);';
    const node = startNode(text);
    node.commit();
    expect(texts(node.commit({ i: [[1]] }).released)).toEqual(['o(1)']);
    expect(texts(node.commit({ i: [[2]] }).released)).toEqual(['o(2)']);
    expect(texts(node.commit({ gone: [[1]] }).released)).toEqual([]);
    expect(texts(node.commit().released)).toEqual([]);
    expect(texts(node.commit({ i: [[1]] }).released)).toEqual(['o(1)']);
  });

  it('of one timestep come in the order of their names and values', () => {
    const node = startNode(
      'input i(x: string); output b(x: string); output a(x: string); b(x) :- i(x); a(x) :- i(x);',
    );
    node.commit();
    expect(texts(node.commit({ i: [['z'], ['B'], ['a']] }).released)).toEqual([
      'a("B")',
      'a("a")',
      'a("z")',
      'b("B")',
      'b("a")',
      'b("z")',
    ]);
  });

  it('to standard output are ordinary outputs', () => {
    const node = startNode('stdout("hello " ++ line) :- stdin(line); stderr(line) :- stdin(line);');
    node.commit();
    expect(texts(node.commit({ stdin: [['you']] }).released)).toEqual([
      'stderr("you")',
      'stdout("hello you")',
    ]);
  });
});

describe('views', () => {
  it('give what came and what went against the last commit', () => {
    const text =
      'input i(k: string, x: int); table t(k: string => x: int); upsert t(k, x) :- i(k, x); view v(k: string, x: int); v(k, x) :- t(k, x);';
    const node = startNode(text);
    node.commit();
    node.commit({ i: [['a', 1]] });
    expect(node.commit().viewChanges).toEqual([{ relation: 'v', added: [['a', 1]], removed: [] }]);
    expect(node.commit({ i: [['a', 2]] }).viewChanges).toEqual([]);
    expect(node.commit().viewChanges).toEqual([
      { relation: 'v', added: [['a', 2]], removed: [['a', 1]] },
    ]);
    expect(node.commit().viewChanges).toEqual([]);
  });
});

describe('sends', () => {
  it('of a rule with an event leave every time', () => {
    const node = startNode(
      'input i(to: addr, x: int); channel c(@to: addr, x: int); c(n, x)@async :- i(n, x);',
      { cluster: ['n1', 'n2'] },
    );
    node.commit();
    expect(texts(node.commit({ i: [['n2', 1]] }).sends)).toEqual(['c("n2", 1)']);
    expect(texts(node.commit({ i: [['n2', 1]] }).sends)).toEqual(['c("n2", 1)']);
  });

  it('of a standing rule leave when they begin to hold', () => {
    const text = `
      static peer(n: addr); peer("n1"); peer("n2");
      table t(x: int); input i(x: int); t(x) :- i(x);
      channel c(@to: addr, x: int); c(n, x)@async :- peer(n), t(x);
    `;
    const node = startNode(text, { cluster: ['n1', 'n2'] });
    node.commit();
    expect(texts(node.commit({ i: [[1]] }).sends)).toEqual(['c("n1", 1)', 'c("n2", 1)']);
    expect(node.commit().sends).toEqual([]);
    expect(texts(node.commit({ i: [[2]] }).sends)).toEqual(['c("n1", 2)', 'c("n2", 2)']);
  });

  it('of statics leave once', () => {
    const node = startNode(
      'static peer(n: addr); peer("n2"); channel c(@to: addr); c(n)@async :- peer(n);',
      { cluster: ['n1', 'n2'] },
    );
    expect(texts(node.commit().sends)).toEqual(['c("n2")']);
    expect(node.commit().sends).toEqual([]);
  });

  it('are judged rule by rule', () => {
    const text = `
      static peer(n: addr); peer("n2"); input i(n: addr); channel c(@to: addr);
      c(n)@async :- peer(n); c(n)@async :- i(n);
    `;
    const node = startNode(text, { cluster: ['n1', 'n2'] });
    expect(texts(node.commit().sends)).toEqual(['c("n2")']);
    expect(texts(node.commit({ i: [['n2']] }).sends)).toEqual(['c("n2")']);
  });

  it('to a loopback come back as events', () => {
    const node = startNode(
      'input i(x: int); loopback l(x: int); l(x)@async :- i(x); output o(x: int); o(x) :- l(x);',
    );
    node.commit();
    const { sends } = node.commit({ i: [[1]] });
    expect(texts(sends)).toEqual(['l(1)']);
    expect(texts(node.commit({ l: sends[0]!.rows }).released)).toEqual(['o(1)']);
  });
});

describe('halt', () => {
  it('gives the largest code, and none otherwise', () => {
    const node = startNode('input i(x: int); halt(x) :- i(x);');
    expect(node.commit().halt).toBeNull();
    expect(node.commit({ i: [[2], [10], [0]] }).halt).toBe(10);
    expect(node.commit({ i: [[0]] }).halt).toBe(0);
  });
});
