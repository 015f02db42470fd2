/** A seal of a durable relation over crashes: what waits for it sees all that was promised, and sees it. */
import { expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.js';
import { programToModule } from '../../src/semantics/program-to-module.js';
import { printModule } from '../../src/syntax/print.js';
import { checkText } from '../support/check-fixture.js';
import { compileSound } from '../support/compile-text.js';
import { CrashingCluster } from '../support/crashing-cluster.js';

const program = `
static client(node: addr);
client("a");
client("b");
input act(x: int);
input done(s: int);
durable table taken(x: int);
durable table finished(s: int);
durable channel action(@to: addr, s: int, x: int);
durable table log(s: int, x: int);
scratch fresh(x: int);
output accepted(x: int);
output closed(node: addr);
output bill(s: int, n: int);
fresh(x) :- act(x), notin taken(x);
taken(x)@next :- fresh(x);
action("c", 1, x)@async :- fresh(x);
accepted(x) :- act(x), taken(x);
finished(s)@next :- done(s);
closed(n) :- done(s), finished(s), self(n);
log(s, x) :- action(_, s, x);
seal action on (s) from client(c) when finished(s);
bill(s, count<x>) :- log(s, x), sealed action(s);
`;
const names = ['a', 'b', 'c'];

/** What each client does, one after the other, each until it is told so. */
const errands = new Map([
  [
    'a',
    [
      ['act', 1],
      ['act', 2],
      ['done', 1],
    ] as const,
  ],
  [
    'b',
    [
      ['act', 11],
      ['act', 12],
      ['done', 1],
    ] as const,
  ],
]);

it('what serves a durable relation is durable where it keeps or carries something', () => {
  const { coordinated } = compileSound(program);
  const durable = [...coordinated.relations.values()].filter((one) => one.durable);
  expect(durable.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    'table taken',
    'table finished',
    'table log',
    'channel action_by',
    'table action_closed',
    'table action_told',
    'channel action_end',
    'table action_ended',
    'table action_got',
    'table action_sealed',
  ]);
  expect(checkText(printModule(programToModule(coordinated))).diagnostics).toEqual([]);
});

it('the bill comes, and holds all actions, whichever crash', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const cluster = new CrashingCluster(program, names, seed);
    const prng = new Prng(seed).fork('outside');
    const backAt = new Map<string, number>();
    const placeByClient = new Map([...errands.keys()].map((name) => [name, 0]));
    const bills = (): readonly string[] =>
      cluster.released.filter((text) => text.startsWith('bill'));
    for (let now = 0; bills().length === 0 || backAt.size > 0; now++) {
      expect(now, `seed ${seed}`).toBeLessThan(5000);
      const victim = names[prng.int(0, names.length - 1)]!;
      if (now % 25 === 24 && now < 500 && cluster.isUp(victim)) {
        cluster.crash(victim);
        backAt.set(victim, now + prng.int(0, 20));
      }
      for (const [node, at] of backAt) {
        if (at > now) continue;
        cluster.start(node);
        backAt.delete(node);
      }
      for (const [client, list] of errands) {
        const place = placeByClient.get(client)!;
        const errand = list[place];
        if (errand === undefined) continue;
        const [relation, value] = errand;
        const told = relation === 'act' ? `accepted(${value})` : `closed("${client}")`;
        const isTold = cluster.released.includes(told);
        if (isTold) placeByClient.set(client, place + 1);
        else if (prng.chance(0.2)) cluster.insert(client, relation, [value]);
      }
      cluster.step();
    }
    expect(new Set(bills()), `seed ${seed}`).toEqual(new Set(['bill(1, 4)']));
  }
}, 60_000);
