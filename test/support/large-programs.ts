/** Large programs of a given number of rules, for curves: what grows differs from shape to shape. */

const lines = (count: number, line: (k: number) => string): string =>
  Array.from({ length: count }, (_, k) => line(k)).join('\n');

export const shapes: Readonly<Record<string, (rules: number) => string>> = {
  /** Tables behind one another, each read by an output, each latching a difference. */
  'latched chain': (rules) => `input i(x: int); table t0(x: int); t0(x) :- i(x);
${lines(rules / 2, (k) => `table t${k + 1}(x: int); output o${k}(x: int); o${k}(x) :- t${k}(x); t${k + 1}(x) :- t${k}(x)${k < 2 ? '' : `, notin t${k - 1}(x)`};`)}`,
  /** One long stateless cone above a negation, shown at every height. */
  'deep cone': (rules) => `input i(x: int); input j(x: int); table a(x: int); table b(x: int);
a(x) :- i(x); b(x) :- j(x); scratch s0(x: int); s0(x) :- a(x), notin b(x);
${lines(rules / 2, (k) => `scratch s${k + 1}(x: int); view v${k}(x: int); s${k + 1}(x) :- s${k}(x); v${k}(x) :- s${k}(x);`)}`,
  /** Many inputs into one table that many outputs read. */
  'wide hub': (rules) => `table hub(k: int, x: int);
${lines(rules / 2, (k) => `input i${k}(x: int); output o${k}(x: int); hub(${k}, x) :- i${k}(x); o${k}(x) :- hub(${k}, x), notin hub(${k + 1}, x);`)}`,
  /** Many rules for one head. */
  'many rules of a head': (
    rules,
  ) => `input i(k: int, x: int); table t(k: int, x: int); output o(k: int, x: int);
t(k, x) :- i(k, x); ${lines(rules, (k) => `o(k, x) :- t(k, x), x > ${k};`)}`,
  /** Independent services: channels, tables, a join with an event, an overwrite. */
  services: (rules) =>
    lines(
      rules / 5,
      (
        k,
      ) => `input put${k}(k: int, v: int); channel c${k}(@to: addr, k: int, v: int); table kv${k}(k: int => v: int); table log${k}(k: int, v: int); output o${k}(k: int, v: int); view w${k}(k: int, n: int);
c${k}(n, k, v)@async :- put${k}(k, v), cluster(n); upsert kv${k}(k, v) :- c${k}(_, k, v); log${k}(k, v) :- c${k}(_, k, v); o${k}(k, v) :- c${k}(_, k, v), log${k}(k, v), kv${k}(k, _); w${k}(k, count<v>) :- log${k}(k, v);`,
    ),
  /** One ring of channels in which everything depends on everything. */
  ring: (rules) =>
    `input i(x: int); output o(x: int); o(x) :- t0(x); t0(x) :- i(x);
${lines(rules / 2, (k) => `channel c${k}(@to: addr, x: int); table t${k}(x: int); c${k}(n, x)@async :- t${k}(x), cluster(n); t${(k + 1) % Math.floor(rules / 2)}(x) :- c${k}(_, x);`)}`,
};
