/** A node of a simulated run: its process, and what outlives it. */
import type { NodeCounters } from '../node/counters.js';
import type { Node } from '../node/node.js';
import { MemoryStorage } from '../storage/memory-storage.js';
import { makeNode } from './make-node.js';
import type { SimulationSubject } from './outcome.js';
import { Timers } from './timers.js';

export interface SimulatedNode {
  readonly name: string;
  readonly bootMs: number;
  machine: Node;
  timers: Timers;
  /** Which of its processes this is, from 1. */
  life: number;
  /** What outlives its processes; null where nothing is durable, or nothing crashes. */
  readonly storage: MemoryStorage | null;
  /** When the last write is done. */
  writtenMs: number;
  booted: boolean;
  /** Ticks issued to this process: what the bound counts. */
  ticks: number;
  state: 'running' | 'bounded' | 'halted';
  /** What the processes before this one have counted. */
  readonly past: Readonly<NodeCounters>[];
  /** When it is back, while it is down. */
  backMs: number;
}

/** A node that has not booted. `mayCrash`: whether what is durable needs a disk. */
export function startSimulatedNode(
  subject: SimulationSubject,
  name: string,
  bootMs: number,
  mayCrash: boolean,
): SimulatedNode {
  const { durable } = subject.program;
  const storage = mayCrash && durable.length > 0 ? new MemoryStorage(durable) : null;
  return {
    name,
    bootMs,
    machine: makeNode(subject, name, storage !== null),
    timers: new Timers(),
    life: 1,
    storage,
    writtenMs: 0,
    booted: false,
    ticks: 0,
    state: 'running',
    past: [],
    backMs: 0,
  };
}

/**
 * Ends the process with all that it has in memory; the next one, not booted yet, takes its place. Of
 * what waits for the disk the first `written` batches are there, though nobody has heard of it.
 */
export function endProcess(
  subject: SimulationSubject,
  node: SimulatedNode,
  backMs: number,
  written: number,
): void {
  for (let i = 0; i < written; i++) node.storage?.persistOne();
  node.storage?.crash();
  node.past.push(node.machine.counters);
  node.machine = makeNode(subject, node.name, node.storage !== null);
  node.timers = new Timers();
  node.life += 1;
  node.booted = false;
  node.ticks = 0;
  node.state = 'running';
  node.backMs = backMs;
}

/** Over all processes of the nodes. */
export function sumOver(
  nodes: readonly SimulatedNode[],
  count: (counters: Readonly<NodeCounters>) => number,
): number {
  const all = nodes.flatMap(({ machine, past }) => [...past, machine.counters]);
  return all.reduce((sum, counters) => sum + count(counters), 0);
}
