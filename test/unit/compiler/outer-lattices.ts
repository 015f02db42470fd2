/** Lattices from TypeScript for tests. A process knows one lattice of a name, so each is defined once. */
import { defineLattice } from '../../../src/compiler/define-lattice.js';

function greatestThree(points: readonly number[]): number[] {
  return [...new Set(points)].sort((a, b) => b - a).slice(0, 3);
}

/** The three greatest numbers so far. */
export const podium = defineLattice<readonly number[]>({
  name: 'Podium',
  doc: 'The three greatest numbers so far.',
  holds: 'list<int>',
  bottom: [],
  merge: (a, b) => greatestThree([...a, ...b]),
  canonical: greatestThree,
  methods: {
    best: { gives: 'lmax<int>', is: 'morphism', of: ([first]) => first ?? null },
    is_full: { gives: 'lbool', is: 'monotone', of: (points) => points.length === 3 },
    reached: {
      takes: ['int'],
      gives: 'lbool',
      is: 'morphism',
      of: (points, bound: number) => points.some((point) => point >= bound),
    },
    plus: {
      takes: ['int'],
      gives: 'Podium',
      is: 'morphism',
      of: (points, by: number) => points.map((point) => point + by),
    },
    with: {
      takes: [{ type: 'lset<int>', is: 'morphism' }],
      gives: 'Podium',
      is: 'morphism',
      of: (points, more: ReadonlySet<number>) => [...points, ...more],
    },
    worst: { gives: 'any', is: 'non-monotone', of: (points) => points.at(-1) ?? null },
  },
});

/** Counts up to a bound by adding: no lattice, and found out. */
export const adder = defineLattice<number>({
  name: 'Adder',
  holds: 'nat',
  bottom: 0,
  merge: (a, b) => a + b,
});

/** A lattice whose methods promise too much. */
export const boaster = defineLattice<ReadonlySet<number>>({
  name: 'Boaster',
  holds: 'set<int>',
  bottom: new Set(),
  merge: (a, b) => new Set([...a, ...b]),
  methods: {
    size: { gives: 'lmax<int>', is: 'morphism', of: (items) => items.size },
    lowest: { gives: 'lmax<int>', is: 'monotone', of: (items) => Math.min(9, ...items) },
    halved: {
      gives: 'lset<int>',
      is: 'morphism',
      of: (items) => new Set([...items].map((x) => x / 2)),
    },
  },
});

/** Well behaved on what the law checker meets, and on nothing else. */
export const brittle = defineLattice<number>({
  name: 'Brittle',
  holds: 'nat',
  bottom: 0,
  merge: (a, b) => {
    if (a + b >= 1000) throw new RangeError('too much');
    if (a + b >= 500) return -1;
    return a + b >= 100 ? a + b : Math.max(a, b);
  },
  methods: {
    text: { gives: 'string', is: 'non-monotone', of: (n) => (n > 50 ? undefined : `${n}`) },
  },
});
