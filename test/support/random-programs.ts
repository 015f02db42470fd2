/**
 * Random programs as text, in parts that can be put in any order: recursion within a level,
 * negation and aggregates over lower levels, tables with `@next`, `delete` and `upsert`, and
 * expressions that may fail. Values are small, so that joins meet and fixpoints are near.
 */
import fc from 'fast-check';

/** A rule whose body may be written in any order. */
export interface RandomRule {
  readonly label: string;
  readonly head: string;
  readonly body: readonly string[];
}
export interface RandomProgram {
  readonly declarations: readonly string[];
  readonly facts: readonly string[];
  readonly rules: readonly RandomRule[];
}

const declarations = [
  'input i(x: int, y: int);',
  'static e(x: int, y: int);',
  'table t(x: int, y: int);',
  'table k(x: int => y: int);',
  'table h(x: int, y: int);',
  'scratch n(x: int, y: int);',
  ...['a', 'b', 'c', 'd', 'f'].map((name) => `scratch ${name}(x: int, y: int);`),
  'output o(x: int, y: int);',
  'view v(x: int, y: int);',
];
const stored = ['i', 'e', 't', 'k', 'n'];
/** Relations by level: a rule reads its own level positively, lower ones as it likes. */
const levels: readonly (readonly string[])[] = [
  ['a', 'b'],
  ['c', 'd'],
  ['f', 'h', 'o', 'v'],
];

const variables = ['x', 'y', 'z'];
const small = fc.integer({ min: 0, max: 3 });
const argument = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...variables) },
  { weight: 1, arbitrary: small.map(String) },
  { weight: 1, arbitrary: fc.constant('_') },
);

interface Shape {
  readonly positive: readonly (readonly [string, string, string])[];
  readonly negative: readonly (readonly [string, number, number])[];
  readonly test: number;
  readonly picks: readonly number[];
  readonly head: number;
}

function shape(readable: readonly string[], negatable: readonly string[]): fc.Arbitrary<Shape> {
  return fc.record({
    positive: fc.array(fc.tuple(fc.constantFrom(...readable), argument, argument), {
      minLength: 1,
      maxLength: 2,
    }),
    negative: fc.array(fc.tuple(fc.constantFrom(...negatable), fc.nat(), fc.nat()), {
      maxLength: 1,
    }),
    test: fc.integer({ min: 0, max: 12 }),
    picks: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
    head: fc.nat({ max: 5 }),
  });
}

/** The body's literals and the terms that a head may use. */
function bodyOf({ positive, negative, test, picks }: Shape): {
  readonly literals: string[];
  readonly terms: readonly string[];
} {
  const literals = positive.map(([relation, x, y]) => `${relation}(${x}, ${y})`);
  const bound = [
    ...new Set(positive.flatMap(([, x, y]) => [x, y]).filter((name) => variables.includes(name))),
  ];
  const terms = bound.length > 0 ? bound : ['0'];
  const pick = (n: number): string => terms[n % terms.length]!;
  for (const [relation, x, y] of negative)
    literals.push(`notin ${relation}(${pick(x)}, ${y % 3 === 0 ? '_' : pick(y)})`);
  const [left, right] = [pick(picks[0]!), pick(picks[1]!)];
  const differ = left !== right;
  if (test === 0 && differ) literals.push(`${left} < ${right}`);
  if (test === 1 && differ) literals.push(`${left} != ${right}`);
  if (test === 2) literals.push(`10 / ${left} > ${right}`);
  if (test === 3)
    return { literals: [...literals, `s = ${left} + ${right}`, 's < 5'], terms: [...terms, 's'] };
  if (test === 4)
    return { literals: [...literals, `s = 6 / ${left}`, `${right} > 0`], terms: [...terms, 's'] };
  if (test === 5)
    return { literals: [...literals, `s in [${left}, ${right}, 3]`], terms: [...terms, 's'] };
  return { literals, terms };
}

function ruleFor(level: number): fc.Arbitrary<Omit<RandomRule, 'label'>> {
  const own = levels[level]!;
  const lower = [...stored, ...levels.slice(0, level).flat()];
  const plain = fc
    .tuple(fc.constantFrom(...own), shape([...lower, ...own], lower))
    .map(([relation, given]) => {
      const { literals, terms } = bodyOf(given);
      const pick = (n: number): string => terms[given.picks[n]! % terms.length]!;
      return { head: `${relation}(${pick(2)}, ${pick(3)})`, body: literals };
    });
  const aggregated = fc
    .tuple(
      fc.constantFrom(...own),
      fc.constantFrom('sum', 'min', 'max', 'count', 'count_distinct'),
      shape(lower, lower),
    )
    .map(([relation, aggregate, given]) => {
      const { literals, terms } = bodyOf(given);
      const pick = (n: number): string => terms[given.picks[n]! % terms.length]!;
      return { head: `${relation}(${pick(2)}, ${aggregate}<${pick(3)}>)`, body: literals };
    });
  return fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: aggregated });
}

const everything = [...stored, ...levels.flat()];
const effect: fc.Arbitrary<Omit<RandomRule, 'label'>> = shape(everything, everything).map(
  (given) => {
    const { literals, terms } = bodyOf(given);
    const pick = (n: number): string => terms[given.picks[n]! % terms.length]!;
    const heads = [
      `t(${pick(2)}, ${pick(3)})@next`,
      `n(${pick(2)}, ${pick(3)})@next`,
      `delete h(${pick(2)}, ${pick(3)})`,
      `delete t(${pick(2)}, _)`,
      `upsert k(${pick(2)}, min<${pick(3)}>)`,
      `upsert k(${pick(2)}, ${pick(3)})`,
    ];
    return { head: heads[given.head]!, body: literals };
  },
);

/** Rules that give each level something to start from. */
const beginnings: readonly Omit<RandomRule, 'label'>[] = [
  { head: 'a(x, y)', body: ['i(x, y)'] },
  { head: 'b(y, x)', body: ['e(x, y)'] },
  { head: 'c(x, y)', body: ['t(x, y)', 'notin a(y, x)'] },
  { head: 'd(x, z)', body: ['b(x, y)', 'a(y, z)'] },
  { head: 'f(x, y)', body: ['c(x, y)'] },
  { head: 'o(x, count<y>)', body: ['d(x, y)'] },
];

/** A program of three levels of deductive rules and some rules that change tables. */
export const randomProgram: fc.Arbitrary<RandomProgram> = fc
  .record({
    facts: fc.array(fc.tuple(fc.constantFrom('e', 't'), small, small), {
      minLength: 6,
      maxLength: 14,
    }),
    rules: fc.tuple(
      fc.subarray([...beginnings], { minLength: 3 }),
      fc.array(ruleFor(0), { minLength: 2, maxLength: 5 }),
      fc.array(ruleFor(1), { minLength: 1, maxLength: 4 }),
      fc.array(ruleFor(2), { minLength: 2, maxLength: 4 }),
      fc.array(effect, { minLength: 2, maxLength: 5 }),
    ),
  })
  .map(({ facts, rules }) => ({
    declarations,
    facts: facts.map(([relation, x, y]) => `${relation}(${x}, ${y});`),
    rules: rules.flat().map((rule, n) => ({ ...rule, label: `r${n}` })),
  }));

export function programText({ declarations: declared, facts, rules }: RandomProgram): string {
  const clauses = rules.map(({ label, head, body }) => `${label}: ${head} :- ${body.join(', ')};`);
  return [...declared, ...facts, ...clauses].join('\n');
}

/** The same items in the order of random keys. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** The same program, its facts, rules and bodies in another order. */
export function reordered(program: RandomProgram, random: () => number): RandomProgram {
  return {
    declarations: shuffled(program.declarations, random),
    facts: shuffled(program.facts, random),
    rules: shuffled(program.rules, random).map((rule) => ({
      ...rule,
      body: shuffled(rule.body, random),
    })),
  };
}

/** Events of a few timesteps for the input `i`. */
export const randomEvents: fc.Arbitrary<readonly (readonly (readonly [number, number])[])[]> =
  fc.array(fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 4,
  });
