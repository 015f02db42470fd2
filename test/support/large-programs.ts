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
  /** The same among tables, with a channel into each and an output of each: every channel feeds every output. */
  'shared ring': (rules) =>
    lines(
      rules / 4,
      (
        k,
      ) => `input i${k}(x: int, y: int); channel c${k}(@to: addr, x: int, y: int); table t${k}(x: int, y: int); output o${k}(x: int, n: int);
c${k}(n, x, y)@async :- i${k}(x, y), cluster(n); t${k}(x, y) :- c${k}(_, x, y); t${k}(x, y) :- t${k}(x, z), t${(k + 1) % Math.floor(rules / 4)}(z, y); o${k}(x, count<y>) :- t${k}(x, y);`,
    ),
  /** Many rules that each update one register, every one of them blamed. */
  'many updates of a table': (rules) => `table kv(k: int => v: int); output o(k: int, v: int);
o(k, v) :- kv(k, v);
${lines(rules, (k) => `input put${k}(k: int, v: int); upsert kv(k, v) :- put${k}(k, v);`)}`,
  /** Layers of ten relations, each of which reads all of the layer below. */
  'dense layers': (rules) => {
    const layer = (k: number): string =>
      lines(10, (to) => {
        const rows = Array.from(
          { length: 10 },
          (_, from) => `r${k}_${to}(x) :- r${k - 1}_${from}(x);`,
        );
        return `scratch r${k}_${to}(x: int); ${rows.join(' ')}`;
      });
    const inputs = lines(
      10,
      (k) => `input i${k}(x: int); table r0_${k}(x: int); r0_${k}(x) :- i${k}(x);`,
    );
    const outputs = lines(
      10,
      (k) =>
        `output o${k}(x: int); o${k}(x) :- r0_${k}(x), notin r${Math.floor(rules / 100)}_${k}(x);`,
    );
    return `${inputs}\n${lines(rules / 100, (k) => layer(k + 1))}\n${outputs}`;
  },
  /** Counts of counts: a stratum a rule. */
  'tower of aggregates': (
    rules,
  ) => `input i(k: int, x: int); table a(k: int, x: int); a(k, x) :- i(k, x);
scratch s0(k: int, x: int); s0(k, x) :- a(k, x);
${lines(rules / 2, (k) => `scratch s${k + 1}(k: int, n: int); s${k + 1}(k, count<x>) :- s${k}(k, x); output o${k}(k: int, n: int); o${k}(k, n) :- s${k + 1}(k, n);`)}`,
  /** Every module uses the one below it twice. */
  'modules in modules': (rules) => {
    const depth = Math.max(1, Math.round(Math.log2(rules / 5)));
    const module = (k: number): string =>
      k === 0
        ? `module M0 { input put(x: int); output got(x: int); table t(x: int); t(x) :- put(x); got(x) :- t(x); }`
        : `module M${k} { use M${k - 1} as a; use M${k - 1} as b; input put(x: int); output got(x: int); table gone(x: int); a.put(x) :- put(x); b.put(x) :- a.got(x); gone(x) :- put(x), x > ${k}; got(x) :- b.got(x), notin gone(x); }`;
    return `${lines(depth + 1, module)}
use M${depth} as m; input i(x: int); output o(x: int); m.put(x) :- i(x); o(x) :- m.got(x);`;
  },
  /** One module, used by many, each instance behind the one before. */
  'instances of a module': (
    rules,
  ) => `module Stage { input put(x: int); output got(x: int); view seen(n: int); table t(x: int); t(x) :- put(x); got(x) :- t(x); seen(count<x>) :- t(x); }
input i(x: int); use Stage as s0; s0.put(x) :- i(x);
${lines(rules / 5, (k) => `use Stage as s${k + 1}; output o${k}(n: int); s${k + 1}.put(x) :- s${k}.got(x); o${k}(n) :- s${k}.seen(n);`)}`,
};
