/**
 * Plans for schedules: simple habits of a network that are good at telling programs apart.
 *
 * A plan gives everything that happens a phase; nothing of a later phase happens before the cluster
 * has come to rest on the earlier ones. That is how a race is directed: hold back whatever a blamed
 * literal waits for until its rule has fired without it, and in another run let it come first. The
 * other habits are those that two or three ordering constraints are made of (Burckhardt et al., A
 * Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, 2010): one at a time, last
 * first, a late node, a slow link, a message that comes again. Behind them stand seeded random ones.
 */
import { Prng } from '../base/prng.js';
import type { SimulationSubject } from './outcome.js';
import { farCountOf } from './far-count.js';
import { finishRun, fireAll } from './play-turns.js';
import type { PlayBounds } from './play-turns.js';
import { TurnCluster } from './turn-cluster.js';
import type { Waiting } from './turn-cluster.js';
import type { Pick, PlayedRun } from './turns.js';

/** How a node takes what waits for it: all at once, or one at a time in either order. */
export type Manner = 'together' | 'forward' | 'backward';

/** Every timer of every node at once. */
export interface Firing {
  /** How often, with all that follows in between. */
  readonly times: number;
  /** Firings of each that are missed before. */
  readonly missed: number;
  /** Whether they fall into the timestep of what comes in the phase. */
  readonly meets: boolean;
}

export interface SchedulePlan {
  readonly name: string;
  /** What waits for a node of this phase or an earlier one comes now; by default phase 1. */
  readonly phaseOf: (node: string, waiting: Waiting) => number;
  readonly bootPhaseOf: (node: string) => number;
  readonly mannerOf: (node: string) => Manner;
  /** Whether a message comes a second time, after everything else has come to rest. */
  readonly comesAgain: (node: string, waiting: Waiting) => boolean;
  /** Phases before which every timer fires, and how. */
  readonly firesBefore: ReadonlyMap<number, Firing>;
}

const plain: SchedulePlan = {
  name: 'plain',
  phaseOf: () => 1,
  bootPhaseOf: () => 0,
  mannerOf: () => 'together',
  comesAgain: () => false,
  firesBefore: new Map(),
};

/** Firings that are many: enough for most that count them. */
const timesOften = 5;

function firing(times: number, missed: number, meets = false): Firing {
  return { times, missed, meets };
}

/** Inputs of a workload that get plans of their own. */
const singledOut = 6;

/**
 * The plans for a subject, the simplest first. `offenders`: relations whose timing is blamed.
 * Endless: after the directed plans come random ones.
 */
export function* schedulePlans(
  subject: SimulationSubject,
  offenders: readonly string[],
  seed: number,
): Generator<SchedulePlan> {
  yield plain;
  yield { ...plain, name: 'forward', mannerOf: () => 'forward' };
  yield { ...plain, name: 'backward', mannerOf: () => 'backward' };
  if (subject.program.periodics.some(({ relation }) => offenders.includes(relation)))
    yield* meetingPlans(subject);
  for (const relation of offenders) yield* offenderPlans(relation);
  yield* inputPlans(subject);
  yield* nodePlans(subject);
  yield { ...plain, name: 'again', comesAgain: () => true };
  yield { ...plain, name: 'again one by one', comesAgain: () => true, mannerOf: () => 'forward' };
  if (subject.program.periodics.length > 0) yield* timerPlans(offenders);
  for (let n = 0; ; n++) yield randomPlan(new Prng(seed).fork(`plan ${n}`), n);
}

function holds(waiting: Waiting, relation: string): boolean {
  return waiting.content.some((part) => part.relation === relation);
}

function* offenderPlans(relation: string): Generator<SchedulePlan> {
  const late: SchedulePlan['phaseOf'] = (_, waiting) => (holds(waiting, relation) ? 2 : 1);
  const early: SchedulePlan['phaseOf'] = (_, waiting) => (holds(waiting, relation) ? 0 : 1);
  yield { ...plain, name: `${relation} late`, phaseOf: late };
  yield { ...plain, name: `${relation} early`, phaseOf: early };
  yield {
    ...plain,
    name: `${relation} late, one by one`,
    phaseOf: late,
    mannerOf: () => 'forward',
  };
  yield {
    ...plain,
    name: `${relation} early, last first`,
    phaseOf: early,
    mannerOf: () => 'backward',
  };
}

function* inputPlans({ workload }: SimulationSubject): Generator<SchedulePlan> {
  const count = Math.min(workload.inputs.length, singledOut);
  const isInput = (waiting: Waiting, index: number): boolean =>
    waiting.pick.kind === 'input' && waiting.pick.index === index;
  for (let index = 0; index < count; index++) {
    const late: SchedulePlan['phaseOf'] = (_, waiting) => (isInput(waiting, index) ? 2 : 1);
    const early: SchedulePlan['phaseOf'] = (_, waiting) => (isInput(waiting, index) ? 0 : 1);
    yield { ...plain, name: `input ${index + 1} late`, phaseOf: late };
    yield { ...plain, name: `input ${index + 1} early`, phaseOf: early };
  }
  yield {
    ...plain,
    name: 'inputs late',
    phaseOf: (_, { pick }) => (pick.kind === 'input' ? 2 : 1),
  };
  const oneByOne: SchedulePlan['phaseOf'] = (_, { pick }) =>
    pick.kind === 'input' ? pick.index + 1 : 0;
  yield { ...plain, name: 'input by input', phaseOf: oneByOne };
  const lastFirst: SchedulePlan['phaseOf'] = (_, { pick }) =>
    pick.kind === 'input' ? workload.inputs.length - pick.index : 0;
  yield { ...plain, name: 'last input first', phaseOf: lastFirst };
  yield {
    ...plain,
    name: 'inputs first',
    phaseOf: (_, { pick }) => (pick.kind === 'input' ? 0 : 1),
  };
}

function* nodePlans({ nodes }: SimulationSubject): Generator<SchedulePlan> {
  if (nodes.length < 2) return;
  for (const late of nodes) {
    const backward: SchedulePlan['mannerOf'] = (node) => (node === late ? 'backward' : 'forward');
    yield { ...plain, name: `${late} last first`, mannerOf: backward };
    const bootPhaseOf: SchedulePlan['bootPhaseOf'] = (node) => (node === late ? 3 : 0);
    yield { ...plain, name: `${late} boots late`, bootPhaseOf };
    const slow: SchedulePlan['phaseOf'] = (_, { pick }) =>
      pick.kind === 'message' && pick.from === late ? 2 : 1;
    yield { ...plain, name: `messages of ${late} late`, phaseOf: slow };
    const slowInputs: SchedulePlan['phaseOf'] = (node, { pick }) =>
      pick.kind === 'input' && node === late ? 2 : 1;
    yield { ...plain, name: `inputs at ${late} late`, phaseOf: slowInputs };
  }
}

function* timerPlans(offenders: readonly string[]): Generator<SchedulePlan> {
  const [once, late, often] = [firing(1, 0), firing(1, 1), firing(timesOften, 0)];
  yield { ...plain, name: 'timers first', firesBefore: new Map([[1, once]]) };
  yield { ...plain, name: 'timers late', firesBefore: new Map([[1, late]]) };
  const name = 'timers in time';
  yield { ...plain, name, phaseOf: inputsBefore, firesBefore: new Map([[2, once]]) };
  for (const relation of offenders) {
    const held: SchedulePlan['phaseOf'] = (_, w) => (holds(w, relation) ? 2 : 1);
    const plan = { ...plain, phaseOf: held };
    yield { ...plan, name: `timers before ${relation}`, firesBefore: new Map([[2, once]]) };
    yield { ...plan, name: `timers long before ${relation}`, firesBefore: new Map([[2, often]]) };
  }
}

const inputsBefore: SchedulePlan['phaseOf'] = (_, { pick }) => (pick.kind === 'input' ? 1 : 2);

/** Timers in the timestep of inputs or of messages, at their next firing, or when they have fired often. */
function* meetingPlans(subject: SimulationSubject): Generator<SchedulePlan> {
  for (const missed of [0, farCountOf(subject)]) {
    const meeting = firing(1, missed, true);
    const how = missed === 0 ? '' : ', late';
    yield { ...plain, name: `timers with inputs${how}`, firesBefore: new Map([[1, meeting]]) };
    const name = `timers with messages${how}`;
    yield { ...plain, name, phaseOf: inputsBefore, firesBefore: new Map([[2, meeting]]) };
  }
}

/** Every batch, node and link draws its own phase and manner. */
function randomPlan(prng: Prng, n: number): SchedulePlan {
  const phases = prng.int(1, 4);
  const drawn = new Map<string, number>();
  const draw = (label: string, below: number): number => {
    const key = `${label} ${below}`;
    let value = drawn.get(key);
    if (value === undefined) drawn.set(key, (value = prng.fork(key).int(0, below - 1)));
    return value;
  };
  const manners: readonly Manner[] = ['together', 'forward', 'backward'];
  const repeats = prng.chance(0.4);
  return {
    name: `random ${n + 1}`,
    phaseOf: (node, { pick }) => draw(`${node} ${JSON.stringify(pick)}`, phases + 1),
    bootPhaseOf: (node) => (draw(`boots ${node}`, 2) === 0 ? 0 : draw(`boot ${node}`, phases + 1)),
    mannerOf: (node) => manners[draw(`manner ${node}`, 3)]!,
    comesAgain: (node, { pick }) =>
      repeats && draw(`again ${node} ${JSON.stringify(pick)}`, 2) === 0,
    firesBefore: new Map(
      [0, 1, 2, 3].flatMap((phase) =>
        draw(`fires ${phase}`, 2) === 0
          ? [[phase, firing(1, draw(`misses ${phase}`, 4) === 0 ? 1 : 0)]]
          : [],
      ),
    ),
  };
}

/** Runs a subject as a plan has it. */
export function playPlan(
  subject: SimulationSubject,
  plan: SchedulePlan,
  bounds: PlayBounds,
): PlayedRun {
  const cluster = new TurnCluster(subject);
  let phase = 0;
  for (;;) {
    const { times, missed, meets } = plan.firesBefore.get(phase) ?? firing(0, 0);
    const ready = (node: string): readonly Pick[] =>
      meets ? picksOf(cluster, plan, node, phase) : [];
    for (let n = 0; n < times; n++) {
      fireAll(cluster, missed, ready);
      if (n < times - 1 && !runPhase(cluster, plan, phase - 1, bounds)) break;
    }
    if (!runPhase(cluster, plan, phase, bounds)) break;
    const later = laterPhases(cluster, plan, phase);
    if (later.length === 0) break;
    phase = Math.min(...later);
  }
  repeatMessages(cluster, plan);
  return finishRun(cluster, bounds);
}

function laterPhases(cluster: TurnCluster, plan: SchedulePlan, phase: number): readonly number[] {
  const phases = cluster.subject.nodes.flatMap((node) =>
    cluster.isBooted(node)
      ? cluster.waiting(node).map((waiting) => plan.phaseOf(node, waiting))
      : [plan.bootPhaseOf(node)],
  );
  const hasTimers = cluster.subject.program.periodics.length > 0;
  const fires = hasTimers ? [...plan.firesBefore.keys()] : [];
  return [...phases, ...fires].filter((one) => one > phase);
}

/** All that may happen in a phase, until the cluster rests; false if the bound came first. */
function runPhase(
  cluster: TurnCluster,
  plan: SchedulePlan,
  phase: number,
  bounds: PlayBounds,
): boolean {
  for (let isBusy = true; isBusy;) {
    isBusy = false;
    for (const node of cluster.subject.nodes) {
      if (cluster.turns.length >= bounds.turns) return false;
      if (!cluster.isBooted(node) && plan.bootPhaseOf(node) > phase) continue;
      isBusy = cluster.play(node, picksOf(cluster, plan, node, phase)) !== null || isBusy;
    }
  }
  return true;
}

function picksOf(
  cluster: TurnCluster,
  plan: SchedulePlan,
  node: string,
  phase: number,
): readonly Pick[] {
  const ready = cluster
    .waiting(node)
    .filter((waiting) => plan.phaseOf(node, waiting) <= phase)
    .map(({ pick }) => pick);
  const manner = plan.mannerOf(node);
  if (manner === 'together') return ready;
  return manner === 'forward' ? ready.slice(0, 1) : ready.slice(-1);
}

function repeatMessages(cluster: TurnCluster, plan: SchedulePlan): void {
  for (const node of cluster.subject.nodes) {
    for (const waiting of cluster.repeatable(node)) {
      const { pick } = waiting;
      if (pick.kind === 'message' && plan.comesAgain(node, waiting))
        cluster.play(node, [{ ...pick, again: true }]);
    }
  }
}
