/** Timesteps that fail: which evaluations count as errors, what is reported, and that nothing is left behind. */
import { describe, expect, it } from 'vitest';
import { contentAfterBoot, startNode } from '../../support/reference-node.js';

function codeOf(text: string): string {
  const result = startNode(text, { maxTuples: 100_000 }).step();
  return result.kind === 'failure' ? result.diagnostic.code : 'commit';
}

/** Every order of the items. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]),
  );
}

describe('partial expressions', () => {
  const facts =
    'scratch p(x: int, y: int); scratch q(x: int); scratch none(x: int); p(1, 0); q(1);';

  it.each([
    ['nothing excludes it', ['p(x, y)', 'z = x / y'], 'TRL0801'],
    ['a condition excludes it', ['p(x, y)', 'z = x / y', 'y != 0'], 'commit'],
    ['an empty relation excludes it', ['p(x, y)', 'z = x / y', 'none(x)'], 'commit'],
    ['a negation excludes it', ['p(x, y)', 'z = x / y', 'notin q(x)'], 'commit'],
    ['a negation lets it pass', ['p(x, y)', 'z = x / y', 'notin none(x)'], 'TRL0801'],
    ['a membership excludes it', ['p(x, y)', 'z = x / y', 'y in [1, 2]'], 'commit'],
    ['what depends on it cannot exclude it', ['p(x, y)', 'z = x / y', 'z > 5'], 'TRL0801'],
    [
      'what depends on it through a binding cannot either',
      ['p(x, y)', 'z = x / y', 'w = z + 1', 'w > 5'],
      'TRL0801',
    ],
    ['it is a mere test', ['p(x, y)', 'x / y > 0'], 'TRL0801'],
    ['it is a test that another one excludes', ['p(x, y)', 'x / y > 0', 'x > 1'], 'commit'],
    ['two fail', ['p(x, y)', 'x / y > 0', 'x % y > 0'], 'TRL0801'],
    ['two fail and a third is false', ['p(x, y)', 'x / y > 0', 'x % y > 0', 'x == 7'], 'commit'],
    ['another one that could fail is false', ['p(x, y)', 'x / y > 0', '7 / x < 7'], 'commit'],
    ['the variable is bound by an atom too', ['p(x, y)', 'z = x / y', 'q(z)'], 'TRL0801'],
    [
      'the variable is bound by an atom without tuples',
      ['p(x, y)', 'z = x / y', 'none(z)'],
      'commit',
    ],
    ['it stands in a collection', ['p(x, y)', 'z in [x / y]'], 'TRL0801'],
    [
      'it stands in a collection, and a condition excludes it',
      ['p(x, y)', 'z in [x / y]', 'y > 0'],
      'commit',
    ],
    ['it is an argument of a negation', ['p(x, y)', 'notin q(x / y)'], 'TRL0801'],
    ['it is an argument of an atom with tuples', ['p(x, y)', 'q(x / y)'], 'TRL0801'],
    ['it is an argument of an atom without tuples', ['p(x, y)', 'none(x / y)'], 'commit'],
  ])('when %s, whatever the order', (_, literals, expected) => {
    for (const body of permutations(literals)) {
      expect([body.join(', '), codeOf(`${facts} r(1) :- ${body.join(', ')};`)]).toEqual([
        body.join(', '),
        expected,
      ]);
    }
  });

  it('fail in a head after all literals hold', () => {
    expect(codeOf(`${facts} r(x / y) :- p(x, y);`)).toBe('TRL0801');
    expect(codeOf(`${facts} r(x / y) :- p(x, y), none(x);`)).toBe('commit');
    expect(codeOf(`${facts} r(sum<x / y>) :- p(x, y);`)).toBe('TRL0801');
    expect(codeOf(`${facts} r(sum<x / y>) :- p(x, y), y > 0;`)).toBe('commit');
  });

  it('fail in rules of every kind', () => {
    const heads = [
      't(x / y)@next',
      'c("n1", x / y)@async',
      'delete t(x / y)',
      'upsert k(1, x / y)',
    ];
    const declarations = 'table t(x: int); table k(x: int => y: int); channel c(@n: addr, x: int);';
    for (const head of heads)
      expect(codeOf(`${declarations} ${facts} ${head} :- p(x, y);`), head).toBe('TRL0801');
  });

  it('say where, what, and with which bindings', () => {
    const { diagnostic } = startNode(
      'p(1, 0); p(2, 1); p(3, 0); ratio: r(z) :- p(x, y), z = x / y;',
    ).fail();
    expect(diagnostic.message).toBe('division by zero: 1 / 0, in rule ratio');
    expect(diagnostic.notes?.[0]).toBe('with x = 1, y = 0');
    const { file, start, end } = diagnostic.primary!.span;
    expect(file.text.slice(start, end)).toBe('z = x / y');
  });

  it('report the least, by rule and by bindings', () => {
    const text = 'p(3, 0); p(1, 0); b(x / y) :- p(x, y); a(x % y) :- p(x, y);';
    expect(startNode(text).fail().diagnostic.message).toMatch(/, in rule [ab]#1$/);
    expect(startNode('p(3, 0); p(1, 0); b(x / y) :- p(x, y);').fail().diagnostic.notes?.[0]).toBe(
      'with x = 1, y = 0',
    );
    expect(startNode('p(1, 0); p(3, 0); b(x / y) :- p(x, y);').fail().diagnostic.notes?.[0]).toBe(
      'with x = 1, y = 0',
    );
  });
});

describe('values', () => {
  it.each([
    ['overflow', 'p(9007199254740991); r(x + 1) :- p(x);', 'TRL0802'],
    ['a wrong argument', 'p("x"); r(to_int(x)) :- p(x);', 'TRL0803'],
    ['a negative nat', 'scratch r(n: nat); p(1); r(x - 2) :- p(x);', 'TRL0805'],
    ['ever longer text', 's("x"); s(x ++ x) :- s(x);', 'TRL0804'],
    ['ever deeper values', 'scratch s(x: any); s(1); s((x, x)) :- s(x);', 'TRL0804'],
  ])('refuses %s', (_, text, expected) => {
    expect(codeOf(text)).toBe(expected);
  });
});

describe('key conflicts', () => {
  it.each(['table', 'scratch', 'output', 'view'])('at the fixpoint of a keyed %s', (kind) => {
    const text = `${kind} t(k: int => v: int); p(1, 2); q(1, 3); t(k, v) :- p(k, v); t(k, v) :- q(k, v);`;
    const { diagnostic, bound } = startNode(text).fail();
    expect([diagnostic.code, bound]).toEqual(['TRL0806', false]);
    expect(diagnostic.message).toBe(
      'key conflict in t: t(1, 2) and t(1, 3); they agree on the key (k)',
    );
    expect(diagnostic.notes?.slice(0, 2)).toEqual([
      't(1, 2): derived by rule t#1',
      't(1, 3): derived by rule t#2',
    ]);
  });

  it('between an event and what is stored, or between events', () => {
    const node = startNode(
      'input i(k: int, v: int); table t(k: int => v: int); t(k, v) :- i(k, v); input j(k: int => v: int);',
    );
    node.commit();
    node.commit({ i: [[1, 1]] });
    const stored = node.fail({ i: [[1, 2]] }).diagnostic;
    expect(stored.notes?.slice(0, 2)).toEqual([
      't(1, 1): stored by an earlier timestep',
      't(1, 2): derived by rule t#1',
    ]);
    const events = node.fail({
      j: [
        [1, 1],
        [1, 2],
      ],
    }).diagnostic;
    expect(events.notes?.[0]).toBe('j(1, 1): came in as an event');
  });

  it('between facts', () => {
    const { diagnostic } = startNode('table t(k: int => v: int); t(1, 1); t(1, 2);', {}).fail();
    expect(diagnostic.notes?.[0]).toMatch(/^t\(1, 1\): stated by the fact t#/);
  });

  it('end a recursion that only makes them', () => {
    const text = 'scratch t(k: int => v: int); t(1, 0); t(k, v + 1) :- t(k, v);';
    expect(codeOf(text)).toBe('TRL0806');
  });

  it('are none between equal tuples', () => {
    const text =
      'scratch t(k: int => v: int); p(1, 2); q(1, 2); t(k, v) :- p(k, v); t(k, v) :- q(k, v);';
    expect(contentAfterBoot(text, 't')).toEqual(['t(1, 2)']);
  });
});

describe('the bound', () => {
  it('names the relation that grows', () => {
    const { diagnostic, bound } = startNode('m(1); n(0); n(x + 1) :- n(x);', {
      maxTuples: 1000,
    }).fail();
    expect([diagnostic.code, bound]).toEqual(['TRL0808', true]);
    expect(diagnostic.message).toBe(
      'the timestep went beyond 1000 new tuples: n grew by 1000, to 1000 tuples',
    );
    expect(diagnostic.help).toMatch(/raise the bound: --max-tuples N$/);
  });

  it('counts distinct tuples, and lets as many through as it says', () => {
    const text = 'n(0); n(x + 1) :- n(x), x < 99; n(x) :- n(x);';
    expect(startNode(text, { maxTuples: 100 }).step().kind).toBe('commit');
    expect(startNode(text, { maxTuples: 99 }).step().kind).toBe('failure');
  });

  it('counts events', () => {
    const node = startNode('input i(x: int);', { maxTuples: 2 });
    node.commit();
    node.commit({ i: [[1], [2]] });
    expect(node.fail({ i: [[1], [2], [3]] }).bound).toBe(true);
  });

  it('counts what effects ask for', () => {
    const text =
      'table big(x: int, y: int); p(x) :- x in range(0, 50); big(x, y)@next :- p(x), p(y);';
    const { diagnostic, bound } = startNode(text, { maxTuples: 1000 }).fail();
    expect([bound, diagnostic.message]).toEqual([
      true,
      'the timestep went beyond 1000 new tuples: big grew by 951, to 951 tuples',
    ]);
  });

  it('counts very large tuples by their size', () => {
    const text = `s(""); s(t ++ repeat("x", 10000)) :- s(t);`;
    const { diagnostic, bound } = startNode(text).fail();
    expect([bound, diagnostic.code]).toEqual([true, 'TRL0808']);
    expect(diagnostic.message).toMatch(
      /^the large tuples of the timestep have a size of more than/,
    );
  });

  it('gives way to an overflow that comes first', () => {
    expect(codeOf('n(9007199254740900); n(x + 1) :- n(x);')).toBe('TRL0802');
  });

  it('stops recursion through several relations', () => {
    const { bound } = startNode('a(0); b(x + 1) :- a(x); a(x + 1) :- b(x);', {
      maxTuples: 50_000,
    }).fail();
    expect(bound).toBe(true);
  });
});

describe('after a failure', () => {
  it('everything is as it was', () => {
    const text = `
      input i(x: int); table t(x: int); t(x) :- i(x); output o(x: int); o(x) :- t(x);
      scratch bad(x: int); bad(1 / x) :- i(x);
    `;
    const node = startNode(text);
    node.fail({ i: [[0]] });
    expect(node.query('t')).toEqual([]);
    node.commit({ i: [[1]] });
    expect(node.query('t')).toEqual(['t(1)']);
    node.fail({ i: [[2], [0]] });
    expect([node.query('t'), node.query('o'), node.query('bad')]).toEqual([
      ['t(1)'],
      ['o(1)'],
      ['bad(1)'],
    ]);
  });

  it('a boot that failed is still to come', () => {
    const text =
      'static s(x: int); s(1); table t(x: int); t(x) :- s(x); input i(x: int); r(1 / x) :- i(x);';
    const node = startNode(text);
    node.fail({ i: [[0]] });
    node.commit();
    expect([node.query('s'), node.query('t')]).toEqual([['s(1)'], ['t(1)']]);
  });
});
