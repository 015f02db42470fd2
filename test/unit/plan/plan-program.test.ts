/** Plans: join orders, delta versions, indexes, storage classes, and how they are told in words. */
import { expect, it } from 'vitest';
import { explainPlan } from '../../../src/plan/explain-plan.js';
import { planProgram } from '../../../src/plan/plan-program.js';
import type { PhysicalPlan } from '../../../src/plan/physical-plan.js';
import { renderPlanDot } from '../../../src/viz/plan-dot.js';
import { programOf } from '../../support/reference-node.js';

const closure = planProgram(
  programOf(
    'static e(x: int, y: int); view p(x: int, y: int); p(x, y) :- e(x, y); p(x, z) :- p(x, y), p(y, z), x != z;',
  ),
);

/** What each step of a version does; with `reasons`, why it has its turn then. */
function wordsOf(plan: PhysicalPlan, title: string, reasons = false): string[] {
  const lines = explainPlan(plan).split('\n');
  const start = lines.findIndex((line) => line.includes(title));
  const rest = lines.slice(start + 1);
  return rest
    .slice(
      0,
      rest.findIndex((line) => !line.startsWith('      ')),
    )
    .map((line) => line.trim().split('; ')[reasons ? 1 : 0]!);
}

it('reads the delta first, older tuples before it and all tuples after it', () => {
  expect(wordsOf(closure, 'new tuples of literal 1')).toEqual([
    'walk the new tuples of p, giving x, y',
    'look up p with x = y, giving z',
    'test a condition',
  ]);
  expect(wordsOf(closure, 'new tuples of literal 2')).toEqual([
    'walk the new tuples of p, giving y, z',
    'look up the older tuples of p with y = y, giving x',
    'test a condition',
  ]);
});

it('keeps the indexes that lookups need, and puts tuples together by the column most looked up', () => {
  const [, p] = closure.relations;
  expect(p?.indexes).toEqual([[0], [1]]);
  const reversed = planProgram(
    programOf('static e(x: int, y: int); input i(y: int); view p(x: int); p(x) :- i(y), e(x, y);'),
  );
  expect(reversed.relations.find(({ schema }) => schema.name === 'e')?.keyColumn).toBe(1);
});

it('starts with what an event brings, and tests before it computes what may fail', () => {
  const plan = planProgram(
    programOf(
      'table t(x: int, y: int); input i(x: int); output o(x: int); o(q) :- t(x, y), i(x), q = 10 / y, y != 0;',
    ),
  );
  expect(wordsOf(plan, 'from all tuples')).toEqual([
    'walk i, giving x',
    'look up t with x = x, giving y',
    'test a condition',
    'compute q',
  ]);
});

it('tells how rules are brought up to date', () => {
  const plan = planProgram(
    programOf(
      'table t(x: int, y: int); table off(x: int); view v(y: int); v(y) :- t(x, y), notin off(x); view far(x: int => d: lmin<int>); far(x, 0) :- off(x); far(y, d + 1) :- far(x, d), t(x, y);',
    ),
  );
  const searched = 'look up t with x = x, giving y';
  expect(wordsOf(plan, 'from what off has gained (literal 2): tuples that may be lost')).toEqual([
    'walk what off has gained, giving x',
    searched,
  ]);
  expect(wordsOf(plan, 'from what t has gained (literal 1): tuples that are new')).toEqual([
    'walk what t has gained, giving x, y',
    'test that off has nothing with x = x',
  ]);
  expect(wordsOf(plan, 'of tuples of v that may be lost')[0]).toBe(
    'walk tuples of v that may be lost, giving y',
  );
  expect(wordsOf(plan, 'from what far has lost (literal 1): keys that may be lost')).toEqual([
    'walk what far has lost, giving x, d',
    searched,
  ]);
  // What a relation gains is told where somebody starts from it.
  const gains = explainPlan(plan).match(/from what \w+ has gained/g);
  expect([...new Set(gains)].sort()).toEqual([
    'from what off has gained',
    'from what t has gained',
  ]);
});

it('keeps tables, fills statics once, derives the rest', () => {
  const plan = planProgram(
    programOf('table t(x: int); static s(x: int); view v(x: int); v(x) :- t(x), s(x);'),
  );
  expect(plan.relations.map(({ schema, storage }) => `${schema.name} ${storage}`)).toEqual([
    't stored',
    's static',
    'v maintained',
  ]);
});

it('keeps pairs that are only let go as rows, and all others together by a column', () => {
  const plan = planProgram(
    programOf(
      `input i(x: int, y: int); table t(x: int, y: int); output a(x: int, y: int); a(x, y) :- i(x, y);
      output b(x: int, y: int); b(x, y) :- i(x, y); output c(x: int, y: int); c(x, y) :- b(x, y), t(x, y);
      view v(x: int, y: int); v(x, y) :- t(x, y); output k(x: int => y: int); k(x, max<y>) :- i(x, y);`,
    ),
  );
  const rows = plan.relations.filter(({ isRows }) => isRows).map(({ schema }) => schema.name);
  expect(rows).toEqual(['a', 'c']);
  const lines = explainPlan(plan).split('\n');
  expect(lines.filter((line) => line.includes('lie together'))).toHaveLength(5);
});

it('tells why each literal has its turn', () => {
  expect(wordsOf(closure, 'new tuples of literal 1', true)).toEqual([
    'first, for only what is new needs to be met',
    'the atom that is left: x known, about 100 of 10000',
    'as soon as all that it needs is known',
  ]);
  const plan = planProgram(
    programOf(
      'input i(x: int); table t(x: int, y: int); table k(x: int => y: int); output o(y: int); o(y) :- t(x, y), i(x), k(x, y);',
    ),
  );
  expect(wordsOf(plan, 'from all tuples', true)).toEqual([
    'fewest expected: nothing known, about 8 of 8, against t 20000, k 20000',
    'fewest expected: x known, about 1 of 20000, against t 141',
    'the atom that is left: x, y known, about 1 of 20000',
  ]);
});

it('counts on what nodes are known to be given, of statics, tables and inputs', () => {
  const plan = planProgram(
    programOf(
      'static s(x: int, y: int); table t(y: int, z: int); input i(z: int, w: int); output o(x: int, w: int); o(x, w) :- s(x, y), t(y, z), i(z, w);',
    ),
    new Map([
      ['s', 3000],
      ['t', 4],
      ['i', 500],
    ]),
  );
  expect(wordsOf(plan, 'from all tuples', true)[0]).toBe(
    'fewest expected: nothing known, about 4 of 4, against s 3000, i 500',
  );
});

it('takes what an event derives to hold what its rules are expected to give', () => {
  const plan = planProgram(
    programOf(
      `input i(x: int); table t(x: int, y: int); table k(x: int => y: int); scratch one(x: int);
       scratch many(x: int, y: int); scratch all(x: int, y: int); scratch reach(x: int, y: int); output o(x: int);
       one(y) :- i(x), k(x, y); many(x, y) :- i(x), t(x, y); all(x, y) :- i(x), t(_, y);
       reach(x, y) :- i(x), k(x, y); reach(x, z) :- reach(x, y), t(y, z); o(x) :- one(x), many(x, _), all(x, _), reach(x, _);`,
    ),
  );
  const sizes = plan.relations.map(({ schema, estimate }) => [schema.name, estimate] as const);
  expect(Object.fromEntries(sizes)).toMatchObject({
    i: 8,
    one: 8,
    many: 1131,
    all: 10_000,
    reach: 64,
  });
});

it('draws a graph in which each edge joins two relations that are drawn, whatever they are called', () => {
  const plan = planProgram(
    programOf(
      'input i(x: int); table t(x: int); t(x)@next :- i(x), notin t(x); delete t(x) :- i(x);',
    ),
  );
  const [relation] = plan.relations;
  const hostile = 'a "b" -> {c} \\ [d];\n}';
  const renamed = { ...relation!, schema: { ...relation!.schema, name: hostile } };
  for (const each of [
    closure,
    plan,
    { ...plan, relations: [renamed, ...plan.relations.slice(1)] },
  ]) {
    const dot = renderPlanDot(each);
    // Outside quoted names there is no more than this.
    const names: string[] = [];
    const lines = dot
      .replace(/"(?:[^"\\\n]|\\.)*"/g, (name) => `<${names.push(name) - 1}>`)
      .trimEnd()
      .split('\n');
    expect(lines[0]).toBe('digraph plan {');
    const nodes = new Set<string>();
    const edges: string[] = [];
    let depth = 0;
    for (const line of lines) {
      const node = /^ {4}<(\d+)> \[shape=\w+\];$/.exec(line);
      const edge = /^ {2}<(\d+)> -> <(\d+)> \[label=<\d+>, style=\w+\];$/.exec(line);
      if (node !== null) nodes.add(names[Number(node[1])]!);
      else if (edge !== null) edges.push(names[Number(edge[1])]!, names[Number(edge[2])]!);
      else
        expect(line).toMatch(
          /^(digraph plan \{| {2}rankdir=LR;| {2}subgraph cluster_\d+ \{| {4}label=<\d+>;| {0,2}\})$/,
        );
      depth += line.endsWith('{') ? 1 : line.trim() === '}' ? -1 : 0;
    }
    expect(depth).toBe(0);
    expect(nodes.size).toBe(each.relations.length);
    expect(edges.length).toBeGreaterThan(0);
    for (const end of edges) expect(nodes).toContain(end);
  }
});

it('draws strata as boxes, recursion in bold', () => {
  const dot = renderPlanDot(closure);
  expect(dot).toContain('"e" [shape=folder];');
  expect(dot).toMatch(/"p" -> "p" \[label="p#2", style=bold\];/);
  expect(dot).toMatch(/"e" -> "p" \[label="p#1", style=solid\];/);
});

it('finds the column that a recursion hands on, if every recursive body does', () => {
  const pivotOf = (rules: string, kind = 'view'): number | null | undefined => {
    const text = `static e(x: int, y: int); static w(x: int, y: int, z: int); ${kind} p(x: int, y: int); p(x, y) :- e(x, y); ${rules}`;
    return planProgram(programOf(text)).strata.find(({ isRecursive }) => isRecursive)?.pivot;
  };
  expect(pivotOf('p(x, z) :- p(x, y), e(y, z), z != 3;')).toBe(0);
  expect(pivotOf('p(x, z) :- e(x, y), p(y, z);')).toBe(1);
  expect(pivotOf('p(x, z) :- p(x, y), e(y, z); p(x, z) :- e(z, y), p(x, y), notin e(x, y);')).toBe(
    0,
  );
  expect(pivotOf('p(x, z) :- p(x, y), e(y, z); p(x, z) :- e(x, y), p(y, z);')).toBe(null);
  expect(pivotOf('p(x, z) :- p(x, y), p(y, z);')).toBe(null);
  expect(pivotOf('p(y, x) :- p(x, y);')).toBe(null);
  expect(pivotOf('p(x, z) :- p(x, y), e(y, z);', 'table')).toBe(null);
  expect(pivotOf('p(x, z) :- p(x, y), w(x, y, z);')).toBe(null);
  expect(pivotOf('p(x, z) :- p(x, y), z = y + 1, z < 9;')).toBe(null);
});

it('joins beforehand what longer recursive bodies begin with, once for all that go on alike', () => {
  const text = `static e(x: int, y: int); static f(x: int, y: int); view p(x: int, y: int);
    p(x, y) :- e(x, y); p(y, w) :- e(y, x), p(x, z), p(z, w); p(a, d) :- f(c, a), p(c, b), p(b, d);
    p(x, y) :- f(x, z), p(z, y);`;
  const plan = planProgram(programOf(text));
  const supplementary = plan.relations.filter((relation) => relation.isSupplementary);
  expect(supplementary).toHaveLength(1);
  const { slot } = supplementary[0]!;
  const rules = plan.strata.flatMap((stratum) => stratum.rules);
  expect(rules.filter(({ head }) => head === slot)).toHaveLength(3);
  expect(rules.filter(({ reads }) => reads.includes(slot))).toHaveLength(1);
  const heads = `static e(x: int, y: int); scratch p(x: int, y: int); scratch q(x: int, y: int);
    p(x, y) :- e(x, y); p(a, d), q(b, c) :- p(a, b), e(b, c), p(c, d);`;
  // Only one of the heads can do without what is dropped.
  const reads = planProgram(programOf(heads)).strata.flatMap((stratum) => stratum.rules);
  expect(reads.map(({ bodies }) => bodies[0]!.body.literals.length).sort((a, b) => a - b)).toEqual([
    1, 2, 2, 3,
  ]);
  const none = (rule: string): void => {
    const other = `static e(x: int, y: int); table t(x: int, y: int); view p(x: int, y: int); p(x, y) :- e(x, y); ${rule}`;
    const { relations } = planProgram(programOf(other));
    expect(relations.some(({ isSupplementary }) => isSupplementary)).toBe(false);
  };
  none('p(x, z) :- p(x, y), p(y, z);');
  none('p(x, w) :- e(x, y), p(y, z), e(z, w);');
  none('p(x, w) :- p(x, y), p(y, z), p(z, w), w > 3;');
  none('t(x, y) :- e(x, y); t(x, w) :- t(x, y), t(y, z), t(z, w);');
});
