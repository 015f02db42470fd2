/**
 * Random small programs of the vocabulary of `random-analysis-programs.ts` that mostly need an order:
 * all nodes are told what is put in at one, and do with it what depends on who was first.
 */
import { Prng } from '../../src/base/prng.js';
import { addLive, pick, randomInputs, withDerived } from './random-analysis-programs.js';
import type { AnalysisCase } from './random-analysis-programs.js';

const told = ['c(to, x, y)@async :- i(x, y), peer(to);', 'd(to, x, y)@async :- j(x, y), peer(to);'];

/** What replicas do with the messages that all of them get. */
const replicaRules = [
  'upsert k(x, y) :- c(_, x, y);',
  'upsert k(x, y) :- d(_, x, y);',
  'upsert k(x, y + 1) :- k(x, y), c(_, x, _);',
  'upsert k(y, x) :- n(x, y);',
  'k(x, min<y>)@next :- t(x, y), notin k(x, _);',
  'k(x, y) :- c(_, x, y);',
  't(x, y) :- c(_, x, y);',
  't(x, y) :- d(_, x, y);',
  't(x, y) :- c(_, x, y), notin u(_, y);',
  't(x, y)@next :- u(x, y), notin k(x, _);',
  'u(x, y)@next :- c(_, x, y);',
  'u(x, y) :- d(_, x, y), t(x, _);',
  'u(x, y) :- m(x, y), t(x, _);',
  'u(x, count<y>)@next :- t(x, y);',
  'n(x, y)@next :- c(_, x, y);',
  'm(x, y)@next :- n(x, y);',
  'q(x, y) :- c(_, x, y);',
  'q(x, count<y>) :- t(x, y);',
  'all({x}) :- c(_, x, _);',
  'low(y) :- d(_, _, y);',
  'delete t(x, _) :- c(_, _, x);',
  'delete t(x, y) :- d(_, x, y);',
  'delete u(x, y) :- n(x, y);',
  'delete k(x, _) :- d(_, x, _);',
  'delete q(x, _) :- d(_, x, _);',
];

/** What may race beside a log, or make replicas differ under it. */
const hazards = [
  'u(x, y) :- j(x, y);',
  't(x, y) :- i(x, y);',
  'u(x, y) :- l(x, y);',
  'l(x, y)@async :- t(x, y);',
  'n(x, 2 / (y - 1)) :- c(_, x, y);',
  'm(x, 2 / y)@next :- n(x, y);',
  'm(x, y) :- c(_, x, y), self("n1");',
  'u(x, y) :- t(x, y), tick(_, _);',
  'd("n1", x, y)@async :- c(_, x, y);',
  'w(to, x, y)@async :- i(x, y), peer(to);',
  'u(x, y) :- w(_, x, y);',
  'm(x, 1 - y)@next :- m(x, y);',
];

/** A case that is a function of the seed; the checker of programs may refuse it. */
export function orderedCase(seed: number): AnalysisCase {
  const prng = new Prng(seed).fork('orders');
  const below = prng.chance(0.4) ? [...told] : [told[0]!];
  for (let more = prng.int(1, 4); more > 0; more--) addLive(prng, below, replicaRules);
  if (prng.chance(0.4)) addLive(prng, below, hazards);
  const clauses = withDerived(prng, below, { isSmall: prng.chance(0.7), isPlain: false });
  const nodes = ['n1', 'n2', 'n3'].slice(0, pick(prng, [2, 2, 2, 2, 2, 3]));
  const inputs = randomInputs(prng.fork('inputs'), nodes, clauses);
  return { nodes, clauses, inputs };
}
