/** What travels for cluster-wide relations, what does not, and under which names. */
import { describe, expect, it } from 'vitest';
import { programToModule } from '../../../src/semantics/program-to-module.js';
import { printModule } from '../../../src/syntax/print.js';
import { compileSound, compileText } from '../../support/compile-text.js';

/** The exchanges of rules over `link(a, b)` and `path(a, b)`, both by `a`, and statics. */
function exchangesOf(...rules: readonly string[]): readonly string[] {
  const declared = `table link(a: int, b: int) partition by (a);
table path(a: int, b: int) partition by (a);
table sums(key: int => n: lmax<int>) partition by (key);
static near(a: int, b: int);
static town(a: int) partition by (a);
input ask(a: int, b: int);
view shown(a: int, b: int);
`;
  const { exchanges } = compileSound(`${declared}${rules.join('\n')}\n`);
  return exchanges.map(
    ({ arrival, of, what, by, kept }) =>
      `${arrival}: ${what} of ${of} ${by === null ? 'everywhere' : `by ${by.join(', ')}`}${kept ? ', kept' : ''}`,
  );
}

describe('what travels', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['a selection', ['shown(x, y) :- link(x, y), x < y;'], []],
    ['a join on what places both', ['shown(x, z) :- link(x, y), path(x, z);'], []],
    ['a head that is placed alike', ['path(x, z) :- link(x, y), path(x, z);'], []],
    ['a join with a replicated static', ['path(x, z) :- link(x, y), near(y, z);'], []],
    ['a static ruled out where it is', ['shown(x, y) :- link(x, y), notin town(x);'], []],
    [
      'a static ruled out at its owner',
      ['shown(x, y) :- link(x, y), notin town(y);'],
      ['link_by_b: tuples of link by b, kept'],
    ],
    ['a group that is at one node', ['shown(x, count<y>) :- link(x, y);'], []],
    [
      'a group that is not',
      ['shown(y, count<x>) :- link(x, y);'],
      ['link_by_b: tuples of link by b, kept'],
    ],
    [
      'a head that is placed otherwise',
      ['path(y, x) :- link(x, y);'],
      ['path_sent: derived of path by a'],
    ],
    ['a static over all nodes', ['path(x, y) :- near(x, y);'], []],
    ['an input', ['path(x, y) :- ask(x, y);'], ['path_sent: derived of path by a']],
    [
      'an event that meets what is kept',
      ['shown(x, z) :- ask(x, y), link(y, z);'],
      ['ask_by_b: tuples of ask by b'],
    ],
    [
      'a join on other columns',
      ['shown(x, z) :- link(x, y), path(z, y);'],
      ['link_by_b: tuples of link by b, kept', 'path_by_b: tuples of path by b, kept'],
    ],
    [
      'a product',
      ['shown(x, z) :- link(x, _), path(z, _);'],
      ['path_everywhere: tuples of path everywhere, kept'],
    ],
    [
      'a chain of joins',
      ['shown(x, w) :- link(x, y), path(y, z), link(z, w);'],
      ['link_by_b: tuples of link by b, kept', 'shown_part_by_z: bindings of shown by z, kept'],
    ],
    [
      'conditions, which go along',
      ['shown(x, z) :- link(x, y), path(y, z);', 'sums(y, z) :- link(x, y), path(y, z), x > 0;'],
      ['link_by_b: tuples of link by b, kept', 'sums_part_by_y: bindings of sums by y, kept'],
    ],
    [
      'the same for two rules with the same conditions, once',
      ['shown(x, z) :- link(x, y), path(y, z);', 'sums(z, x) :- link(x, y), path(y, z);'],
      ['link_by_b: tuples of link by b, kept', 'sums_sent: derived of sums by key'],
    ],
    [
      'a static that says where to go',
      ['shown(x, w) :- link(x, y), near(y, z), path(z, w);'],
      ['shown_part_by_z: bindings of shown by z, kept'],
    ],
  ])('%s', (_, rules, expected) => {
    expect(exchangesOf(...rules)).toEqual(expected);
  });
});

describe('the program of single nodes', () => {
  const text = `input link_by_b(a: int);
table link(a: int, b: int) partition by (a);
scratch path(a: int, b: int) partition by (b);
table cost(a: int => c: lmin<int>) partition by (a);
output cluster_nodes(a: int, b: int);
link(1, 2);
link(3, 4);
link(a, a) :- link_by_b(a);
again: path(x, y) :- link(x, y) | link(y, x);
path(x, z) :- path(x, y), link(y, z);
cost(y, c + 1) :- link(x, y), cost(x, c), c < 5;
cost(a, 0) :- link(a, _);
cluster_nodes(x, y) :- path(x, y);
`;

  it('parses and checks to itself, whatever the program calls its relations', () => {
    const { program } = compileSound(text);
    const printed = printModule(programToModule(program));
    const again = compileSound(printed);
    expect(printModule(programToModule(again.program))).toBe(printed);
    expect(again.program.rules).toHaveLength(program.rules.length);
    expect([...program.relations.values()].every(({ partition }) => partition === null)).toBe(true);
  });

  it('parses and checks whatever the program calls its columns', () => {
    const { program } = compileSound(`table msg(to: int, nodes: int, to_: int) partition by (nodes);
view shown(to: int);
shown(a) :- msg(a, _, _);
`);
    const printed = printModule(programToModule(program));
    expect(printModule(programToModule(compileSound(printed).program))).toBe(printed);
  });

  it('keeps the relations and what is shown, and every rule knows where it comes from', () => {
    const { program, written } = compileSound(text);
    expect(program.observables).toEqual(written.observables);
    for (const [name, { kind, columns }] of written.relations)
      expect(program.relations.get(name)).toMatchObject({ kind, columns });
    const names = new Set([...written.rules, ...written.facts].map(({ name }) => name));
    const own = program.rules.filter(({ origin }) => names.has(origin.rule));
    expect(new Set(own.map(({ origin }) => origin.rule))).toEqual(
      // Facts of one relation are kept by one rule.
      new Set([...names].filter((name) => name !== 'link#3')),
    );
  });

  it('prints `partition by` of what was written', () => {
    const printed = printModule(programToModule(compileSound(text).written));
    expect(printed).toContain('table cost(a: int => c: lmin<int>) partition by (a);');
    expect(printModule(programToModule(compileSound(printed).written))).toBe(printed);
  });

  it('is the very same program without cluster-wide relations', () => {
    const { program, written, entries } = compileSound(text.replace(/ partition by \(.\)/g, ''));
    expect(program).toBe(written);
    expect(entries.size).toBe(0);
  });

  it('makes durable what carries and copies durable relations', () => {
    const durable = `durable table link(a: int, b: int) partition by (a);
table seen(b: int, a: int) partition by (b);
view shown(a: int, b: int);
link(1, 2);
seen(y, x) :- link(x, y);
shown(x, z) :- link(x, y), link(y, z);
`;
    const { program } = compileSound(durable);
    const kept = [...program.relations.values()].filter((r) => r.durable).map((r) => r.name);
    expect(kept.sort()).toEqual([
      'link',
      'link_by_b',
      'link_by_b_sent',
      'link_given_sent',
      'seen_sent',
      'spread_over',
    ]);
    const printed = printModule(programToModule(program));
    expect(printed).toContain('boot(true)');
    // Under other nodes there would be two tuples of one key, which fails the first timestep.
    expect(printed).toContain('durable table spread_over(key: int => nodes: list<addr>);');
    expect(printed).toContain('spread_over(0, nodes) :- cluster_nodes(nodes);');
  });
});

it('tells every rule that cannot be spread, not only the first', () => {
  const { diagnostics, compiled } = compileText(`table link(a: int, b: int) partition by (a);
output n(a: int, n: int);
lattice all: lset<int>;
link(1, 2);
n(a, count<b>) :- link(a, b);
all({a}) :- link(a, _);
`);
  expect(compiled).toBeNull();
  expect(diagnostics.map(({ code }) => code)).toEqual(['TRL0620', 'TRL0622']);
});
