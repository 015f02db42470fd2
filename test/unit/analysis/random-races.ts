/**
 * Random small distributed programs, as text, for holding verdicts against runs: inputs, a channel
 * that fans out, a loopback, a timer, tables with updates, negation, aggregates and bounds on them.
 * Values are small, so that joins meet and races show. Every relation that is read has a rule.
 */
import { Prng } from '../../../src/base/prng.js';

const declarations = [
  'input i(x: int, y: int);',
  'input j(x: int, y: int);',
  'static s(x: int, y: int);',
  'static peer(n: addr);',
  'channel c(@to: addr, x: int, y: int);',
  'loopback l(x: int, y: int);',
  'periodic tick(50ms);',
  'table t(x: int, y: int);',
  'table u(x: int, y: int);',
  'table k(x: int => y: int);',
  'table g(@at: addr, x: int, y: int); g("n1", 0, 1); g("n2", 1, 1);',
  ...['a', 'b', 'n', 'm'].map((name) => `scratch ${name}(x: int, y: int);`),
  'scratch h(x: int => y: int);',
  'output o(x: int, y: int);',
  'view v(x: int, y: int);',
  's(0, 1); s(1, 1); s(1, 2);',
  'peer("n1"); peer("n2");',
];
/** What replicas do with the messages that all of them get. */
const replicaRules = [
  't(x, y) :- c(_, x, y);',
  'u(x, y)@next :- c(_, x, y);',
  'n(x, y)@next :- c(_, x, y);',
  'm(x, y)@next :- n(x, y);',
  'u(x, y) :- m(x, y), t(x, _);',
  'upsert k(x, y) :- c(_, x, y);',
  'k(x, min<y>)@next :- t(x, y), notin k(x, _);',
  'delete t(x, _) :- c(_, _, x);',
  'delete t(x, y) :- m(x, y);',
  'upsert k(x, y + 1) :- k(x, y), c(_, x, _);',
  'u(x, count<y>)@next :- t(x, y);',
  't(x, y)@next :- u(x, y), notin k(x, _);',
  't(x, y) :- c(_, x, y), notin u(_, y);',
];

/** What may make replicas differ even under a log: failures, nodes that differ, endless rules. */
const hazards = [
  'n(x, 2 / (y - 1)) :- c(_, x, y);',
  'm(x, 2 / y)@next :- n(x, y);',
  'm(x, y) :- c(_, x, y), self("n1");',
  'u(x, 2 / (y - 1)) :- t(x, y), self("n1");',
  't(x, y) :- g(_, x, y);',
  'a(x, 2 / (y - 1)) :- c(_, x, y), g(_, x, _);',
  'n(x, y)@next :- j(x, y);',
  'b(x, 2 / (y - 1)) :- j(x, y);',
  'h(x, y) :- c(_, x, y), self("n2");',
  'm(x, 1 - y)@next :- m(x, y);',
];

/** A program with state that is replicated over all nodes and fed by one channel; a function of the seed. */
export function randomReplicas(seed: number): string {
  const prng = new Prng(seed);
  const below = ['c(to, x, y)@async :- i(x, y), peer(to);'];
  for (let more = prng.int(2, 6); more > 0; more--) below.push(pick(prng, replicaRules));
  for (let more = prng.int(0, 2); more > 0; more--) below.push(pick(prng, hazards));
  return program(prng, below, ['c', 's', ...below.map(headOf)]);
}

function program(prng: Prng, below: readonly string[], readable: readonly string[]): string {
  const live = new Set(readable);
  const rules = [...new Set(below)];
  for (const level of [['a'], ['b', 'h'], ['o', 'v'], ['o', 'v']]) {
    if (level.length === 1 && prng.chance(0.3)) continue;
    const rule = derivedRule(
      prng,
      pick(prng, level),
      [...live].filter((name) => name !== 'o' && name !== 'v'),
    );
    rules.push(rule);
    live.add(headOf(rule));
  }
  return [...declarations, ...rules].join('\n');
}

function headOf(rule: string): string {
  return /^(?:delete |upsert )?(\w+)\(/.exec(rule)?.[1] ?? '';
}

function pick<T>(prng: Prng, from: readonly T[]): T {
  return from[prng.int(0, from.length - 1)]!;
}

function derivedRule(prng: Prng, relation: string, live: readonly string[]): string {
  const readable = live.filter((name) => name !== relation);
  const stored = readable.filter((name) => ['t', 'u', 'k', 'a', 'b', 'h'].includes(name));
  const from = stored.length > 0 && prng.chance(0.6) ? stored : readable;
  const literals = [literal(pick(prng, from), pick(prng, ['x, y', 'x, y', 'y, x']))];
  if (prng.chance(0.35))
    literals.push(literal(pick(prng, from), pick(prng, ['x, y', 'x, _', '_, y', '_, x', 'y, _'])));
  if (prng.chance(0.35))
    literals.push(
      `notin ${literal(pick(prng, from), pick(prng, ['x, y', 'x, _', '_, x', '_, _', 'y, _']))}`,
    );
  if (prng.chance(0.08)) literals.push('tick(_, _)');
  if (prng.chance(0.08)) literals.push('boot(_)');
  if (prng.chance(0.4))
    literals.push(`y ${pick(prng, ['>=', '<=', '!=', '>', '<'])} ${prng.int(0, 3)}`);
  const shown = prng.chance(0.35)
    ? `x, ${pick(prng, ['count<y>', 'min<y>', 'max<y>', 'sum<y>'])}`
    : pick(prng, ['x, y', 'x, y', 'y, x', 'x, x', 'x, 0', '0, 0']);
  return `${relation}(${shown}) :- ${literals.join(', ')};`;
}

function literal(relation: string, args: string): string {
  return relation === 'c' ? `c(_, ${args})` : `${relation}(${args})`;
}
