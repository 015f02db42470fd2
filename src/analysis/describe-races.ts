/**
 * The report's findings as diagnostics, for editors and for builds that refuse some of them. The
 * report itself is the whole truth; here each unmet obligation is one warning (or a note, where a
 * single node merely varies from run to run) at the literal that is to blame, and each key that may
 * be taken twice is one more.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type {
  Blame,
  BlameReason,
  ConfluenceReport,
  ObservableReport,
} from './confluence-report.js';

/** What the analysis could not prove, in order of observables. */
export function describeRaces(report: ConfluenceReport): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const raced = new Set<string>();
  for (const observable of report.observables) {
    if (observable.met) continue;
    diagnostics.push(describeObservable(observable));
    for (const blame of observable.blame) {
      const key = `${blame.rule ?? ''} ${blame.path.at(-1) ?? ''}`;
      if (blame.reason !== 'key-race' || raced.has(key)) continue;
      raced.add(key);
      diagnostics.push(describeKeyRace(blame));
    }
  }
  return diagnostics;
}

function describeObservable(observable: ObservableReport): Diagnostic {
  const { relation, kind, blame, mechanism, suggestions } = observable;
  const [first] = blame;
  const help = suggestions[0]?.title;
  const common = {
    ...(first === undefined
      ? {}
      : { primary: { span: first.span, text: reasonText(first.reason) } }),
    ...(help === undefined ? {} : { help }),
    notes: blame.map((b) => `${b.path.join(' -> ')}: ${reasonText(b.reason)}`),
  };
  if (mechanism.kind === 'seal') {
    return {
      code: 'TRL0602',
      severity: 'warning',
      message: `${kind} \`${relation}\` may show what is taken back later`,
      ...common,
    };
  }
  if (mechanism.provider === 'paxos') {
    return {
      code: 'TRL0603',
      severity: 'warning',
      message: `the order of \`${mechanism.on}\` decides what ${kind} \`${relation}\` shows, and replicas may see different orders`,
      ...common,
    };
  }
  return {
    code: 'TRL0604',
    severity: 'note',
    message: `${kind} \`${relation}\` depends on the timing of \`${mechanism.on}\``,
    ...common,
  };
}

function describeKeyRace({ span, relation, path }: Blame): Diagnostic {
  return {
    code: 'TRL0601',
    severity: 'warning',
    message: `tuples that come from \`${relation}\` may share a key and differ elsewhere`,
    primary: { span, text: reasonText('key-race') },
    notes: [path.join(' -> ')],
    help: 'make the key tell apart whatever may differ, compute the other columns from the key, or insert only where `notin` finds no tuple with that key',
  };
}

/** The reason in a few words. */
function reasonText(reason: BlameReason): string {
  switch (reason) {
    case 'negates-growing-set':
      return 'negates a set that still grows when the rule runs';
    case 'aggregates-growing-set':
      return 'aggregates a set that still grows when the rule runs';
    case 'reveals-growing-lattice':
      return 'shows a lattice value that still grows when the rule runs';
    case 'reads-changing-state':
      return 'reads state that changes meanwhile';
    case 'samples-unfinished-set':
      return 'keeps what was true of a set that was not complete';
    case 'half-guarded-join':
      return 'an event meets a stored tuple that may come later';
    case 'event-rendezvous':
      return 'two events must fall into one timestep';
    case 'aggregates-events':
      return 'aggregates the events that happen to share a timestep';
    case 'negates-event':
      return 'fires because an event is absent';
    case 'deletes':
      return 'a deletion that comes before the tuple finds nothing';
    case 'overwrites':
      return 'the update that comes last stays';
    case 'key-race':
      return 'two tuples may share a key, and the timestep then fails';
    case 'nondeterministic-value':
      return 'reads a clock or the count of a timer';
    case 'calls-opaque-function':
      return 'calls a function of which nothing is known';
    case 'failing-timestep':
      return 'a timestep may fail here, and all its events with it';
    case 'halts':
      return 'the node may stop before or after';
    case 'momentary':
      return 'shows events: when the next timestep comes they are gone';
    case 'differs-by-node':
      return 'depends on the node at which it is derived';
    case 'fails-by-node':
      return 'may fail at one node where the others go on';
    case 'never-rests':
      return 'may go on for ever, so that the node never comes to rest';
  }
}
