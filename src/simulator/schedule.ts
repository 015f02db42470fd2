/**
 * The scheduler's choices: when nodes boot, how long each message takes, when inputs enter, how
 * long a node waits before it runs a timestep, and who goes first at one moment.
 *
 * Random search finds a dependence on order sooner when whole schedules have a habit than when
 * every choice is independent (Burckhardt et al., A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs, 2010, section 2: few bugs need more than two or three ordering
 * constraints, so a schedule that is extreme in one respect meets them often). The style is a
 * function of the seed alone, and consecutive seeds go through all styles in turn.
 *
 * Every choice is drawn from a stream of its own, named for what it decides (`delay:a>b`,
 * `input:...`): one more message on one link changes nothing on another.
 * All choices respect the options: no delay is longer than `maxDelayMs`, no boot later than
 * `bootJitterMs`.
 */
import { Prng } from '../base/prng.js';
import { defined } from '../base/assert.js';
import type { ScheduleStyle, SimulationOptions } from './outcome.js';

/** Every style, in the order in which seeds go through them. */
export const scheduleStyles: readonly ScheduleStyle[] = [
  'even',
  'trickle',
  'reversed',
  'slow-link',
  'gathered',
  'long-tail',
  'late-boot',
  'slow-node',
  'prompt',
];

/** The style that a seed stands for. */
export function styleOfSeed(seed: number): ScheduleStyle {
  const count = scheduleStyles.length;
  return scheduleStyles[((Math.trunc(seed) % count) + count) % count]!;
}

/** A name for a directed link, different for different links whatever the nodes are called. */
export function linkName(from: string, to: string): string {
  return `${from.length}:${from}>${to}`;
}

/** When something happens from now, and its place among what happens at that moment. */
export interface Choice {
  readonly delayMs: number;
  readonly tie: number;
}

export class Schedule {
  readonly style: ScheduleStyle;
  readonly #options: SimulationOptions;
  readonly #nodes: readonly string[];
  readonly #streams = new Map<string, Prng>();
  readonly #bootMsByNode: ReadonlyMap<string, number>;
  readonly #slowNode: string;
  readonly #slowLink: string;
  readonly #reversedNodes: ReadonlySet<string>;
  /** Half of the runs have most of their inputs at about one time. */
  readonly #isBurst: boolean;
  #sent = 0;

  constructor(options: SimulationOptions, nodes: readonly string[]) {
    this.#options = options;
    this.#nodes = nodes;
    this.style = options.style ?? styleOfSeed(options.seed);
    this.#slowNode = this.#pick('slow-node');
    this.#slowLink = linkName(this.#pick('slow-link from'), this.#pick('slow-link to'));
    this.#reversedNodes = new Set(nodes.filter((node) => this.chance(`reversed:${node}`, 0.5)));
    this.#isBurst = this.chance('burst', 0.5);
    this.#bootMsByNode = new Map(nodes.map((node) => [node, this.#chooseBootMs(node)]));
  }

  bootMs(node: string): number {
    return defined(this.#bootMsByNode.get(node), `boot time of ${node}`);
  }

  /** Delay of one frame, or of what a node sends to itself. */
  message(from: string, to: string, nowMs: number): Choice {
    const stream = this.#stream(`delay:${linkName(from, to)}`);
    if (this.style === 'reversed') return this.#reverse(to, nowMs);
    if (this.style === 'gathered') return this.#gather(stream, nowMs);
    return { delayMs: this.#messageDelayMs(stream, from, to), tie: stream.next() };
  }

  /** How long a node that asks for a timestep waits for it. */
  tick(node: string): Choice {
    const stream = this.#stream(`tick:${node}`);
    const longest = this.#options.maxDelayMs;
    if (this.style === 'gathered') return { delayMs: 0, tie: afterAll };
    if (this.style === 'slow-node' && node === this.#slowNode) {
      return { delayMs: stream.int(0, longest), tie: afterAll };
    }
    if (this.style === 'prompt' || this.style === 'trickle' || this.style === 'reversed')
      return beforeAll;
    const coin = stream.int(0, 3);
    if (coin < 2) return beforeAll;
    return { delayMs: coin === 2 ? 0 : stream.int(0, longest >> 1), tie: afterAll };
  }

  /** Times of the inputs whose time is left to the scheduler, given by labels that stay the same when others are left out. */
  inputs(labels: readonly string[], longestPeriodMs: number): readonly Choice[] {
    if (this.style === 'trickle') return this.#trickle(labels, longestPeriodMs);
    const { maxDelayMs, bootJitterMs, untilMs } = this.#options;
    const half = untilMs >> 1;
    const usualMs = Math.min(2 * maxDelayMs + bootJitterMs, half);
    const burstMs = this.style === 'gathered' ? 0 : maxDelayMs >> 2;
    const soonMs = this.#isBurst || this.style === 'gathered' ? Math.min(burstMs, half) : usualMs;
    const lateMs = Math.min(Math.max(4 * usualMs, 3 * longestPeriodMs), half);
    return labels.map((label) => {
      const stream = this.#stream(`input:${label}`);
      // Some come when everything has long been at rest, or between firings of a periodic.
      const spreadMs = stream.chance(0.2) ? lateMs : soonMs;
      return { delayMs: stream.int(0, spreadMs), tie: stream.next() };
    });
  }

  /** Whether something happens that has this probability; `purpose` names the stream. */
  chance(purpose: string, probability: number): boolean {
    return this.#stream(purpose).chance(probability);
  }

  /** A whole number from `low` to `high`, drawn from the stream that `purpose` names. */
  whole(purpose: string, low: number, high: number): number {
    return this.#stream(purpose).int(low, high);
  }

  /** The place of an event whose time is given. */
  tie(purpose: string): number {
    return this.#stream(purpose).next();
  }

  /** Inputs one by one in some order, each far enough from the next for the system to come to rest. */
  #trickle(labels: readonly string[], longestPeriodMs: number): readonly Choice[] {
    const { maxDelayMs, bootJitterMs, untilMs } = this.#options;
    const restMs = Math.max(8 * maxDelayMs, Math.ceil(1.3 * longestPeriodMs), 1);
    const gapMs = Math.min(restMs, Math.max(1, Math.floor(untilMs / 2 / (labels.length + 2))));
    const ranked = labels.map((label, index) => ({
      index,
      draw: this.#stream(`input:${label}`).next(),
    }));
    ranked.sort((a, b) => a.draw - b.draw || a.index - b.index);
    const choices: Choice[] = [];
    const skipped = this.#stream('trickle').int(0, 2);
    for (const [place, { index, draw }] of ranked.entries()) {
      choices[index] = { delayMs: bootJitterMs + (skipped + place) * gapMs, tie: draw };
    }
    return choices;
  }

  #messageDelayMs(stream: Prng, from: string, to: string): number {
    const longest = this.#options.maxDelayMs;
    const short = Math.ceil(longest / 10);
    const isSlow =
      (this.style === 'slow-node' && (from === this.#slowNode || to === this.#slowNode)) ||
      (this.style === 'slow-link' && linkName(from, to) === this.#slowLink) ||
      (this.style === 'long-tail' && stream.chance(0.2));
    if (isSlow) return stream.int(longest - short, longest);
    const isEven = this.style === 'even' || this.style === 'late-boot';
    return stream.int(0, isEven ? longest : short);
  }

  /** All messages of a window arrive at its end, or at the end of the next, so that timesteps take many at once. */
  #gather(stream: Prng, nowMs: number): Choice {
    const windowMs = this.#options.maxDelayMs >> 1;
    const tie = stream.next();
    if (windowMs === 0) return { delayMs: 0, tie };
    const delayMs = windowMs - (nowMs % windowMs);
    return { delayMs: stream.chance(0.25) ? delayMs + windowMs : delayMs, tie };
  }

  /**
   * All messages of a window arrive at its end: at some nodes the last one first, at the others in
   * the order of sending, so that replicas see opposite orders.
   */
  #reverse(to: string, nowMs: number): Choice {
    const windowMs = this.#options.maxDelayMs;
    const delayMs = windowMs === 0 ? 0 : windowMs - (nowMs % windowMs);
    this.#sent += 1;
    return { delayMs, tie: this.#reversedNodes.has(to) ? -this.#sent : 1 - 1 / this.#sent };
  }

  #chooseBootMs(node: string): number {
    const jitterMs = this.#options.bootJitterMs;
    const stream = this.#stream(`boot:${node}`);
    if (this.style === 'gathered') return 0;
    if (this.style !== 'late-boot') return stream.int(0, jitterMs);
    return node === this.#slowNode ? jitterMs : stream.int(0, Math.floor(jitterMs / 10));
  }

  #pick(purpose: string): string {
    return this.#nodes[this.#stream(purpose).int(0, this.#nodes.length - 1)] ?? '';
  }

  #stream(purpose: string): Prng {
    let stream = this.#streams.get(purpose);
    if (stream === undefined) {
      stream = new Prng(this.#options.seed).fork(purpose);
      this.#streams.set(purpose, stream);
    }
    return stream;
  }
}

/** Ties drawn from streams lie in [0, 1), and reversed messages below zero. */
const afterAll = 2;
const beforeAll: Choice = { delayMs: 0, tie: Number.NEGATIVE_INFINITY };
