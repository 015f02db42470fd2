/** The Dedalus dialect in lockstep: what small programs hold at each time. */
import { describe, expect, it } from 'vitest';
import { contents, timeline } from '../../support/dedalus-run.js';

/** Rows of one relation per time, rows separated by `, `. */
async function rows(
  text: string,
  relation: string,
  eot: number,
  settings: Parameters<typeof contents>[3] = {},
): Promise<readonly string[]> {
  return (await contents(text, relation, eot, settings)).map((each) => each.join(', '));
}

describe('time', () => {
  it('begins at 1, where facts hold once', async () => {
    expect(await rows('p("a", "x")@1;', 'p', 3)).toEqual(['a x', '', '']);
  });

  it('brings facts in when their time comes', async () => {
    const text = 'p("a", 1)@1;\np("a", 2)@3;\np("b", 3)@3;\nq(n, x) :- p(n, x);';
    expect(await rows(text, 'q', 4)).toEqual(['a 1', '', 'a 2, b 3', '']);
  });

  it('gives facts without time to every time', async () => {
    const text = 'p("a", 1);\np("a", 2)@2;\np(n, x)@next :- p(n, y), y == 2, x = 3;';
    expect(await rows(text, 'p', 4)).toEqual(['a 1', 'a 1, a 2', 'a 1, a 3', 'a 1']);
  });

  it('keeps a static that has no rules', async () => {
    const text = 'peer("a", "b");\nq(n, m) :- peer(n, m), tick(n);\ntick("a")@2;';
    expect(await rows(text, 'q', 3)).toEqual(['', 'a b', '']);
  });

  it('derives within one time', async () => {
    const text = `edge("n", 1, 2)@1; edge("n", 2, 3)@1;
      path(N, X, Y) :- edge(N, X, Y);
      path(N, X, Z) :- path(N, X, Y), edge(N, Y, Z);`;
    expect(await rows(text, 'path', 2)).toEqual(['n 1 2, n 1 3, n 2 3', '']);
  });

  it('carries over what @next says', async () => {
    const text = 'p("a", 1)@1;\np(N, X + 1)@next :- p(N, X), X < 3;';
    expect(await rows(text, 'p', 5)).toEqual(['a 1', 'a 2', 'a 3', '', '']);
  });

  it('persists by induction until a deletion', async () => {
    const text = `p("a")@1; stop("a")@3;
      p(N)@next :- p(N), notin stop(N);`;
    expect(await rows(text, 'p', 5)).toEqual(['a', 'a', 'a', '', '']);
  });

  it('lets async tuples arrive in the next round, at the other node', async () => {
    const text = `peer("a", "b"); say("a", "hi")@1;
      heard(M, N, X)@async :- say(N, X), peer(N, M);`;
    expect(await rows(text, 'heard', 3, { nodes: ['a', 'b'] })).toEqual(['', 'b a hi', '']);
  });

  it('sends in every time in which the tuple is derived', async () => {
    const text = `peer("a", "b"); say("a", "hi")@2; say("a", "hi")@4;
      heard(M, X)@async :- say(N, X), peer(N, M);`;
    const settings = { nodes: ['a', 'b'] };
    expect(await rows(text, 'heard', 6, settings)).toEqual(['', '', 'b hi', '', 'b hi', '']);
  });

  it('lets tuples to itself arrive in the next round too', async () => {
    const text = 'go("a")@1;\nback(N)@async :- go(N);';
    expect(await rows(text, 'back', 3)).toEqual(['', 'a', '']);
  });

  it('drops what is sent to a name that is no node', async () => {
    const text = 'go("a", "b")@1; go("a", "z")@1;\nat(M)@async :- go(_, M), here(_);\nhere("a");';
    expect(await rows(text, 'at', 2, { nodes: ['a', 'b'] })).toEqual(['', 'b']);
    expect(await rows(text, 'lost@', 2, { nodes: ['a', 'b'] })).toEqual(['z', '']);
  });

  it('fires a rule only where its first literal is at a node', async () => {
    const text = 'p("a")@1; p("b")@1;\nq(N) :- p(N);';
    expect(await rows(text, 'q', 1, { nodes: ['a'] })).toEqual(['a']);
    expect(await rows(text, 'q', 1)).toEqual(['a, b']);
  });
});

describe('negation and aggregates over time', () => {
  it('negates what holds at the same time', async () => {
    const text =
      'p("a", 1)@1; p("a", 2)@1; p("a", 2)@2; q("a", 2)@1;\nr(N, X) :- p(N, X), notin q(N, X);';
    expect(await rows(text, 'r', 3)).toEqual(['a 1', 'a 2', '']);
  });

  it('negates existentially under a wildcard', async () => {
    const text = 'p("a")@1; p("a")@2; q("a", 7)@2;\nr(N) :- p(N), notin q(N, _);';
    expect(await rows(text, 'r', 2)).toEqual(['a', '']);
  });

  it('counts per node and time', async () => {
    const text = `v("a", 1)@1; v("a", 2)@1; v("b", 9)@1; v("a", 5)@2;
      n(N, count<X>) :- v(N, X);`;
    expect(await rows(text, 'n', 3)).toEqual(['a 2, b 1', 'a 1', '']);
  });

  it.each([
    ['sum', '12'],
    ['min', '2'],
    ['max', '7'],
    ['avg', '4.0'],
  ])('has %s', async (aggregate, expected) => {
    const text = `v("a", 2)@1; v("a", 3)@1; v("a", 7)@1;\nn(N, ${aggregate}<X>) :- v(N, X);`;
    expect(await rows(text, 'n', 1)).toEqual([`a ${expected}`]);
  });

  it('aggregates into the next time', async () => {
    const text = 'v("a", 2)@1; v("a", 3)@1;\nbest(N, max<X>)@next :- v(N, X);';
    expect(await rows(text, 'best', 2)).toEqual(['', 'a 3']);
  });

  it('computes in heads and compares as usual', async () => {
    const text = `v("a", 2, 3)@1;
      w(N, X + Y * 2, (X + Y) * 2, Y - X - 1) :- v(N, X, Y), X <= 2, Y >= 3, X + 1 == Y, X != Y;`;
    expect(await rows(text, 'w', 1)).toEqual(['a 8 10 0']);
  });
});

describe('literals about a point in time', () => {
  it('hold from then on iff the tuple held then', async () => {
    const text = `p("a", 1)@2; p("a", 2)@3; t("a");
      q(N, X) :- t(N), p(N, X)@2;`;
    expect(await rows(text, 'q', 4)).toEqual(['', 'a 1', 'a 1', 'a 1']);
  });

  it('see what rules derive at that time', async () => {
    const text = `p("a", 1)@1; p(N, X + 1)@next :- p(N, X), X < 5; t("a");
      q(N, X) :- t(N), p(N, X)@3;`;
    expect(await rows(text, 'q', 5)).toEqual(['', '', 'a 3', 'a 3', 'a 3']);
  });

  it('negated, hold before that time too', async () => {
    const text = 'p("a")@2; t("a");\nq(N) :- t(N), notin p(N)@2;';
    expect(await rows(text, 'q', 3)).toEqual(['a', '', '']);
  });

  it('make up a body by themselves', async () => {
    const text = 'p("a", "b")@1;\nq(M, N)@async :- p(N, M)@1;';
    expect(await rows(text, 'q', 3, { nodes: ['a', 'b'] })).toEqual(['', 'b a', 'b a']);
  });
});

describe('the end of a run', () => {
  it('comes when nothing changes any more', async () => {
    const text = 'p("a", 1)@1;\np(N, X)@next :- p(N, X);\nlate("a")@4;\nlate(N)@next :- late(N);';
    const { end, at } = await timeline(text, ['p', 'late'], null);
    expect(end).toBe('quiet');
    expect(at.at(-1)).toEqual({ p: ['a 1'], late: ['a'] });
    expect(at.findIndex(({ late }) => late!.length > 0)).toBe(3);
  });

  it('comes at --eot otherwise', async () => {
    const { end, at } = await timeline('p("a", 1)@1;\np(N, X + 1)@next :- p(N, X);', ['p'], 6);
    expect(end).toBe('time');
    expect(at.map(({ p }) => p!.join())).toEqual(['a 1', 'a 2', 'a 3', 'a 4', 'a 5', 'a 6']);
  });

  it('is not taken for rest while facts of the first time still stand', async () => {
    const { at } = await timeline('p("a")@1;', ['p'], null);
    expect(at.map(({ p }) => p!.join())).toEqual(['a', '']);
  });
});

describe('the built-in relations', () => {
  it('clock tells time and arrival for all pairs of nodes', async () => {
    const text = 'p("a")@1; p("b")@1;\nq(N, M, T, U) :- clock(N, M, T, U), T == 2, N != M;';
    expect(await rows(text, 'q', 3)).toEqual(['', 'a b 2 3, b a 2 3', '']);
  });

  it('crash is empty: nothing crashes', async () => {
    const text =
      'p("a")@1; p("b")@1;\nup(N) :- p(N), notin crash(N, N, _);\ndown(N) :- p(N), crash(N, _, _);';
    expect(await rows(text, 'up', 1)).toEqual(['a, b']);
    expect(await rows(text, 'down', 1)).toEqual(['']);
  });

  it('are the only ones: names of .bloom are free', async () => {
    const text = 'self("a", 1)@1; now("a")@1;\nhalt(N, X) :- self(N, X), now(N);';
    expect(await rows(text, 'halt_', 1)).toEqual(['a 1']);
  });
});

describe('names', () => {
  it('may contain dots and question marks, and words of .bloom', async () => {
    const text = `ok?("a", 1)@1; in("a", 2)@1;
      log.entry(table, true) :- ok?(table, true);
      log.entry(N, in.x?) :- in(N, in.x?);`;
    expect(await rows(text, 'log.entry', 1)).toEqual(['a 1, a 2']);
  });

  it('are variables wherever they are not quoted', async () => {
    const text = 'p("a", "x")@1; p("b", "y")@1;\nq(a, x) :- p(a, x);';
    expect(await rows(text, 'q', 1)).toEqual(['a x, b y']);
  });

  it('strings have no escapes', async () => {
    const text = `p("a", "x\\ny")@1; p('b', 'say "hi"')@1;\nq(N, X) :- p(N, X);`;
    expect(await rows(text, 'q', 1)).toEqual(['a x\\ny, b say "hi"']);
  });
});

describe('declarations', () => {
  it('give a relation its kind', async () => {
    const text = `table seen(at: addr, what: string);
      say("a", "x")@1; say("a", "y")@3;
      seen(N, X) :- say(N, X);`;
    expect(await rows(text, 'seen', 4)).toEqual(['a x', 'a x', 'a x, a y', 'a x, a y']);
  });
});
