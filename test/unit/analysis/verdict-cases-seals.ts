/** Verdict cases about seals: keys that close what a literal reads, and keys that do not. */
import { confluent, convergent } from './verdict-cases.js';
import type { VerdictCase } from './verdict-cases.js';

const open = (why: string, text: string): VerdictCase =>
  convergent(why, text, { met: false, mechanism: 'seal' });

const counted = 'output p(s: string, n: int); ';
const sharded =
  'input a(s: string, x: int); input done(h: int); channel c(@to: addr, h: int, s: string, x: int); table k(s: string, x: int); k(s, x) :- c(_, _, s, x); seal c on (h) when done(h); ' +
  counted;
const lined =
  'input a(s: string, x: int); input done(r: string); table line(s: string, x: int, r: string); seal line on (r) when done(r); ' +
  counted;

const kept =
  'input a(s: string, x: int); input done(s: string); table k(s: string, x: int); k(s, x) :- a(s, x); seal a on (s) when done(s); ';
/** The first blame may be another one where the open set itself is stored. */
const unkeyed = (why: string, text: string): VerdictCase => ({
  why,
  text,
  verdict: 'divergent',
  met: false,
});

export const sealCases: readonly VerdictCase[] = [
  confluent(
    'a seal of shards closes what the same function puts into them',
    `${sharded}c(n, h, s, x)@async :- a(s, x), h = size(s) % 4, cluster(n); p(s, count<x>) :- k(s, x), h = size(s) % 4, sealed c(h);`,
  ),
  open(
    'not what another one would',
    `${sharded}c(n, h, s, x)@async :- a(s, x), h = size(s) % 4, cluster(n); p(s, count<x>) :- k(s, x), h = size(s) % 5, sealed c(h);`,
  ),
  open(
    'nor what another rule puts there too',
    `${sharded}input b(s: string, x: int, h: int); c(n, h, s, x)@async :- a(s, x), h = size(s) % 4, cluster(n); c(n, h, s, x)@async :- b(s, x, h), cluster(n); p(s, count<x>) :- k(s, x), h = size(s) % 4, sealed c(h);`,
  ),
  open(
    'nor what the sender has looked up, perhaps in a table of its own',
    `${sharded}static home(s: string => h: int); c(n, h, s, x)@async :- a(s, x), home(s, h), cluster(n); p(s, count<x>) :- k(s, x), home(s, h), sealed c(h);`,
  ),
  confluent(
    'a lookup under one key at one node gives one value',
    `${lined}static home(s: string => r: string); line(s, x, r) :- a(s, x), home(s, r); p(s, count<x>) :- home(s, r), sealed line(r), line(s, x, _);`,
  ),
  open(
    'without the key it need not',
    `${lined}static home(s: string, r: string); line(s, x, r) :- a(s, x), home(s, r); p(s, count<x>) :- home(s, r), sealed line(r), line(s, x, _);`,
  ),
  confluent(
    'a table keeps to its key as long as nothing is taken out',
    `${lined}table home(s: string => r: string); home("s", "r"); line(s, x, r)@next :- kept(s, x), home(s, r); table kept(s: string, x: int); kept(s, x) :- a(s, x); p(s, count<x>) :- home(s, r), sealed line(r), line(s, x, _);`,
  ),
  confluent(
    'a constant says which part is meant',
    `input a(kind: string, s: string, x: int); input done(kind: string); table k(s: string, x: int); k(s, x) :- a("sale", s, x); seal a on (kind) when done(kind); ${counted}p(s, count<x>) :- k(s, x), t = "sale", sealed a(t);`,
  ),
  open(
    'and which is not',
    `input a(kind: string, s: string, x: int); input done(kind: string); table k(s: string, x: int); k(s, x) :- a("sale", s, x); seal a on (kind) when done(kind); ${counted}p(s, count<x>) :- k(s, x), t = "loss", sealed a(t);`,
  ),
  confluent(
    'a key made of two columns closes both together',
    `input a(s: string, x: int); input done(k: (string, int)); channel c(@to: addr, k: (string, int)); table t(s: string, x: int); t(s, x) :- c(_, k), (s, x) = k; c(n, k)@async :- a(s, x), k = (s, x), cluster(n); seal c on (k) when done(k); static want(s: string, x: int); output p(s: string, x: int); p(s, x) :- want(s, x), k = (s, x), sealed c(k), notin t(s, x);`,
  ),
  confluent(
    'through a scratch and a table that keeps what it takes',
    `input a(s: string, x: int); input done(s: string); scratch big(s: string, x: int); table k(s: string, x: int); big(s, x) :- a(s, x), x > 9; k(s, x) :- big(s, x); seal a on (s) when done(s); ${counted}p(s, count<x>) :- k(s, x), sealed a(s);`,
  ),
  open(
    'not if the table takes something else, too',
    `input a(s: string, x: int); input b(s: string, x: int); input done(s: string); table k(s: string, x: int); k(s, x) :- a(s, x); k(s, x) :- b(s, x); seal a on (s) when done(s); ${counted}p(s, count<x>) :- k(s, x), sealed a(s);`,
  ),
  open(
    'a recursion leaves the part',
    `input a(s: string, t: string); input done(s: string); table k(s: string, t: string); k(s, t) :- a(s, t); scratch r(s: string, t: string); r(s, t) :- k(s, t); r(s, u) :- r(s, t), k(t, u); seal a on (s) when done(s); ${counted}p(s, count<t>) :- r(s, t), sealed a(s);`,
  ),
  confluent(
    'unless the whole is sealed',
    `input a(s: string, t: string); input done(); table k(s: string, t: string); k(s, t) :- a(s, t); scratch two(s: string, u: string); two(s, u) :- k(s, t), k(t, u); seal a when done(); ${counted}p(s, count<t>) :- two(s, t), sealed a();`,
  ),
  confluent(
    'what is counted once and for all has a key',
    `${kept}table bill(s: string => n: int); bill(s, count<x>) :- k(s, x), sealed a(s); ${counted}p(s, n) :- bill(s, n);`,
  ),
  confluent(
    'also by way of what counts without waiting',
    `${kept}scratch so_far(s: string, n: int); so_far(s, sum<x>) :- k(s, x); table bill(s: string => n: int); bill(s, n)@next :- so_far(s, n), sealed a(s); ${counted}p(s, n) :- bill(s, n);`,
  ),
  unkeyed(
    'not what is counted again with each further part',
    `${kept}table bill(x: int => n: int); bill(x, count<s>) :- k(s, x), sealed a(s); output p(x: int, n: int); p(x, n) :- bill(x, n);`,
  ),
  unkeyed(
    'nor what a part has several of',
    `${kept}table bill(s: string => n: int); bill(s, x) :- k(s, x), sealed a(s); ${counted}p(s, n) :- bill(s, n);`,
  ),
  unkeyed(
    'nor what is counted with something that stays open',
    `${kept}input b(x: int); table kb(x: int); kb(x) :- b(x); table bill(s: string => n: int); bill(s, count<x>) :- k(s, x), sealed a(s), kb(x); ${counted}p(s, n) :- bill(s, n);`,
  ),
];
