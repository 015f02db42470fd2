/**
 * Recursions that close a relation under transitivity, for random programs to have among their
 * rules: of inputs, of a table from which tuples go again, or of statics; some with more in the
 * relation than the recursion supposes.
 */
import type { MixedRelation } from './random-body.js';
import { pick, plainTypes, type Draw } from './random-columns.js';

export interface RandomClosure {
  readonly relations: readonly MixedRelation[];
  /** Without names. */
  readonly rules: readonly string[];
}

export function makeClosure(draw: Draw): RandomClosure {
  const type = pick(plainTypes, draw);
  const pair = (name: string, kind: MixedRelation['kind'], level: number): MixedRelation => ({
    name,
    kind,
    columns: [type, type],
    keyLength: 2,
    isKeyed: false,
    level,
  });
  const source = pick(['n', 'n', 'm', 'm', 's'], draw);
  const [x, y] = draw(4) === 0 ? ['y', 'x'] : ['x', 'y'];
  const copy = `p(${x}, ${y}) :- ${source}(x, y)`;
  const links = [
    `p(x, z) :- p(x, y), ${source}(y, z)`,
    `p(x, z) :- ${source}(x, y), p(y, z)`,
    'p(x, z) :- p(x, y), p(y, z)',
  ];
  const more = ['p(x, x) :- n(x, _)', 'p(y, x)@next :- n(x, y)', 'p(x, y) :- m(y, x), x != y'];
  return {
    relations: [
      pair('s', 'static', -1),
      pair('n', 'input', 0),
      pair('d', 'input', 0),
      pair('m', 'table', 0),
      pair('p', pick(['scratch', 'scratch', 'output'] as const, draw), 2),
    ],
    rules: [
      'm(x, y) :- n(x, y)',
      ...(draw(2) === 0 ? ['delete m(x, y) :- d(x, y)'] : []),
      copy,
      pick(links, draw),
      ...(draw(3) === 0 ? [pick([...links, ...more], draw)] : []),
    ],
  };
}
