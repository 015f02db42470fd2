/** Timesteps that fail, and what they take with them. */
import { confluent, convergent, divergent, kept, out, sent } from './verdict-cases.js';
import type { VerdictCase } from './verdict-cases.js';

/** A table for which inputs race. */
const raced = 'input j(k: int, v: int); table r(k: int => v: int); r(k, v) :- j(k, v); ';

export const failureCases: readonly VerdictCase[] = [
  // ---- sequences that a failing timestep breaks ----
  divergent(
    'a chain through next steps, beside a delayed rule that fails by a race',
    `input a(x: int); input b(x: int); scratch tick(n: int); tick(0); tick(n + 1)@next :- tick(n), n < 20; table at(n: int); at(n) :- tick(n); output p(n: int); p(n) :- at(n); scratch bad(x: int); bad(x)@next :- a(x), b(x); scratch e(x: int); e(10 / (x - 3)) :- bad(x);`,
    'failing-timestep',
  ),
  divergent(
    'or beside one that fails by its data alone',
    `input a(x: int); scratch tick(n: int); tick(0); tick(n + 1)@next :- tick(n), n < 20; table at(n: int); at(n) :- tick(n); output p(n: int); p(n) :- at(n); scratch d(x: int); d(x)@next :- a(x); scratch e(x: int); e(10 / (x - 3)) :- d(x);`,
    'failing-timestep',
  ),
  confluent(
    'a chain beside a rule that fails without any delay',
    `input a(x: int); scratch tick(n: int); tick(0); tick(n + 1)@next :- tick(n), n < 20; table at(n: int); at(n) :- tick(n); output p(n: int); p(n) :- at(n); scratch e(x: int); e(10 / (x - 3)) :- a(x);`,
  ),

  // ---- timesteps that fail by their data ----
  confluent(
    'what fails on one input is missing in every run',
    `${kept}scratch e(x: int); e(x) :- a(x), x < 9; ${out}p(10 / x) :- e(x);`,
  ),
  divergent(
    'a message is left out with what was sent along',
    `${sent}${out}p(10 / x) :- c(_, x);`,
    'failing-timestep',
  ),
  confluent('unless a guard keeps it from failing', `${sent}${out}p(10 / x) :- c(_, x), x != 0;`),
  confluent(
    'or from what a column refuses',
    `${sent}table n(x: nat); n(x + 1) :- c(_, x), x >= 0; output p(x: nat); p(x) :- n(x);`,
  ),
  divergent(
    'of two inputs that fail together the last is left out',
    `${kept}scratch e(x: int); e(10 / x) :- ka(x), kb(x); ${out}p(x) :- ka(x);`,
    'failing-timestep',
  ),
  convergent(
    'a map of rows with one value a key does not fail',
    `input put(k: string, s: int); table r(k: string => b: int); scratch newest(k: string, b: int); scratch stale(k: string, b: int); newest(k, max<s>) :- put(k, s); stale(k, b) :- newest(k, b), r(k, old), old >= b; upsert r(k, b) :- newest(k, b), notin stale(k, b); view p(m: map<string, int>); p(map<k, b>) :- r(k, b);`,
  ),
  divergent(
    'one of rows that may disagree does',
    `${kept}view p(m: map<int, int>); p(map<y, x>) :- ka(x), y = x % 2, notin kb(x);`,
    'failing-timestep',
  ),

  // ---- what a race may cost, and what it leaves alone ----
  confluent(
    'inputs that race for a key cost no other input',
    `${raced}${kept}${out}p(x) :- ka(x);`,
  ),
  confluent(
    'nor an answer to another input',
    `${raced}input a(x: int); channel c(@to: addr, x: int); c(n, x)@async :- a(x), cluster(n); ${out}p(x) :- c(_, x);`,
  ),
  divergent(
    'but what comes of them',
    `${raced}table seen(k: int); seen(k) :- j(k, _); ${out}p(k) :- seen(k);`,
    'failing-timestep',
  ),
  divergent(
    'a race among messages costs all messages',
    `input j(k: int, v: int); channel d(@to: addr, k: int, v: int); d(n, k, v)@async :- j(k, v), cluster(n); table r(k: int => v: int); r(k, v) :- d(_, k, v); ${sent}${out}p(x) :- c(_, x);`,
    'failing-timestep',
  ),
  confluent(
    'and no input where it arrives',
    `input j(k: int, v: int); channel d(@to: addr, k: int, v: int); d(n, k, v)@async :- j(k, v), cluster(n); table r(k: int => v: int); r(k, v) :- d(_, k, v); ${kept}${out}p(x) :- ka(x);`,
  ),
  confluent(
    'a race over what is stored costs those that are stored',
    `input j(k: int, v: int); table t(k: int, v: int); t(k, v) :- j(k, v); scratch r(k: int => v: int); r(k, v) :- t(k, v); ${kept}${out}p(x) :- ka(x);`,
  ),
  divergent(
    'but if it is stored for the next timestep, whatever comes then',
    `input j(k: int, v: int); table t(k: int, v: int); t(k, v)@next :- j(k, v); scratch r(k: int => v: int); r(k, v) :- t(k, v); ${kept}${out}p(x) :- ka(x);`,
    'failing-timestep',
  ),
  divergent(
    'or if an update is at odds with what is derived again and again',
    `input j(k: int, v: int); input i(k: int, v: int); table t(k: int, v: int); t(k, v) :- i(k, v); table r(k: int => v: int); r(k, v) :- t(k, v); upsert r(k, v) :- j(k, v); ${kept}${out}p(x) :- ka(x);`,
    'failing-timestep',
  ),
  divergent(
    'or if it is the absence of an event that lets it fail',
    `input j(k: int, v: int); input i(k: int); table t(k: int, v: int); t(k, v) :- j(k, v); scratch r(k: int => v: int); r(k, v) :- t(k, v), notin i(k); ${kept}${out}p(x) :- ka(x);`,
    'failing-timestep',
  ),
  divergent(
    'or the time of day',
    `input j(k: int); table t(k: int); t(k) :- j(k); scratch e(x: int); e(10 / (k - ms)) :- t(k), now(ms); ${kept}${out}p(x) :- ka(x);`,
    'failing-timestep',
  ),
  divergent(
    'or what an input left for the next timestep',
    `input j(k: int, v: int); scratch n(k: int, v: int); n(k, v)@next :- j(k, v); table r(k: int => v: int); r(k, v) :- n(k, v); ${kept}${out}p(x) :- ka(x);`,
    'failing-timestep',
  ),
];
