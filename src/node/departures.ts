/**
 * What committed timesteps send, on its way out of a node: sorted by receivers and numbered where a
 * barrier counts; what is durable is posted before its timestep is stored, and everything is released
 * afterwards, to links, lanes, the ordered log, or the node itself.
 */
import type { Value } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Barrier } from './barrier.js';
import type { NodeConfiguration } from './configuration.js';
import type { NodeCounters } from './counters.js';
import { durableTest } from './durable-content.js';
import { durableWaits } from './durable-reports.js';
import type { DurableTraffic } from './durable-traffic.js';
import type { NodeEffect } from './events.js';
import { groupSends, type Part } from './group-sends.js';
import type { Journal } from './journal.js';
import type { Links } from './links.js';
import type { LogPort } from './log-port.js';
import { isWorthReporting, outboxOverflow, unknownAddress } from './node-reports.js';
import type { Reporter } from './reporter.js';
import type { StoredFrame } from './storage.js';

const noChannels: ReadonlySet<string> = new Set();

/** What one timestep sends: directly, some of it through durable lanes, and through the ordered log. */
export interface PreparedSends {
  readonly direct: readonly (Part | StoredFrame)[];
  readonly logged: readonly Part[];
}

export interface DepartureParts {
  readonly configuration: NodeConfiguration;
  readonly links: Links;
  readonly lanes: DurableTraffic;
  readonly journal: Journal;
  readonly barrier: Barrier | null;
  readonly counters: NodeCounters;
  readonly reporter: Reporter;
  readonly emit: (effect: NodeEffect) => void;
}

export class Departures {
  readonly #parts: DepartureParts;
  readonly #name: string;
  readonly #isDurable: (content: readonly RelationRows[]) => boolean;

  constructor(parts: DepartureParts) {
    this.#parts = parts;
    this.#name = parts.configuration.name;
    this.#isDurable = durableTest(parts.configuration.program);
  }

  /** Sorts what is sent; what goes through lanes is posted, so that it is stored with the timestep. */
  prepare(sends: readonly RelationRows[], timestep: number): PreparedSends {
    const { configuration, barrier } = this.#parts;
    const { locationByRelation, orderedLog } = configuration.program;
    const channels = orderedLog?.channels ?? noChannels;
    const { own, spoken } = barrier?.apart(sends) ?? { own: sends, spoken: [] };
    const groups = groupSends(own, this.#name, locationByRelation, channels);
    const about = groupSends(spoken, this.#name, locationByRelation, noChannels);
    for (const address of groups.misaddressed) this.#noteUnknown(address, false);
    const direct: (Part | StoredFrame)[] = [];
    for (const bare of this.#reachable([...groups.direct, ...about.direct])) {
      const part = this.#numbered(bare);
      const isDurable = configuration.hasStorage && this.#isDurable(part.content);
      direct.push(isDurable ? this.#post(part, timestep) : part);
    }
    return { direct, logged: this.#reachable(groups.logged).map((part) => this.#numbered(part)) };
  }

  /** `id`: of the entry that the timestep proposes to the log, if it does. */
  release(
    { direct, logged }: PreparedSends,
    timestep: number,
    log: LogPort | null,
    id: string,
  ): void {
    const { lanes, journal, emit } = this.#parts;
    for (const one of direct) {
      if ('receiver' in one) this.#sendPart(one, timestep);
      else lanes.release(one);
    }
    if (logged.length === 0 || log === null) return;
    journal.whenDurable(() => {
      for (const effect of log.propose(id, logged)) emit(effect);
    });
  }

  #post(part: Part, timestep: number): StoredFrame {
    const { lanes, configuration, reporter } = this.#parts;
    const { waiting, ...frame } = lanes.post(part, timestep);
    const many = waiting / configuration.outboxFrames;
    if (Number.isInteger(many) && isWorthReporting(many))
      reporter.report(durableWaits(this.#name, part.receiver, waiting));
    return frame;
  }

  #sendPart(part: Part, timestep: number): void {
    const { links, barrier, counters, reporter, emit } = this.#parts;
    const { receiver, content } = part;
    if (receiver === this.#name) return emit({ kind: 'loop', batch: content });
    if (barrier?.speaksIn(part) === true) counters.barrierMessages += 1;
    const dropped = links.sendBatch(receiver, timestep, content);
    if (dropped === 0) return;
    counters.droppedFrames += dropped;
    reporter.reportSome(`overflow ${receiver}`, (count) =>
      outboxOverflow(this.#name, receiver, count),
    );
  }

  /** With its number, if a barrier counts it. */
  #numbered(part: Part): Part {
    return this.#parts.barrier?.numbered(part) ?? part;
  }

  /** The parts that go out or wait; those for names outside the cluster may not. */
  #reachable(parts: readonly Part[]): readonly Part[] {
    const { cluster, unknownAddress: policy } = this.#parts.configuration;
    return parts.filter(({ receiver }) => {
      if (cluster.includes(receiver)) return true;
      this.#noteUnknown(receiver, policy === 'hold');
      return policy === 'hold';
    });
  }

  #noteUnknown(address: Value, isHeld: boolean): void {
    this.#parts.counters.unknownAddresses += 1;
    const label = typeof address === 'string' ? `address ${address}` : 'no address';
    this.#parts.reporter.reportOnce(label, unknownAddress(this.#name, address, isHeld));
  }
}
