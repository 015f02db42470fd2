/** What a run has cost: the figures of `--stats`, the profile of `--profile` and `--profile-out`. */
import type { Row } from '../base/value.js';
import type { EvaluatorStatistics } from '../evaluator/evaluator.js';
import { writeFile } from '../files/write-files.js';
import { realClock } from '../host/clock.js';
import type { LocalRun } from '../host/run-local.js';
import { renderProfileHtml } from '../viz/profile-html.js';
import { renderProfileText } from '../viz/profile-text.js';
import { makeRunProfile } from '../viz/run-profile.js';
import { demand, usageError, writeError } from './console.js';
import type { Prepared } from './prepare.js';
import type { ShownRelations } from './shown-relations.js';

export interface CostOptions {
  readonly stats?: boolean;
  readonly profile?: boolean;
  readonly profileOut?: string;
}

export interface Times {
  readonly startMs: number;
  readonly ranMs: number;
}

/** A finished run, as far as its costs go. */
export interface CostlyRun {
  readonly prepared: Prepared;
  readonly shown: ShownRelations;
  readonly local: LocalRun;
  readonly times: Times;
  /** One a node; none from an evaluator that cannot tell. */
  readonly statistics: readonly EvaluatorStatistics[];
  /** Whether a timestep was broken off, so that nobody knows what tables hold. */
  readonly isBroken: boolean;
}

/** Ends the command if the profile cannot be taken or written. */
export function checkCostOptions({ profile, profileOut }: CostOptions, evaluator: string): void {
  if (profileOut !== undefined && !/\.(html|json)$/i.test(profileOut))
    usageError('--profile-out: name the file .html or .json');
  if ((profile === true || profileOut !== undefined) && evaluator === 'reference')
    usageError('--profile: the reference evaluator keeps no accounts; profiles are of the engine');
}

/** Shows and writes what was asked for; the statistics' line comes last. */
export function showCosts(run: CostlyRun, options: CostOptions): void {
  const { prepared, local, times, statistics } = run;
  const wroteMs = realClock.nowMs();
  if (options.profile === true || options.profileOut !== undefined) {
    const profile = makeRunProfile({
      program: prepared.target.source.path,
      interrupted: local.end.kind === 'stopped',
      phases: [
        { phase: 'load', ms: prepared.loadMs },
        { phase: 'compile', ms: prepared.compileMs },
        { phase: 'evaluate', ms: times.ranMs - times.startMs },
        { phase: 'write', ms: wroteMs - times.ranMs },
      ],
      statistics,
    });
    if (options.profile === true) writeError(renderProfileText(profile));
    const { profileOut } = options;
    if (profileOut !== undefined) {
      const isPage = profileOut.toLowerCase().endsWith('.html');
      const text = isPage ? renderProfileHtml(profile) : `${JSON.stringify(profile, null, 2)}\n`;
      demand(writeFile(profileOut, text));
    }
  }
  if (options.stats === true) writeStatistics(run);
}

function writeStatistics(run: CostlyRun): void {
  const { prepared, shown, local, times, statistics, isBroken } = run;
  const { compiled, nodes, loadMs, compileMs } = prepared;
  const { relations, observables } = compiled.coordinated;
  const counted = [...relations.values()].filter(
    (r) =>
      (observables.includes(r.name) && r.builtin === null) ||
      (!isBroken && (r.kind === 'table' || r.kind === 'lattice')),
  );
  const query = (node: string, relation: string): readonly Row[] => local.query(node, relation);
  const tuples = counted.map((r) => [
    r.name,
    r.kind === 'table' || r.kind === 'lattice'
      ? nodes.reduce((n, node) => n + query(node, r.name).length, 0)
      : shown.rowsOf(r.name, query).rows.length,
  ]);
  const document = {
    schema: 'trellis/stats/1',
    loadMs,
    compileMs,
    evaluateMs: times.ranMs - times.startMs,
    writeMs: realClock.nowMs() - times.ranMs,
    ticks: [...local.statistics.values()].reduce((sum, s) => sum + s.timesteps, 0),
    tuples: Object.fromEntries(tuples) as Record<string, number>,
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
    ...(statistics.some((s) => s.relations.length > 0) ? memoryOf(statistics) : {}),
  };
  writeError(`${JSON.stringify(document)}\n`);
}

/** Bytes of relations, all nodes together, and of each tuple of them. */
function memoryOf(statistics: readonly EvaluatorStatistics[]): {
  readonly bytes: Readonly<Record<string, number>>;
  readonly bytesPerTuple: Readonly<Record<string, number>>;
} {
  const { relations } = makeRunProfile({
    program: '',
    interrupted: false,
    phases: [],
    statistics,
  });
  const held = relations.filter(({ tuples }) => tuples > 0);
  return {
    bytes: Object.fromEntries(held.map(({ relation, bytes }) => [relation, bytes])),
    bytesPerTuple: Object.fromEntries(
      held.map(({ relation, bytesPerTuple }) => [relation, bytesPerTuple ?? 0]),
    ),
  };
}
