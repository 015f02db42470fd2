/** What the analysis proves of programs with lattices, and what it must not. */
import { describe, expect, it } from 'vitest';
import { compileSound } from '../../support/compile-text.js';

const base = `channel gossip(@to: addr, key: string => seen: lset<addr>);
  channel vote(@to: addr, voter: addr);
  input start(key: string);
  table known(key: string => seen: lset<addr>);
  lattice all: lset<addr>;
  known(k, {n}) :- start(k), self(n);
  known(k, s) :- gossip(_, k, s);
  gossip(p, k, s)@async :- known(k, s), cluster(p);
  all({v}) :- vote(_, v);
  vote(p, me)@async :- start(_), cluster(p), self(me);`;

function verdictOf(rules: string): string {
  const { confluence } = compileSound(`${base}\n${rules}`);
  const o = confluence.observables.find(({ relation }) => relation === 'o')!;
  return `${o.verdict}${o.blame.length === 0 ? '' : `: ${o.blame[0]!.reason}`}`;
}

describe('is confluent', () => {
  it.each([
    ['a threshold of a stored lattice', 'output o(k: string); o(k) :- known(k, s), s.size() >= 2;'],
    [
      'a threshold of one value',
      'output o(b: bool); o(true) :- all(s), s.size() >= 2, s.contains("n1");',
    ],
    [
      'a lattice that passes through a lattice',
      'table t(k: string => n: lmax<int>); t(k, s.size()) :- known(k, s); output o(k: string); o(k) :- t(k, n), n >= 3;',
    ],
    [
      'the elements of a stored set',
      'output o(k: string, n: addr); o(k, n) :- known(k, s), n in s;',
    ],
    [
      'a morphism of what arrives',
      'output o(k: string); o(k) :- gossip(_, k, s), s.contains("n1");',
    ],
    [
      'the elements of what arrives',
      'output o(k: string, n: addr); o(k, n) :- gossip(_, k, s), n in s;',
    ],
    ['the keys alone', 'output o(k: string); o(k) :- known(k, _);'],
    [
      'a greatest value of a growing set, kept where only a greater one replaces it',
      'table e(k: string, n: int); e(k, 1) :- start(k); table t(k: string => n: lmax<int>); t(k, max<n>) :- e(k, n); output o(k: string); o(k) :- t(k, n), n >= 1;',
    ],
    [
      'a revealed value of what is static',
      'static e(n: int); e(1); lattice m: lmax<int>; scratch s(=> v: lmax<int>); s(n) :- e(n); output o(n: int); o(v) :- s(v);',
    ],
  ])('%s', (_, rules) => {
    expect(verdictOf(rules)).toBe('confluent');
  });
});

describe('is not confluent', () => {
  it.each([
    [
      'a revealed value',
      'output o(n: int); o(s.size()) :- all(s);',
      'convergent: reveals-growing-lattice',
    ],
    [
      'a comparison the other way',
      'output o(k: string); o(k) :- known(k, s), s.size() <= 2;',
      'convergent: reveals-growing-lattice',
    ],
    [
      'an antitone method',
      'output o(k: string); o(k) :- known(k, s), s.is_empty();',
      'convergent: reveals-growing-lattice',
    ],
    [
      'an absent element',
      'output o(k: string); o(k) :- known(k, s), "n1" notin s;',
      'convergent: reveals-growing-lattice',
    ],
    [
      'a lattice column that is shown',
      'output o(k: string => s: lset<addr>); o(k, s) :- known(k, s);',
      'convergent: reveals-growing-lattice',
    ],
    [
      'an absent key',
      'output o(k: string); input q(k: string); table a(k: string); a(k) :- q(k); o(k) :- a(k), notin known(k, _);',
      'convergent: negates-growing-set',
    ],
    [
      'a revealed value that is kept',
      'table t(n: int); t(s.size()) :- all(s); output o(n: int); o(n) :- t(n);',
      'divergent: samples-unfinished-set',
    ],
    [
      'a threshold over what shares a timestep',
      'output o(k: string); o(k) :- gossip(_, k, s), s.size() >= 2;',
      'divergent: aggregates-events',
    ],
    [
      'two morphisms of what shares a timestep',
      'output o(k: string); o(k) :- gossip(_, k, s), s.contains("a"), s.contains("b");',
      'divergent: aggregates-events',
    ],
    [
      'what is guarded by a part and keeps the whole',
      'table t(k: string => s: lset<addr>); t(k, s) :- gossip(_, k, s), s.contains("a"); output o(k: string); o(k) :- t(k, s), s.contains("b");',
      'divergent: aggregates-events',
    ],
    [
      'a count that goes into a lattice from events',
      'table t(k: string => n: lmax<int>); t("x", count<v>) :- vote(_, v); output o(k: string); o(k) :- t(k, n), n >= 2;',
      'divergent: aggregates-events',
    ],
    [
      'a table from which keys are deleted',
      'table t(k: string => n: lmax<int>); t(k, 1) :- start(k); delete t(k, _) :- gossip(_, k, _); output o(k: string); o(k) :- t(k, n), n >= 1;',
      'divergent: deletes',
    ],
    [
      'a table in which values are replaced',
      'table t(k: string => n: lmax<int>); upsert t(k, 1) :- start(k); output o(k: string); o(k) :- t(k, n), n >= 1;',
      'divergent: overwrites',
    ],
    [
      'a counter that duplicates would count',
      'table t(k: string => n: lmax<int>); t("x", 0) :- boot(_); t(k, n + 1)@next :- vote(_, _), t(k, n); output o(k: string); o(k) :- t(k, n), n >= 3;',
      'divergent: half-guarded-join',
    ],
    [
      'a non-monotone method',
      'table r(k: string => d: ldom<lvclock, lset<int>>); r(k, ldom(lvclock({me: 1}), lset({1}))) :- start(k), self(me); output o(k: string); o(k) :- r(k, d), d.payload().contains(1);',
      'convergent: reveals-growing-lattice',
    ],
  ])('%s', (_, rules, verdict) => {
    expect(verdictOf(rules)).toBe(verdict);
  });
  it('which a view may show all the same', () => {
    expect(verdictOf('view o(n: int); o(s.size()) :- all(s);')).toBe(
      'convergent: reveals-growing-lattice',
    );
  });
});
