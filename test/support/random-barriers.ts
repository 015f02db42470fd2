/**
 * Random programs in which much has to be complete before it is read: outputs and stored tables that
 * rule out, count and reveal, one above the other, over joins that go from node to node, with
 * recursion between the levels. Over any number of nodes each ends as on one machine.
 */
import type { Prng } from '../../src/base/prng.js';
import type { ClusterWideCase } from './random-cluster-wide.js';

const base = ['e0', 'e1', 'p0', 'p1'];
const variables = ['x', 'y', 'z'];

export function randomBarriers(prng: Prng): ClusterWideCase {
  const one = <T>(items: readonly T[]): T => items[prng.int(0, items.length - 1)]!;
  const chance = (of: number): boolean => prng.int(0, of - 1) === 0;
  const split = (): string => ` partition by (${one(['a', 'b', 'a, b'])})`;
  const number = (): number => prng.int(0, 4);
  // What a table keeps of an epoch depends on what the epoch was, so that all is there at start then.
  const isOpen = chance(2);
  const lines = [
    `table e0(a: int, b: int)${split()};`,
    `table e1(a: int, b: int)${split()};`,
    ...['p0', 'p1'].map(
      (name) => `${one(['table', 'scratch'])} ${name}(a: int, b: int)${split()};`,
    ),
    'table best(a: int => c: lmin<int>) partition by (a);',
  ];
  if (isOpen || chance(2))
    lines.push(
      'input in0(a: int, b: int);',
      'input in1(a: int, b: int);',
      'e0(a, b) :- in0(a, b);',
      'e1(b, a) :- in1(a, b), a <= b;',
    );
  for (let i = prng.int(0, 4); i >= 0; i--) lines.push(`e0(${number()}, ${number()});`);
  const body = (from: readonly string[], most: number) => {
    const literals: string[] = [];
    const bound = new Set<string>();
    for (let i = prng.int(1, most); i > 0; i--) {
      const args = [one(variables), chance(7) ? String(number()) : one(variables)];
      literals.push(`${one(from)}(${args.join(', ')})`);
      for (const each of args) if (variables.includes(each)) bound.add(each);
    }
    return { literals, bound: [...bound] };
  };
  for (let i = prng.int(2, 4); i > 0; i--) {
    const { literals, bound } = body(base, 2);
    lines.push(`${one(['p0', 'p1'])}(${one(bound)}, ${one(bound)}) :- ${literals.join(', ')};`);
  }
  lines.push('best(x, y) :- p0(x, y);', 'best(y, c + 1) :- e0(x, y), best(x, c), c < 6;');
  // Level by level: each reads what is below, and may recur on itself.
  const known = [...base];
  const levels = prng.int(1, 3);
  const shown: string[] = [];
  for (let level = 0; level < levels; level++) {
    const made: string[] = [];
    for (let i = prng.int(1, 2); i > 0; i--) {
      const name = `n${level}${made.length}`;
      const kind = one(
        isOpen ? ['scratch', 'output', 'view'] : ['scratch', 'table', 'output', 'view'],
      );
      const placed = kind === 'output' || kind === 'view' || chance(4) ? '' : split();
      lines.push(`${kind} ${name}(a: int, b: int)${placed};`);
      for (let rules = prng.int(1, 2); rules > 0; rules--) {
        const { literals, bound } = body(known, 2);
        const form = prng.int(0, 5);
        if (form === 0)
          lines.push(`${name}(${one(bound)}, count<${one(bound)}>) :- ${literals.join(', ')};`);
        else if (form === 1)
          lines.push(
            `${name}(x, reveal(c)) :- best(x, c)${chance(2) ? `, ${one(known)}(x, _)` : ''};`,
          );
        else {
          for (let ruledOut = chance(3) ? 2 : 1; ruledOut > 0; ruledOut--) {
            const at = [one(bound), chance(4) ? '_' : one(bound)];
            literals.push(`notin ${one(known)}(${(chance(2) ? at : at.reverse()).join(', ')})`);
          }
          lines.push(`${name}(${one(bound)}, ${one(bound)}) :- ${literals.join(', ')};`);
        }
      }
      if (chance(3)) {
        const ruledOut = chance(2)
          ? `, notin ${one(known)}(${one(['z, _', 'y, z', '_, z', 'x, x'])})`
          : '';
        lines.push(`${name}(x, z) :- ${name}(x, y), ${one([...base, name])}(y, z)${ruledOut};`);
      }
      made.push(name);
      if (kind !== 'output' && kind !== 'view') {
        shown.push(name);
        lines.push(`${one(['output', 'view'])} shown_${name}(a: int, b: int);`);
        lines.push(`shown_${name}(x, y) :- ${name}(x, y);`);
      }
    }
    known.push(...made);
  }
  lines.push('output total(n: int);', `total(count<*>) :- ${one(known)}(x, y);`);
  const reading = (): string =>
    `${one(known)}(x, y), notin ${one(known)}(${one(['y, x', 'x, _', '_, y', 'y, y'])})`;
  // An epoch is a timestep of all: what one brings about the next one sees, unless inputs come between.
  if (!isOpen && chance(2)) {
    lines.push('channel told(@to: addr, n: int);', 'table heard(n: int) partition by (n);');
    lines.push(`told(to, x)@async :- cluster(to), ${reading()};`, 'heard(n) :- told(_, n);');
    lines.push('view shown_heard(n: int);', 'shown_heard(n) :- heard(n);');
  }
  if (!isOpen && chance(2)) {
    lines.push(
      `table seen(a: int, b: int)${split()};`,
      `table last(a: int => b: int) partition by (a);`,
    );
    lines.push(`seen(x, y)@next :- ${reading()}, notin seen(y, x);`);
    if (chance(2)) lines.push(`e0(x, y)@next :- seen(x, z), ${one(base)}(z, y), notin e1(y, _);`);
    if (chance(2)) lines.push(`delete e0(x, y) :- e0(x, y), ${reading()};`);
    lines.push(`upsert last(x, max<y>) :- ${reading()};`);
    if (chance(2))
      lines.push(
        `scratch wave(a: int, b: int);`,
        `wave(x, y)@next :- last(x, y), ${reading()};`,
        `seen(y, x) :- wave(x, y);`,
      );
    lines.push('view shown_seen(a: int, b: int);', 'shown_seen(x, y) :- seen(x, y);');
    lines.push('view shown_last(a: int, b: int);', 'shown_last(x, y) :- last(x, y);');
  }
  const inputs = !isOpen
    ? []
    : Array.from({ length: prng.int(0, 6) }, () => ({
        relation: one(['in0', 'in1']),
        row: [number(), number()],
      }));
  const given = Array.from({ length: prng.int(0, 4) }, () => [number(), number()]);
  return { text: `${lines.filter((line) => line !== '').join('\n')}\n`, inputs, given };
}
