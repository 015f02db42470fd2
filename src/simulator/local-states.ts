/**
 * One node as a checker of all schedules sees it: a graph of local states, made as it is walked.
 *
 * A timestep is a function of (state, batches), so each is evaluated once, however many schedules
 * come by it; what is left of a schedule is arithmetic on small numbers. A state is what later
 * timesteps depend on, and nothing else: two histories that leave the same are one.
 *
 * A state whose next timestep would change and show nothing is taken as at rest: with or without
 * that timestep, whatever comes next finds the same.
 */
import { assert } from '../base/assert.js';
import { rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type {
  Commit,
  ComparableEvaluator,
  EvaluatorSnapshot,
  NodeIdentity,
  RelationRows,
} from '../evaluator/evaluator.js';
import { groupSends } from '../node/group-sends.js';
import type { Part } from '../node/group-sends.js';
import type { Batch } from '../node/inbox.js';
import { Timesteps } from '../node/timesteps.js';
import type { TimestepsState } from '../node/timesteps.js';
import { factsOf } from '../node/workload.js';
import type { SimulationSubject } from './outcome.js';
import { breaksPromise } from './promises.js';

/** A node's state by number; 0 is the node that has not booted. */
export type LocalState = number;

/** What a timestep brings about. */
export interface LocalStep {
  readonly to: LocalState;
  /** What it sends to each receiver, itself included. */
  readonly sends: readonly Part[];
  /** What it puts forward for the ordered log, an entry each. */
  readonly proposals: readonly (readonly Part[])[];
  /** Tuples of observables that it shows. */
  readonly shown: readonly RelationRows[];
  /** Whether a promise of the program was broken (promises.ts). */
  readonly isBroken: boolean;
}

interface StateEntry {
  /** Of the evaluator's part. */
  readonly evaluatorKey: string;
  readonly snapshot: EvaluatorSnapshot;
  readonly timesteps: TimestepsState;
  readonly isBooted: boolean;
  readonly isHalted: boolean;
  readonly steps: Map<string, LocalStep>;
  readonly contents: Map<string, readonly Row[]>;
  /** By time: the state itself, or where the timestep that is due leads, if it changes and shows nothing. */
  readonly settledTo: Map<number, LocalState>;
}

interface Gathered {
  readonly commits: Commit[];
  hasHalted: boolean;
  isBroken: boolean;
}

function nothingYet(): Gathered {
  return { commits: [], hasHalted: false, isBroken: false };
}

const noChannels: ReadonlySet<string> = new Set();

export class LocalStates {
  readonly node: string;
  readonly #subject: SimulationSubject;
  readonly #evaluator: ComparableEvaluator;
  readonly #timesteps: Timesteps;
  readonly #entries: StateEntry[] = [];
  readonly #numberByKey = new Map<string, LocalState>();
  #gathered = nothingYet();
  #evaluated = 0;

  constructor(
    subject: SimulationSubject,
    node: string,
    makeEvaluator: (identity: NodeIdentity) => ComparableEvaluator,
  ) {
    this.node = node;
    this.#subject = subject;
    const cluster = [...subject.nodes].sort();
    const facts = factsOf(subject.workload, node, cluster, subject.program);
    this.#evaluator = makeEvaluator({ name: node, cluster, facts });
    this.#timesteps = new Timesteps(this.#evaluator, {
      committed: (commit) => {
        this.#gathered.commits.push(commit);
        if (commit.halt !== null) this.#halt();
      },
      failedTogether: () => {},
      failedAlone: (failure) => {
        if (breaksPromise(failure.diagnostic)) this.#gathered.isBroken = true;
      },
      cannotBoot: () => this.#halt(),
      stoppedByHost: () => {},
    });
    this.#timesteps.boot(true);
    this.#enter(false);
  }

  /** Timesteps evaluated so far. */
  get evaluated(): number {
    return this.#evaluated;
  }

  isBooted(state: LocalState): boolean {
    return this.#entry(state).isBooted;
  }

  isHalted(state: LocalState): boolean {
    return this.#entry(state).isHalted;
  }

  /** Whether a timestep is due though nothing comes; of one that has not booted, its boot. */
  isRestless(state: LocalState): boolean {
    const { isHalted, timesteps } = this.#entry(state);
    return !isHalted && timesteps.isRestless;
  }

  /** The timestep over these batches, at this time; `name` is of the batches. */
  step(state: LocalState, batches: readonly Batch[], name: string, nowMs: number): LocalStep {
    const entry = this.#entry(state);
    const key = nowMs === 0 ? name : `${name}@${nowMs}`;
    const known = entry.steps.get(key);
    if (known !== undefined) return known;
    assert(!entry.isHalted, 'a halted node takes no timestep');
    const step = this.#settled(this.#evaluate(state, batches, nowMs), nowMs);
    entry.steps.set(key, step);
    return step;
  }

  /** Content of a relation in a state. */
  content(state: LocalState, relation: string): readonly Row[] {
    const entry = this.#entry(state);
    let rows = entry.contents.get(relation);
    if (rows === undefined) {
      this.#evaluator.restore(entry.snapshot);
      rows = this.#evaluator.query(relation);
      entry.contents.set(relation, rows);
    }
    return rows;
  }

  #evaluate(state: LocalState, batches: readonly Batch[], nowMs: number): LocalStep {
    const { snapshot, timesteps } = this.#entry(state);
    this.#evaluator.restore(snapshot);
    this.#timesteps.resume(timesteps);
    this.#gathered = nothingYet();
    this.#evaluated += 1;
    this.#timesteps.run(batches, nowMs);
    const { commits } = this.#gathered;
    const { locationByRelation, orderedLog } = this.#subject.program;
    const groups = commits.map(({ sends }) =>
      groupSends(sends, this.node, locationByRelation, orderedLog?.channels ?? noChannels),
    );
    return {
      to: this.#enter(true),
      sends: groups.flatMap(({ direct }) => direct),
      proposals: groups.flatMap(({ logged }) => (logged.length === 0 ? [] : [logged])),
      shown: commits.flatMap(({ released, viewChanges }) => [
        ...released,
        ...viewChanges.map(({ relation, added }) => ({ relation, rows: added })),
      ]),
      isBroken: this.#gathered.isBroken,
    };
  }

  /** Goes on from a state that asks for a timestep, if that timestep shows and changes nothing. */
  #settled(step: LocalStep, nowMs: number): LocalStep {
    const { settledTo } = this.#entry(step.to);
    let to = settledTo.get(nowMs);
    if (to === undefined) settledTo.set(nowMs, (to = this.#settledTo(step.to, nowMs)));
    return to === step.to ? step : { ...step, to };
  }

  #settledTo(state: LocalState, nowMs: number): LocalState {
    const { timesteps, isHalted, evaluatorKey } = this.#entry(state);
    if (isHalted || !timesteps.isRestless || timesteps.nextTuples.length > 0) return state;
    const idle = this.#evaluate(state, [], nowMs);
    const after = this.#entry(idle.to);
    const isIdle =
      !idle.isBroken &&
      idle.sends.length === 0 &&
      idle.proposals.length === 0 &&
      idle.shown.every(({ rows }) => rows.length === 0) &&
      after.evaluatorKey === evaluatorKey &&
      after.timesteps.nextTuples.length === 0;
    return isIdle ? idle.to : state;
  }

  #halt(): void {
    this.#gathered.hasHalted = true;
    this.#timesteps.stop();
  }

  /** The number of the state in which evaluator and timesteps now are. */
  #enter(isBooted: boolean): LocalState {
    const timesteps = this.#timesteps.state;
    const isHalted = this.#gathered.hasHalted;
    const next = timesteps.nextTuples.map(({ relation, rows }) => [relation, rows.map(rowKey)]);
    const flags = [isBooted, isHalted, timesteps.isRestless, timesteps.boot !== null];
    const evaluatorKey = this.#evaluator.stateKey();
    const key = `${flags.map(Number).join('')}${JSON.stringify(next)}${evaluatorKey}`;
    const known = this.#numberByKey.get(key);
    if (known !== undefined) return known;
    const number = this.#entries.length;
    this.#numberByKey.set(key, number);
    this.#entries.push({
      evaluatorKey,
      settledTo: new Map(),
      snapshot: this.#evaluator.snapshot(),
      timesteps,
      isBooted,
      isHalted,
      steps: new Map(),
      contents: new Map(),
    });
    return number;
  }

  #entry(state: LocalState): StateEntry {
    return this.#entries[state]!;
  }
}
