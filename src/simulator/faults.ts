/**
 * What may go wrong in a run beside delays: frames that are lost, partitions, and crashes. All of it is
 * drawn from the seed, and all of it ends: behind the horizon nothing breaks any more, and what is
 * broken is mended, so that a run shows what a system comes to once its faults are over.
 *
 * A link carries frames over one connection, which loses nothing but what lies in it when it breaks.
 * So a lost frame takes the connection with it, and everything that is on its way in either direction;
 * after a while there is a new one, over which the outboxes send again what was not acknowledged. What
 * is lost for good is what nobody repeats: messages of the ordered log, which has timers for that.
 *
 * A partition breaks all links between two groups of nodes, and mends them at its end.
 *
 * A crash takes a process with all that it has in memory, what it has sent and nobody has received, and
 * what its disk has not yet written. The node comes back with what is durable, and with its facts. Of
 * the members of an ordered log, who forget their votes, no more than a minority crashes.
 */
import { linkName } from './schedule.js';
import type { Schedule } from './schedule.js';
import type { SimulationOptions } from './outcome.js';

/** Two groups of nodes that do not reach each other from one moment to another. */
export interface Partition {
  readonly fromMs: number;
  readonly toMs: number;
  /** One of the groups; the others are the other. */
  readonly group: ReadonlySet<string>;
}

/** A process that ends at one moment, and its successor that starts at another. */
export interface Crash {
  readonly node: string;
  readonly atMs: number;
  readonly backMs: number;
}

const mostPartitions = 3;
const mostCrashes = 3;
/** Who connects again at once, whatever happens, has the network to himself. */
const leastMendMs = 40;

export class Faults {
  readonly partitions: readonly Partition[];
  readonly crashes: readonly Crash[];
  readonly #schedule: Schedule;
  readonly #drop: number;
  readonly #options: SimulationOptions;

  /** `members`: of the ordered log; null without one. */
  constructor(
    options: SimulationOptions,
    schedule: Schedule,
    nodes: readonly string[],
    members: readonly string[] | null,
  ) {
    this.crashes = options.crash === true ? drawCrashes(options, schedule, nodes, members) : [];
    this.#options = options;
    this.#schedule = schedule;
    this.#drop = options.drop ?? 0;
    this.partitions =
      options.partition === true && nodes.length > 1
        ? drawPartitions(options, schedule, nodes)
        : [];
  }

  /** Whether the next frame from one node to the other is lost. */
  isLost(from: string, to: string, nowMs: number): boolean {
    if (this.#drop === 0 || nowMs >= this.#options.untilMs) return false;
    return this.#schedule.chance(`drop:${linkName(from, to)}`, this.#drop);
  }

  /** How long two nodes take to connect again. */
  mendMs(a: string, b: string): number {
    const longestMs = Math.max(this.#options.maxDelayMs, leastMendMs);
    return 1 + this.#schedule.whole(`mend:${linkName(a, b)}`, 0, longestMs);
  }

  /** Whether some partition stands between two nodes. */
  areParted(a: string, b: string, nowMs: number): boolean {
    return this.partitions.some(
      ({ fromMs, toMs, group }) => fromMs <= nowMs && nowMs < toMs && group.has(a) !== group.has(b),
    );
  }
}

/** Much of a run takes place within a few delays from the start. */
function spanOf({ maxDelayMs, bootJitterMs }: SimulationOptions): number {
  return Math.max(4 * maxDelayMs + bootJitterMs, 1);
}

/** When a fault begins: half of them where most happens, the others at any time before the horizon. */
function drawStart(options: SimulationOptions, draw: Draw): number {
  return draw(0, 1) === 0
    ? Math.min(draw(1, spanOf(options)), options.untilMs)
    : draw(0, options.untilMs);
}

type Draw = (low: number, high: number) => number;

function drawCrashes(
  options: SimulationOptions,
  schedule: Schedule,
  nodes: readonly string[],
  members: readonly string[] | null,
): readonly Crash[] {
  const draw: Draw = (low, high) => schedule.whole('crash', low, high);
  const spanMs = spanOf(options);
  const safe = new Set(members);
  for (let left = members === null ? 0 : (members.length - 1) >> 1; left > 0; left--)
    safe.delete([...safe][draw(0, safe.size - 1)]!);
  const mortal = nodes.filter((node) => !safe.has(node));
  if (mortal.length === 0) return [];
  return Array.from({ length: draw(1, mostCrashes) }, () => {
    const atMs = drawStart(options, draw);
    const node = mortal[draw(0, mortal.length - 1)]!;
    return { node, atMs, backMs: atMs + draw(1, spanMs) };
  });
}

function drawPartitions(
  options: SimulationOptions,
  schedule: Schedule,
  nodes: readonly string[],
): readonly Partition[] {
  const { untilMs } = options;
  const spanMs = spanOf(options);
  const draw: Draw = (low, high) => schedule.whole('partition', low, high);
  return Array.from({ length: draw(1, mostPartitions) }, () => {
    const fromMs = drawStart(options, draw);
    const toMs = Math.min(fromMs + draw(1, spanMs), Math.max(untilMs, fromMs + 1));
    const first = draw(0, nodes.length - 1);
    const others = nodes.filter((_, i) => i !== first);
    // At least one node on either side.
    const apart = draw(0, others.length - 1);
    const group = others.filter((_, i) => i !== apart && draw(0, 1) === 1);
    return { fromMs, toMs, group: new Set([nodes[first]!, ...group]) };
  });
}
