/**
 * What the process that started a cluster and its node processes say to each other over Node's IPC
 * channel. Rows travel in the exact JSON form of base/value-json.
 */
import type { Json } from '../base/value-json.js';

export type ParentMessage =
  /** Where the other nodes listen. Sent once all have told. */
  | { readonly kind: 'peers'; readonly urls: Readonly<Record<string, string>> }
  | {
      readonly kind: 'insert';
      readonly relation: string;
      readonly rows: readonly (readonly Json[])[];
    }
  | { readonly kind: 'stop' };

export type ChildMessage =
  | { readonly kind: 'listening'; readonly url: string }
  | {
      readonly kind: 'observe';
      readonly timestep: number;
      readonly relation: string;
      readonly added: readonly (readonly Json[])[];
      readonly removed: readonly (readonly Json[])[];
    }
  | { readonly kind: 'log-role'; readonly role: 'leader' | 'follower' | 'learner' }
  | { readonly kind: 'log-applied'; readonly slot: number; readonly entryId: string }
  | {
      readonly kind: 'stats';
      readonly timesteps: number;
      readonly dataFrames: number;
      readonly coordinationMessages: number;
    };
