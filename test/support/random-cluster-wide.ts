/**
 * Random programs over cluster-wide relations: joins on any columns, recursion, constants,
 * conditions, functions, membership, replicated statics, lattice columns, negations of statics, and
 * views that count, rule out and reveal; and tables from which is deleted what another table says.
 * Over any number of nodes they end as the same program does on one machine without `partition by`.
 */
import type { Prng } from '../../src/base/prng.js';

export interface ClusterWideCase {
  readonly text: string;
  /** Rows of the inputs `in0(a, b)` and `in1(a, b)`. */
  readonly inputs: readonly { readonly relation: string; readonly row: readonly number[] }[];
  /** Rows given at start for `e1`. */
  readonly given: readonly (readonly number[])[];
}

/** The same program as one machine runs it. */
export function onOneMachine(text: string): string {
  return text.replace(/ partition by \([^)]*\)/g, '');
}

const sets = ['e0', 'e1', 's0', 'p0', 'p1', 'p2', 'q0'];
const variables = ['x', 'y', 'z', 'w'];

export function randomClusterWide(prng: Prng): ClusterWideCase {
  const one = <T>(items: readonly T[]): T => items[prng.int(0, items.length - 1)]!;
  const chance = (of: number): boolean => prng.int(0, of - 1) === 0;
  const split = (): string => ` partition by (${one(['a', 'b', 'a, b', 'b, a'])})`;
  const lines = [
    `table e0(a: int, b: int)${split()};`,
    `table e1(a: int, b: int)${split()};`,
    `static s0(a: int, b: int)${split()};`,
    'static all(a: int, b: int);',
    ...['p0', 'p1', 'p2'].map(
      (name) => `${one(['table', 'scratch'])} ${name}(a: int, b: int)${split()};`,
    ),
    // Spread without a key: derived from the others, and read again.
    'scratch q0(a: int, b: int);',
    'table best(a: int => c: lmin<int>) partition by (a);',
    'table most(a: int, b: int => c: lmax<int>) partition by (b);',
    'input in0(a: int, b: int);',
    'input in1(a: int, b: int);',
    ...[...sets, 'best', 'most'].map((name) =>
      name === 'best'
        ? 'view shown_best(a: int => c: lmin<int>);'
        : name === 'most'
          ? 'view shown_most(a: int, b: int => c: lmax<int>);'
          : `view shown_${name}(a: int, b: int);`,
    ),
  ];
  const number = (): number => prng.int(0, 4);
  for (const name of ['e0', 's0', 'all'])
    for (let i = prng.int(0, 3); i >= 0; i--) lines.push(`${name}(${number()}, ${number()});`);
  lines.push('e0(a, b) :- in0(a, b);', 'e1(b, a) :- in1(a, b), a <= b;');
  const argument = (): string => (chance(8) ? String(number()) : chance(9) ? '_' : one(variables));
  const body = (): { readonly literals: string[]; readonly bound: string[] } => {
    const literals: string[] = [];
    const bound = new Set<string>();
    for (let i = prng.int(0, 2); i >= 0; i--) {
      const args = [argument(), argument()];
      literals.push(`${one([...sets, 'e0', 'all'])}(${args.join(', ')})`);
      for (const each of args) if (variables.includes(each)) bound.add(each);
    }
    if (bound.size === 0) {
      literals.push('e0(x, y)');
      bound.add('x').add('y');
    }
    const known = [...bound];
    if (chance(4)) literals.push(`${one(known)} ${one(['!=', '<', '<=', '=='])} ${one(known)}`);
    if (chance(6)) {
      literals.push(`v = (${one(known)} + ${number()}) % 5`);
      bound.add('v');
    }
    if (chance(8)) literals.push(`${one(known)} in [${number()}, ${number()}, ${number()}]`);
    if (chance(6)) literals.push(`notin all(${one(known)}, ${one([...known, '_'])})`);
    if (chance(6)) literals.push(`notin s0(${one(known)}, ${one(known)})`);
    if (chance(10)) literals.push(`${number()} / ${one(known)} >= 0`, `${literals.length} > 0`);
    return { literals: literals.filter((l) => !l.includes('/')), bound: [...bound] };
  };
  for (let i = 3 + prng.int(0, 4); i >= 0; i--) {
    const { literals, bound } = body();
    const head = one(['p0', 'p1', 'p2', 'q0', 'p0', 'p1', 'p2']);
    const other = chance(6) ? body() : null;
    const shared = other === null ? bound : bound.filter((name) => other.bound.includes(name));
    const value = (): string => (shared.length === 0 || chance(9) ? String(number()) : one(shared));
    const alternative = other === null ? '' : ` | ${other.literals.join(', ')}`;
    lines.push(`${head}(${value()}, ${value()}) :- ${literals.join(', ')}${alternative};`);
  }
  lines.push(
    `best(x, ${one(['y', 'x + y'])}) :- ${one(['e0', 'p0', 'p1'])}(x, y);`,
    `best(${one(['y', 'x'])}, c + 1) :- ${one(['e0', 'p2', 's0'])}(x, y), best(${one(['x', 'y', 'z'])}, c), c < 9;`.replace(
      /best\(z, c\)/,
      `best(y, c)`,
    ),
    `most(x, y, z) :- ${one(['e0', 'p1'])}(x, z), ${one(['e1', 'p0', 's0'])}(y, ${one(['x', 'z', '_'])});`,
    `most(y, x, c) :- most(x, y, c)${one(['', ', c >= 2', ', e0(x, _)'])};`,
  );
  if (chance(2)) lines.push(`p0(x, y) :- most(x, ${one(['z', '_'])}, c), e0(y, _), c >= 3;`);
  for (const name of sets) lines.push(`shown_${name}(x, y) :- ${name}(x, y);`);
  const [counted, ruled] = [one(sets), one(sets.filter((name) => name !== 'q0'))];
  const others = sets.filter((name) => name !== 'q0');
  lines.push(
    'view count_of(a: int, n: int);',
    'view total(n: int);',
    'view lone(a: int, b: int);',
    'view revealed(a: int, c: int);',
    'view heavy(a: int);',
    `scratch degree(a: int, n: int)${one([' partition by (a)', ''])};`,
    `table gone(a: int)${one([' partition by (a)'])};`,
    `table left(a: int, b: int)${split()};`,
    `table last(a: int => b: int) partition by (a);`,
    'view shown_left(a: int, b: int);',
    'view shown_last(a: int, b: int);',
    `count_of(${one(['x', 'y'])}, count<*>) :- ${counted}(x, y);`,
    `total(count<*>) :- ${one(sets)}(${one(['x', '_'])}, y)${one(['', ', all(y, _)'])};`,
    `lone(x, y) :- ${one(sets)}(x, y), notin ${ruled}(${one(['x, y', 'y, x', 'y, y', 'x, x'])});`,
    'revealed(x, reveal(c)) :- best(x, c);',
    `degree(x, count<y>) :- ${counted}(x, y)${one(['', `, ${one(others)}(y, _)`])};`,
    `heavy(x) :- degree(x, n), ${one(['e0', 'p1', 's0'])}(${one(['x, _', '_, x'])}), n >= 1;`,
    `gone(x) :- ${one(others)}(x, ${one(['x', '_', '1'])});`,
    'left(a, b)@next :- in0(a, b) | in1(b, a);',
    `delete left(${one(['x, _', '_, x', 'x, x'])}) :- gone(x);`,
    'upsert last(a, 2 * a) :- in1(a, _);',
    'shown_left(x, y) :- left(x, y);',
    'shown_last(x, y) :- last(x, y);',
  );
  lines.push('shown_best(x, c) :- best(x, c);', 'shown_most(x, y, c) :- most(x, y, c);');
  const inputs = Array.from({ length: prng.int(0, 7) }, () => ({
    relation: one(['in0', 'in1']),
    row: [number(), number()],
  }));
  const given = Array.from({ length: prng.int(0, 4) }, () => [number(), number()]);
  return { text: `${lines.join('\n')}\n`, inputs, given };
}
