/** Protocols in the style of the Molly fault injector: lockstep rounds, assertions, schedules. */
import { describe, expect, it } from 'vitest';
import { compileDed, contents, exploreDed, soundDed } from '../../support/dedalus-run.js';

async function rows(...of: Parameters<typeof contents>): Promise<readonly string[]> {
  return (await contents(...of)).map((each) => each.join(', '));
}

const triangle = `
// everybody knows everybody
peer("a", "b")@1; peer("a", "c")@1; peer("b", "a")@1;
peer("b", "c")@1; peer("c", "a")@1; peer("c", "b")@1;
peer(N, M)@next :- peer(N, M);
`;

const delivery = `
lacks(M, P) :- stored(N, P), peer(N, M), notin stored(M, P);
pre(N, P) :- stored(N, P), notin origin(N, P)@1, notin crash(N, N, _);
post(N, P) :- stored(N, P), notin lacks(_, P);
`;

const once = `
include "triangle.ded";
origin("a", "note")@1;
stored(N, P) :- origin(N, P);
stored(N, P)@next :- stored(N, P);
stored(M, P)@async :- origin(N, P), peer(N, M);
`;

const files = { 'triangle.ded': triangle, 'delivery.ded': delivery, 'once.ded': once };

describe('a best-effort broadcast', () => {
  const text = `${once}\ninclude "delivery.ded";`;

  it('reaches everybody in the second round', async () => {
    expect(await rows(text, 'stored', 3, { files })).toEqual([
      'a note',
      'a note, b note, c note',
      'a note, b note, c note',
    ]);
  });

  it('keeps its promise from then on', async () => {
    expect(await rows(text, 'pre', 3, { files })).toEqual(['', 'b note, c note', 'b note, c note']);
    expect(await rows(text, 'post', 3, { files })).toEqual([
      '',
      'a note, b note, c note',
      'a note, b note, c note',
    ]);
  });

  it('shows post', () => {
    expect(soundDed(text, { files }).observables).toEqual(['post']);
  });

  it('ends in post under every schedule', () => {
    const { outcomes, observables } = exploreDed(text, { runs: 12 }, { files });
    expect([...observables]).toEqual([['post', 'view']]);
    expect(outcomes.map(({ count, quiescent }) => [count, quiescent])).toEqual([[12, true]]);
    expect(outcomes[0]!.outcome.final.get('post')).toEqual([
      ['a', 'note'],
      ['b', 'note'],
      ['c', 'note'],
    ]);
  });

  it('is analysed: what is kept is confluent, the promise convergent', () => {
    const settings = { files, options: { observe: ['stored', 'post'] } };
    const { confluence } = compileDed(text, settings).compiled!;
    expect(confluence.observables.map(({ relation, verdict }) => [relation, verdict])).toEqual([
      ['post', 'convergent'],
      ['stored', 'confluent'],
    ]);
  });
});

describe('a broadcast that retries until it hears an ack', () => {
  const text = `
    include "triangle.ded";
    origin("a", "note")@1;
    stored(N, P) :- origin(N, P);
    stored(N, P)@next :- stored(N, P);
    wants(N, M, P) :- stored(N, P), peer(N, M), notin ack(N, M, P);
    offer(M, N, P)@async :- wants(N, M, P);
    stored(M, P) :- offer(M, _, P);
    ack(N, M, P)@async :- offer(M, N, P);
    ack(N, M, P)@next :- ack(N, M, P);
    retries(N, count<M>) :- wants(N, M, _);
  `;

  it('stops once everybody has answered', async () => {
    expect(await rows(text, 'retries', 6, { files })).toEqual([
      'a 2',
      'a 2, b 2, c 2',
      'b 2, c 2',
      '',
      '',
      '',
    ]);
  });

  it('comes to rest under every schedule', () => {
    const settings = { files, options: { observe: ['stored'] } };
    const { outcomes } = exploreDed(text, { runs: 8 }, settings);
    expect(outcomes.map(({ count, quiescent }) => [count, quiescent])).toEqual([[8, true]]);
  });
});

describe('a broadcast that everybody relays once', () => {
  const text = `
    peer("a", "b"); peer("b", "c"); peer("c", "d"); peer("d", "a");
    got("a", "a", "note")@1;
    kept(N, P) :- got(N, _, P);
    kept(N, P)@next :- kept(N, P);
    fresh(N, P) :- got(N, _, P), notin before(N, P);
    before(N, P)@next :- kept(N, P);
    got(M, N, P)@async :- fresh(N, P), peer(N, M);
  `;

  it('runs around the ring once', async () => {
    expect(await rows(text, 'got', 6)).toEqual([
      'a a note',
      'b a note',
      'c b note',
      'd c note',
      'a d note',
      '',
    ]);
  });

  it('reaches everybody under every schedule', () => {
    const { outcomes } = exploreDed(text, { runs: 8 }, { options: { observe: ['kept'] } });
    expect(outcomes).toHaveLength(1);
    expect(outcomes[0]!.outcome.final.get('kept')!.map(([node]) => node)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });
});

const twoPhase = `
  start("K", "t1")@1;
  member("K", "p"); member("K", "q"); member("p", "p"); member("q", "q");
  open(K, T) :- start(K, T);
  open(K, T)@next :- open(K, T), notin done(K, T);
  ask(P, K, T)@async :- start(K, T), member(K, P);
  vote(K, P, T, "yes")@async :- ask(P, K, T), willing(P, T);
  vote(K, P, T, "no")@async :- ask(P, K, T), notin willing(P, T);
  vote(K, P, T, V)@next :- vote(K, P, T, V);
  waits(K, T) :- open(K, T), member(K, P), notin vote(K, P, T, "yes");
  decide(K, T, "abort") :- open(K, T), vote(K, _, T, "no");
  decide(K, T, "commit") :- open(K, T), notin waits(K, T);
  done(K, T) :- decide(K, T, _);
  outcome(P, T, D)@async :- decide(K, T, D), member(K, P);
  outcome(P, T, D)@next :- outcome(P, T, D);

  differ(T) :- outcome(P, T, D), outcome(Q, T, E), D != E;
  pre("agreement", T) :- outcome(_, T, _);
  post("agreement", T) :- outcome(_, T, _), notin differ(T);
`;

describe('two-phase commit', () => {
  const yes = 'willing("p", "t1"); willing("q", "t1");';
  const no = 'willing("p", "t1");';

  it('commits in four rounds if all are willing', async () => {
    const text = twoPhase + yes;
    expect(await rows(text, 'decide', 5)).toEqual(['', '', 'K t1 commit', '', '']);
    expect(await rows(text, 'outcome', 5)).toEqual([
      '',
      '',
      '',
      'p t1 commit, q t1 commit',
      'p t1 commit, q t1 commit',
    ]);
  });

  it('aborts if one is not', async () => {
    expect(await rows(twoPhase + no, 'decide', 4)).toEqual(['', '', 'K t1 abort', '']);
  });

  it('agrees, looking at all nodes at once', async () => {
    expect(await rows(twoPhase + yes, 'pre', 4)).toEqual(['', '', '', 'agreement t1']);
    expect(await rows(twoPhase + yes, 'post', 4)).toEqual(['', '', '', 'agreement t1']);
  });

  it('agrees under every schedule', () => {
    const { outcomes, violations } = exploreDed(twoPhase + yes, { runs: 12 });
    expect(violations).toEqual([]);
    expect(outcomes.map(({ outcome }) => outcome.final.get('post'))).toEqual([
      [['agreement', 't1']],
    ]);
  });

  it('has no warnings: everything but the assertions is local', () => {
    expect(compileDed(twoPhase + yes).diagnostics).toEqual([]);
  });
});

describe('a protocol whose outcome the schedule decides', () => {
  const text = `
    peer("a", "k"); peer("b", "k"); seat("k", "s");
    wish("a", "ann")@1; wish("b", "bob")@1;
    ask(K, W)@async :- wish(N, W), peer(N, K);
    taken(K, W) :- ask(K, W), notin sold(K, _), first(K, W);
    first(K, min<W>) :- ask(K, W);
    sold(K, W)@next :- taken(K, W);
    sold(K, W)@next :- sold(K, W);
    post(K, W) :- sold(K, W);
  `;

  it('is one thing in lockstep', async () => {
    expect(await rows(text, 'post', 4)).toEqual(['', '', 'k ann', 'k ann']);
  });

  it('is two things under the simulator, and not called confluent', () => {
    const { outcomes } = exploreDed(text, { runs: 40 });
    const sold = outcomes.map(({ outcome }) => outcome.final.get('post'));
    expect(sold).toHaveLength(2);
    expect(sold).toEqual(expect.arrayContaining([[['k', 'ann']], [['k', 'bob']]]));
    const { confluence } = compileDed(text).compiled!;
    expect(confluence.observables.map(({ verdict }) => verdict)).toEqual(['divergent']);
  });
});

describe('facts of a later time', () => {
  it('come in at a node of its own when its own time is there', () => {
    const text = `say("a", "x")@3; say("b", "y")@2;
      kept(N, W) :- say(N, W);
      kept(N, W)@next :- kept(N, W);
      was(N, W) :- kept(N, W), say(N, W)@3;`;
    const { outcomes } = exploreDed(text, { runs: 4 }, { options: { observe: ['kept', 'was'] } });
    expect(outcomes).toHaveLength(1);
    expect(outcomes[0]!.outcome.final.get('kept')).toEqual([
      ['a', 'x'],
      ['b', 'y'],
    ]);
    expect(outcomes[0]!.outcome.final.get('was')).toEqual([['a', 'x']]);
  });
});

describe('a send that stands', () => {
  it('goes out in every timestep of its node', () => {
    const text = `peer("a", "b"); peer("b", "b");
      wake("a")@3;
      hello(M, N)@async :- peer(N, M), N != M;
      heard(M, N) :- hello(M, N);
      again(M, N)@async :- heard(M, N), first(M, N);
      first(M, N)@next :- heard(M, N);
      first(M, N)@next :- first(M, N);
      post(M, N) :- again(M, N);
      again(M, N)@next :- again(M, N);`;
    // Nothing is duplicated on the way: a second arrival was sent a second time.
    const { outcomes } = exploreDed(text, { runs: 6, eot: 20, duplicate: 0 });
    expect(outcomes.map(({ outcome }) => outcome.final.get('post'))).toContainEqual([['b', 'a']]);
  });
});

describe('rules that look at several nodes', () => {
  const text = `
    client("a")@1; client(N)@next :- client(N);
    server("b", "srv")@1; server(N, S)@next :- server(N, S);
    hello(N, S)@async :- client(N), server(M, S);
  `;

  it('see all nodes in lockstep', async () => {
    expect(await rows(text, 'hello', 2)).toEqual(['', 'a srv']);
  });

  it('see their own node under the simulator, with a warning', () => {
    const { diagnostics } = compileDed(text);
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['TRL0461', 'warning'],
    ]);
    const { outcomes } = exploreDed(text, { runs: 3 }, { options: { observe: ['hello'] } });
    expect(outcomes.map(({ outcome }) => outcome.final.get('hello'))).toEqual([[]]);
  });

  it('may sit elsewhere than their body where nothing is sent', async () => {
    const assertions = `
      seen("a", 1)@1; seen("b", 2)@1;
      total("all", sum<X>) :- seen(_, X);
      both("yes") :- seen("a", _), seen("b", _);
      post(W, S) :- total(W, S), both(_);
    `;
    expect(await rows(assertions, 'post', 2)).toEqual(['all 3', '']);
    expect(
      compileDed(assertions).diagnostics.filter(({ severity }) => severity === 'error'),
    ).toEqual([]);
  });
});

describe('include', () => {
  it('takes a file once, however often it is included', async () => {
    const all = {
      'lib/one.ded': 'include "two.ded";\np("a", 1)@1;',
      'lib/two.ded': 'include "one.ded";\np("a", 2)@1;\nn(N, count<X>) :- p(N, X);',
    };
    const text = 'include "one.ded";\ninclude "./two.ded";\ninclude "one.ded";';
    expect(await rows(text, 'n', 1, { files: all, path: 'lib/main.ded' })).toEqual(['a 2']);
  });

  it('resolves against the folder of the first file', async () => {
    const all = {
      'app/sub/part.ded': 'include "sub/facts.ded";\nq(N) :- p(N);',
      'app/sub/facts.ded': 'p("a")@1;',
    };
    const text = 'include "sub/part.ded";';
    expect(await rows(text, 'q', 1, { files: all, path: 'app/main.ded' })).toEqual(['a']);
  });

  it('tells what file is missing', () => {
    const { diagnostics } = compileDed('include "gone.ded";\np("a")@1;');
    expect(diagnostics.map(({ code }) => code)).toEqual(['TRL0261']);
    expect(diagnostics[0]!.message).toContain('gone.ded');
  });

  it('reports mistakes in the file they are in', () => {
    const { diagnostics } = compileDed('include "bad.ded";', { files: { 'bad.ded': 'p("a"@1;' } });
    expect(diagnostics.map(({ code, primary }) => [code, primary!.span.file.path])).toEqual([
      ['TRL0109', 'bad.ded'],
    ]);
  });
});
