/**
 * The rules by which nodes find out that what they work on together is complete, as a program of the
 * language (COORDINATION 2.10; Mattern, "Algorithms for distributed termination detection",
 * Distributed Computing 2 (1987), section 4, the four-counter method).
 *
 * All nodes go through the same steps, which the first node of the cluster leads: step `t` is in phase
 * `t % phases`. In phase 0 an epoch is open and what entered is worked off; in each of the others
 * what waited for it fires once at every node; the last one, `done`, ends the epoch. A step is over when
 * nothing of what belongs to the barrier is in flight and all nodes are quiet. Each node tells the
 * leader whenever it has become quiet, with how many messages it has sent and received in all. Once
 * these add up, the leader asks all nodes again: if every one answers with the very numbers that it had
 * told before it was asked, they all had them at the moment of the question, and nothing was under
 * way then. What was lost is never received, so the numbers never add up: the step then never ends.
 *
 * An epoch begins when the one before has ended and some node holds inputs back for it, or has something
 * due that the one before has brought about. In the second case nothing enters: on one machine, too, a
 * timestep follows by itself until nothing changes. What comes
 * twice or late changes nothing: nodes go from their step to the next one only.
 */

/** Names of the protocol's relations, which all begin alike. */
export interface ProtocolNames {
  readonly prefix: string;
  readonly pass: string;
  readonly open: string;
  readonly probe: string;
  readonly report: string;
  readonly mark: string;
  readonly quiet: string;
  readonly done: string;
  readonly opened: string;
  readonly running: string;
  readonly past: string;
  readonly due: string;
  readonly fed: string;
  readonly level: (level: number) => string;
}

/** Under the prefix, or one that no relation's name begins with. */
export function protocolNames(relations: Iterable<string>): ProtocolNames {
  const taken = [...relations];
  let prefix = 'barrier';
  for (let n = 2; taken.some((name) => name.startsWith(`${prefix}_`)); n++) prefix = `barrier${n}`;
  return {
    prefix,
    pass: `${prefix}_pass`,
    open: `${prefix}_open`,
    probe: `${prefix}_probe`,
    report: `${prefix}_report`,
    mark: `${prefix}_mark`,
    quiet: `${prefix}_quiet`,
    done: `${prefix}_done`,
    opened: `${prefix}_opened`,
    running: `${prefix}_running`,
    past: `${prefix}_past`,
    due: `${prefix}_due`,
    fed: `${prefix}_fed`,
    level: (level) => `${prefix}_level_${level}`,
  };
}

/** Steps of an epoch: it opens, fires level by level, and ends. */
export function phasesOf(levels: number): number {
  return levels + 2;
}

/** The program's text; `levels`: phases in which something fires before the last. */
export function protocolText({ prefix: b }: ProtocolNames, levels: number): string {
  const phases = phasesOf(levels);
  const firing = Array.from({ length: levels }, (_, i) => i + 1).map(
    (level) => `scratch ${b}_level_${level}();
${b}_level_${level}() :- ${b}_go(t), t % ${phases} == ${level};`,
  );
  return `
static ${b}_lead(node: addr);
static ${b}_size(n: int);
${b}_lead(min<n>) :- cluster(n);
${b}_size(count<n>) :- cluster(n);

/// From one node to another, with each batch that belongs to the barrier: its number between the two.
channel ${b}_mark(@to: addr, from: addr, life: string, number: int);
/// The node has become quiet.
input   ${b}_quiet(sent: int, received: int, held: int, spoilt: bool);
channel ${b}_report(@to: addr, from: addr, step: int, round: int, sent: int, received: int, held: int, due: int, spoilt: bool);
channel ${b}_probe(@to: addr, step: int, round: int);
channel ${b}_pass(@to: addr, step: int);
/// Whether what is held back enters.
channel ${b}_open(@to: addr, step: int, fed: bool);

// Every node: its step, and the leader's last question.
table ${b}_step(key: int => step: int);
table ${b}_asked(key: int => step: int, round: int);
scratch ${b}_go(step: int);
${b}_step(0, 0);
${b}_asked(0, 0, 0);
${b}_go(t) :- ${b}_pass(_, t), ${b}_step(0, u), t == u + 1 | ${b}_open(_, t, _), ${b}_step(0, u), t == u + 1;
upsert ${b}_step(0, t) :- ${b}_go(t);
upsert ${b}_asked(0, t, r) :- ${b}_probe(_, t, r), ${b}_asked(0, u, q), t > u || t == u && r > q;
scratch ${b}_due();
scratch ${b}_more(due: int);
table ${b}_fed(key: int => fed: bool);
${b}_fed(0, true);
upsert ${b}_fed(0, f) :- ${b}_open(_, t, f), ${b}_go(t);
${b}_more(0) :- ${b}_quiet(_, _, _, _), notin ${b}_due();
${b}_more(1) :- ${b}_quiet(_, _, _, _), ${b}_due();
${b}_report(lead, me, t, r, s, g, h, d, b)@async :-
  ${b}_quiet(s, g, h, b), ${b}_more(d), ${b}_step(0, t), ${b}_asked(0, u, q), r = if t == u then q else 0,
  ${b}_lead(lead), self(me);

// What fires in which phase.
${firing.join('\n')}
scratch ${b}_done();
scratch ${b}_opened();
${b}_done() :- ${b}_go(t), t % ${phases} == ${levels + 1};
${b}_opened() :- ${b}_go(t), t % ${phases} == 0;
table ${b}_past(level: int);
${b}_past(t % ${phases})@next :- ${b}_go(t), t % ${phases} > 0, t % ${phases} <= ${levels};
delete ${b}_past(l) :- ${b}_past(l), ${b}_done();
table ${b}_running(key: int);
${b}_running(0);
${b}_running(0)@next :- ${b}_opened();
delete ${b}_running(0) :- ${b}_done();

// The leader: what the nodes have told in this step, and whether it adds up.
table ${b}_at(key: int => step: int, round: int);
table ${b}_heard(from: addr, step: int, round: int => sent: lmax<int>, received: lmax<int>, held: lmax<int>, due: lmax<int>);
table ${b}_spoilt(b: bool);
${b}_at(0, 0, 0);
${b}_heard(n, t, r, s, g, h, d) :- ${b}_report(_, n, t, r, s, g, h, d, _);
${b}_spoilt(true) :- ${b}_report(_, _, _, _, _, _, _, _, true);
delete ${b}_heard(n, t, r, _, _, _, _) :- ${b}_heard(n, t, r, _, _, _, _), ${b}_at(0, u, _), t < u;
scratch ${b}_now(from: addr, sent: int, received: int);
scratch ${b}_sums(nodes: int, sent: int, received: int);
scratch ${b}_even();
${b}_now(n, reveal(s), reveal(g)) :- ${b}_at(0, t, r), ${b}_heard(n, t, r, s, g, _, _);
${b}_sums(count<n>, sum<s>, sum<g>) :- ${b}_now(n, s, g);
${b}_even() :- ${b}_sums(c, s, s), ${b}_size(c), notin ${b}_spoilt(true);

// It asks again, and compares the answers with what they had told before.
table ${b}_base(from: addr => step: int, round: int, sent: int, received: int);
scratch ${b}_moved(from: addr);
scratch ${b}_settled(step: int);
scratch ${b}_ask(step: int, round: int);
${b}_moved(n) :- ${b}_at(0, t, r), ${b}_now(n, s, g), notin ${b}_base(n, t, r, s, g);
${b}_settled(t) :- ${b}_at(0, t, r), r > 0, ${b}_even(), notin ${b}_moved(_);
${b}_ask(t, r + 1) :- ${b}_at(0, t, r), ${b}_even(), notin ${b}_settled(t);
upsert ${b}_at(0, t, r) :- ${b}_ask(t, r);
upsert ${b}_base(n, t, r, s, g) :- ${b}_ask(t, r), ${b}_now(n, s, g);
${b}_probe(n, t, r)@async :- ${b}_ask(t, r), cluster(n);

// A step that is over is followed by the next one; an epoch by the next where something waits for it.
scratch ${b}_fresh();
scratch ${b}_wanted();
scratch ${b}_forth(step: int);
${b}_fresh() :- ${b}_at(0, t, _), ${b}_heard(_, t, _, _, _, h, _), reveal(h) > 0;
${b}_wanted() :- ${b}_fresh();
${b}_wanted() :- ${b}_at(0, t, _), ${b}_heard(_, t, _, _, _, _, d), reveal(d) > 0;
${b}_forth(t + 1) :- ${b}_settled(t), (t + 1) % ${phases} != 0 | ${b}_settled(t), ${b}_wanted();
upsert ${b}_at(0, t, 0) :- ${b}_forth(t);
${b}_pass(n, t)@async :- ${b}_forth(t), t % ${phases} != 0, cluster(n);
${b}_open(n, t, true)@async :- ${b}_forth(t), t % ${phases} == 0, ${b}_fresh(), cluster(n);
${b}_open(n, t, false)@async :- ${b}_forth(t), t % ${phases} == 0, notin ${b}_fresh(), cluster(n);
`;
}
