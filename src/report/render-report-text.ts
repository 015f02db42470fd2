/**
 * The report for a terminal and a code review: verdicts first, then for each unmet obligation the
 * blamed place and the path to the observable, the two outcomes side by side, what was inserted or
 * is needed, and what the user can do.
 */
import picocolors from 'picocolors';
import type { Blame, Mechanism } from '../analysis/confluence-report.js';
import { reasonText } from '../analysis/reason-text.js';
import { rowText } from '../base/value-text.js';
import type { Row } from '../base/value.js';
import { displayMessage } from '../diagnostics/display-text.js';
import type { CoordinationPlan } from '../rewrite/coordination-plan.js';
import { codeFrame, gutterWidth } from '../diagnostics/code-frame.js';
import { assumptionsFor, declaredLines, declaredMark } from './declared-overrides.js';
import type { MonotonicityReport, ReportedObservable, Witness } from './monotonicity-report.js';

type Colors = ReturnType<typeof picocolors.createColors>;

/** `explain`: this observable alone, with all its blames; null for all observables. */
export function renderReportText(
  report: MonotonicityReport,
  options: { readonly color: boolean; readonly explain: string | null },
): string {
  const colors = picocolors.createColors(options.color);
  const shown = report.observables.filter(
    ({ relation }) => options.explain === null || relation === options.explain,
  );
  const unmet = shown.filter((observable) => !observable.met || options.explain !== null);
  const remarks = declaredLines(report);
  const declared = remarks === '' ? [] : [remarks];
  const parts = [
    summaryTable(report, shown, colors),
    ...unmet.map((observable) => explainObservable(report, observable, colors)),
    ...declared,
    conclusion(report),
    ...exceptions(report),
  ];
  return parts.join('\n');
}

/** Why a program shows nothing, and what to do about it. */
function nothingToObserve({ program }: MonotonicityReport): string {
  const read = new Set(
    program.rules.flatMap(({ bodies }) =>
      bodies.flatMap(({ literals }) =>
        literals.flatMap((literal) => (literal.kind === 'atom' ? [literal.relation] : [])),
      ),
    ),
  );
  const unread = [...program.relations.values()]
    .filter(({ kind, name }) => ['channel', 'loopback'].includes(kind) && !read.has(name))
    .map(({ name }) => name);
  const sent =
    unread.length === 0
      ? ''
      : `  no rule reads ${listText(unread)}: store what arrives in a table, and it is shown\n`;
  return `nothing to observe: the program has no outputs or views\n${sent}  declare an \`output\` or a \`view\`, or name relations with --observe\n`;
}

const searchText: Readonly<Record<MonotonicityReport['search'], string>> = {
  none: 'no witness was looked for',
  'without-inputs': 'no inputs were given to find a witness with',
  done: 'no witness was found',
};

function summaryTable(
  report: MonotonicityReport,
  observables: readonly ReportedObservable[],
  colors: Colors,
): string {
  if (observables.length === 0) return nothingToObserve(report);
  const lines = observables.map((o) => [
    o.relation,
    o.kind,
    o.verdict,
    summaryOf(o, report) + declaredMark(report, o),
  ]);
  const widths = [0, 1, 2].map((i) => Math.max(...lines.map((line) => line[i]!.length)));
  const paint = { confluent: colors.green, convergent: colors.yellow, divergent: colors.red };
  return lines
    .map(([relation = '', kind = '', verdict = '', summary = ''], i) => {
      const word = paint[observables[i]!.verdict](verdict.padEnd(widths[2]!));
      return `${relation.padEnd(widths[0]!)}  ${kind.padEnd(widths[1]!)}  ${word}  ${summary}\n`;
    })
    .join('');
}

function summaryOf(observable: ReportedObservable, report: MonotonicityReport): string {
  if (observable.met)
    return observable.verdict === 'confluent'
      ? finality(observable)
      : 'fine for a view: it ends the same in every run';
  const { mechanism, status } = observable;
  const { plan } = report;
  const found = status === 'refuted' ? 'a witness was found' : searchText[report.search];
  if (mechanism.provider === 'owner') return `not met: varies from run to run (${found})`;
  if (observable.metWithCoordination) return `met by what is inserted: ${logText(plan)} (${found})`;
  return `not met: needs ${mechanismText(mechanism)} (${found})`;
}

function finality({ final }: ReportedObservable): string {
  const words = {
    'on-emission': 'needs no coordination; final on emission',
    'once-sealed': 'needs no coordination; complete once its input is sealed',
    'at-quiescence': 'needs no coordination; complete at quiescence',
  };
  return words[final];
}

function explainObservable(
  report: MonotonicityReport,
  observable: ReportedObservable,
  colors: Colors,
): string {
  const { relation, verdict, obligation, kind, replicated, status } = observable;
  const promise = `${kind} must be ${obligation}`;
  const lines = [
    colors.bold(
      `${relation}: ${verdict} (${status}); ${kind === 'output' ? 'an' : 'a'} ${promise}`,
    ),
  ];
  if (replicated) lines.push('  It rests on replicated state: replicas can disagree.');
  const frames = observable.blame.flatMap((blame) => explainBlame(blame, colors));
  const witness =
    observable.witness === null
      ? []
      : witnessLines(observable.relation, observable.witness, colors);
  const declared = assumptionsFor(report, observable).map(
    ({ rule, reason }) =>
      `  ${colors.bold('declared')} harmless, not proved: rule \`${rule}\`: ${displayMessage(reason)}`,
  );
  return [
    ...lines,
    ...declared,
    ...frames,
    ...witness,
    ...remedyLines(observable, report.plan),
    '',
  ].join('\n');
}

function explainBlame(blame: Blame, colors: Colors): readonly string[] {
  const who = blame.rule === null ? 'the declaration' : `rule \`${blame.rule}\``;
  const label = { span: blame.span, text: reasonText(blame.reason) };
  const style = { gutter: colors.blue, primary: colors.red, secondary: colors.blue };
  const frame = codeFrame(label, [], gutterWidth([label]), style);
  return [
    '',
    `  ${colors.bold('because of')} ${who}: ${blame.reason}`,
    ...frame.map((row) => `  ${row}`),
    `  path: ${blame.path.join(' -> ')}`,
  ];
}

/** Rows shown of what distinguishes two outcomes. */
const shownDifference = 8;

function witnessLines(relation: string, witness: Witness, colors: Colors): readonly string[] {
  const { compared, outcomes, divergence, file, madeUp } = witness;
  const { disagreement } = divergence;
  const count = divergence.subject.workload.inputs.length;
  const inputs = `${count === 1 ? 'one input' : `${count} inputs`}${madeUp ? ' made up for it' : ''}`;
  const heading = colors.bold('witness');
  const lines =
    disagreement === null
      ? [
          `  ${heading}: two schedules of ${inputs}, two outcomes (${compared === 'ever' ? 'ever shown' : 'at quiescence'})`,
          ...sideBySide(relation, ['the first only', 'the second only'], outcomes),
        ]
      : [
          `  ${heading}: a schedule of ${inputs} in which two replicas ${compared === 'ever' ? 'show different tuples' : 'end differently'}`,
          ...sideBySide(
            relation,
            [`${disagreement.nodes[0]} only`, `${disagreement.nodes[1]} only`],
            disagreement.contents,
          ),
          '    under another schedule all replicas agree',
        ];
  return ['', ...lines, ...(file === null ? [] : [`    written to ${file}`])];
}

/** What either side has and the other has not. */
function sideBySide(
  relation: string,
  labels: readonly [string, string],
  [left, right]: readonly [readonly Row[], readonly Row[]],
): readonly string[] {
  const width = Math.max(...labels.map((label) => label.length));
  const block = (label: string, mine: readonly Row[], others: readonly Row[]): string[] => {
    const known = new Set(others.map((row) => rowText(relation, row)));
    const texts = mine.map((row) => rowText(relation, row)).filter((text) => !known.has(text));
    const rest = texts.length - shownDifference;
    const more = rest > 0 ? [`... ${rest} more`] : [];
    const shown = texts.length === 0 ? ['nothing'] : [...texts.slice(0, shownDifference), ...more];
    return shown.map((text, i) => `    ${(i === 0 ? `${label}:` : '').padEnd(width + 1)} ${text}`);
  };
  return [...block(labels[0], left, right), ...block(labels[1], right, left)];
}

function remedyLines(observable: ReportedObservable, plan: CoordinationPlan): readonly string[] {
  const { mechanism, suggestions, metWithCoordination, met, unmetBecause } = observable;
  const lines = [''];
  if (!met && metWithCoordination) {
    lines.push(
      `  inserted: ${logText(plan)} (${priceText(mechanism)}); replicas agree in every run, though the order may differ between runs`,
    );
    if (mechanism.key.length > 0 && mechanism.on !== null)
      lines.push(
        `  (what differs in ${listText(mechanism.key)} of \`${mechanism.on}\` could be decided separately)`,
      );
  } else if (!met && mechanism.provider === 'owner') {
    lines.push(
      '  nothing is inserted: the state has one owner, whose own timesteps are the order; it varies from run to run',
    );
  } else if (!met)
    lines.push(
      `  needs: ${mechanismText(mechanism)}${unmetBecause === null ? '' : `; ${unmetBecause}`}`,
    );
  if (suggestions.length > 0)
    lines.push(
      '  what you can do, cheapest first:',
      ...suggestions.map(({ title }) => `    - ${title}`),
    );
  return lines;
}

function mechanismText(mechanism: Mechanism): string {
  const { kind, on, key } = mechanism;
  const place = on === null ? '' : ` on \`${on}\``;
  const by = key.length === 0 ? '' : ` by (${key.join(', ')})`;
  const names = {
    none: 'nothing',
    persist: 'the event stored',
    seal: 'a seal',
    cut: 'a cut',
    order: 'an ordered log',
  };
  const price = priceText(mechanism);
  return `${names[kind]}${place}${by}${price === '' ? '' : ` (${price})`}`;
}

function priceText({ delays, messagesPer, provider }: Mechanism): string {
  const price = [
    delays > 0 ? `${delays} message delay${delays === 1 ? '' : 's'}` : '',
    messagesPer === null ? '' : `messages per ${messagesPer}`,
    provider === 'paxos' ? 'Paxos' : '',
  ];
  return price.filter((text) => text !== '').join(', ');
}

/** What is inserted: there is one log for the whole cluster, whatever could be ordered apart. */
function logText({ orderedLog }: CoordinationPlan): string {
  const channels = orderedLog?.channels ?? [];
  return `one ordered log carries ${listText(channels)}`;
}

/** `a`, `b` and `c`, each in backquotes. */
function listText(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.at(-1) ?? '';
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}

/** What stands outside the verdicts, where the program can run into it. */
function exceptions({ program }: MonotonicityReport): readonly string[] {
  const sums = program.rules.some(({ head }) =>
    head.arguments.some(
      (a) => a.kind === 'aggregate' && a.function === 'sum' && a.type.kind === 'int',
    ),
  );
  return sums
    ? [
        'a `sum` of ints that leaves their range fails its timestep: that stands outside the verdicts\n',
      ]
    : [];
}

function conclusion({ plan, observables }: MonotonicityReport): string {
  if (plan.orderedLog !== null) return `coordination: ${logText(plan)}\n`;
  return observables.every(({ met }) => met)
    ? 'coordination: none needed, none inserted\n'
    : 'coordination: none inserted\n';
}
