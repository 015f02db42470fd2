/** What the event queue of a simulation holds: things that are to happen at one node. */
import type { Frame } from '../node/frames.js';
import type { WorkloadInput } from '../node/workload.js';
import type { TimelessEvent } from './make-node.js';

/** Something to come, by the node that it happens at. */
export type SimulationEvent =
  | { readonly kind: 'boot'; readonly node: string }
  | { readonly kind: 'crash'; readonly node: string; readonly backMs: number }
  /** `life`: of the node, in which this is to happen. */
  | {
      readonly kind: 'persisted';
      readonly node: string;
      readonly life: number;
      readonly seq: number;
    }
  | { readonly kind: 'input'; readonly node: string; readonly input: WorkloadInput }
  /** `again`: the second arrival of a batch. `connection`: the one that carries it. */
  | {
      readonly kind: 'frame';
      readonly node: string;
      readonly from: string;
      readonly frame: Frame;
      readonly again: boolean;
      readonly connection: number;
    }
  /** `connection`: null for whichever there is. */
  | {
      readonly kind: 'break';
      readonly node: string;
      readonly peer: string;
      readonly connection: number | null;
    }
  | { readonly kind: 'mend'; readonly node: string; readonly peer: string }
  | { readonly kind: 'link-down'; readonly node: string; readonly peer: string }
  | {
      readonly kind: 'loop';
      readonly node: string;
      readonly life: number;
      readonly event: Extract<TimelessEvent, { readonly kind: 'loop' }>;
    }
  | {
      readonly kind: 'timer';
      readonly node: string;
      readonly life: number;
      readonly id: string;
      readonly version: number;
    }
  | { readonly kind: 'tick'; readonly node: string; readonly life: number };
