/**
 * The report's findings as diagnostics, for editors and for builds that refuse some of them. The
 * report itself is the whole truth; here each unmet obligation is one warning (or a note, where a
 * single node merely varies from run to run) at the literal that is to blame, and each key that may
 * be taken twice is one more.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { stationText } from './made-up-relations.js';
import type { Program } from '../semantics/program.js';
import type { Blame, ConfluenceReport, ObservableReport } from './confluence-report.js';
import { endNames, endsOf } from './long-ways.js';
import { reasonText } from './reason-text.js';
import { traceBlame, type BlameStep } from './trace-blame.js';

/** What the analysis could not prove of the program, in order of observables. */
export function describeRaces(
  report: Pick<ConfluenceReport, 'observables'>,
  program: Program,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const raced = new Set<string>();
  for (const observable of report.observables) {
    if (observable.met) continue;
    diagnostics.push(describeObservable(observable, program));
    for (const blame of observable.blame) {
      const key = `${blame.rule ?? ''} ${blame.path.at(-1) ?? ''}`;
      if (blame.reason !== 'key-race' || raced.has(key)) continue;
      raced.add(key);
      diagnostics.push(describeKeyRace(blame, program));
    }
  }
  return diagnostics;
}

function describeObservable(observable: ObservableReport, program: Program): Diagnostic {
  const { relation, kind, blame, mechanism, suggestions } = observable;
  const [first] = blame;
  const help = suggestions[0]?.title;
  const common = {
    ...(first === undefined
      ? {}
      : { primary: { span: first.span, text: reasonText(first.reason) } }),
    ...(help === undefined ? {} : { help }),
    notes: blame.map((b) => `${wayText(b)}: ${reasonText(b.reason)}`),
    trails: blame.map((b) => trailOf(program, b)),
    fixes: suggestions.flatMap(({ title, edits }) =>
      edits.length === 0 ? [] : [{ title, edits }],
    ),
  };
  if (blame.length > 0 && blame.every(({ reason }) => reason === 'closes-epoch')) {
    return {
      code: 'TRL0604',
      severity: 'note',
      message: `${kind} \`${relation}\` shows what was complete at the end of an epoch, and which inputs it takes depends on timing`,
      ...common,
    };
  }
  if (mechanism.kind === 'seal' || mechanism.kind === 'cut') {
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

function wayText({ stations }: Blame): string {
  return endNames(stations.map(stationText)).join(' -> ');
}

function trailOf(program: Program, blame: Blame): readonly BlameStep[] {
  return endsOf(traceBlame(program, blame), ({ role }) => role === 'blamed');
}

function describeKeyRace(blame: Blame, program: Program): Diagnostic {
  const { span, source } = blame;
  return {
    code: 'TRL0601',
    severity: 'warning',
    message: `tuples that come from \`${source}\` may share a key and differ elsewhere`,
    primary: { span, text: reasonText('key-race') },
    notes: [wayText(blame)],
    trails: [trailOf(program, blame)],
    help: 'make the key tell apart whatever may differ, compute the other columns from the key, or insert only where `notin` finds no tuple with that key',
  };
}
