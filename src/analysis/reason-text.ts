/**
 * The reason of a blame in words: the one table from which diagnostics, reports and the marks
 * under source lines take their sentences. Each says what the marked literal does.
 */
import type { BlameReason } from './confluence-report.js';

const texts: Readonly<Record<BlameReason, string>> = {
  'negates-growing-set': 'negates a set that still grows: what is shown may be taken back',
  'aggregates-growing-set': 'shows an aggregate of a set that still grows',
  'reveals-growing-lattice': 'shows a lattice value that still grows',
  'reads-changing-state': 'joins with state that is updated meanwhile',
  unsealable: 'waits for a seal that cannot be carried out',
  'samples-unfinished-set': 'keeps what was true of a set that was not complete',
  'closes-epoch':
    'shows what was complete at the end of an epoch, and which inputs it took is up to timing',
  'half-guarded-join': 'the event meets only what is stored when it arrives',
  'event-rendezvous': 'the events must fall into one timestep',
  'aggregates-events': 'aggregates the events that happen to share a timestep',
  'negates-event': 'fires because an event is absent',
  deletes: 'a deletion that comes before the tuple finds nothing',
  overwrites: 'the last write stays, and which is last is up to the network',
  'key-race': 'two tuples may share a key, and the timestep then fails',
  'nondeterministic-value': 'a clock, a timer or an arbitrary choice decides the value',
  'calls-opaque-function': 'calls a function from TypeScript that promises nothing',
  'failing-timestep': 'a timestep may fail here, and all its events with it',
  halts: 'the node may stop before or after',
  momentary: 'shows events: when the next timestep comes they are gone',
  'differs-by-node': 'depends on the node at which it is derived',
  'fails-by-node': 'may fail at one node where the others go on',
  'never-rests': 'may go on for ever, so that the node never comes to rest',
};

/** What a blamed place does, as a clause without a full stop. */
export function reasonText(reason: BlameReason): string {
  return texts[reason];
}
