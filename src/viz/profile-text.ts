/** The profile of a run as tables for a terminal. */
import type { RunProfile } from './run-profile.js';

/** Rules and relations that are shown; the page and the JSON have all. */
const shown = 40;

export function renderProfileText(profile: RunProfile): string {
  const rules = profile.rules
    .slice(0, shown)
    .map((rule) => [
      rule.rule,
      rule.place,
      milliseconds(rule.ms),
      count(rule.derivations),
      count(rule.inserts),
      count(rule.probes),
    ]);
  const relations = profile.relations
    .slice(0, shown)
    .map((relation) => [
      relation.relation,
      count(relation.tuples),
      count(relation.bytes),
      relation.bytesPerTuple === null ? '' : relation.bytesPerTuple.toFixed(1),
      milliseconds(relation.ms),
      count(relation.inserts),
    ]);
  const phases = profile.phases.map(({ phase, ms }) => `${phase} ${milliseconds(ms)} ms`);
  const left = Math.max(0, profile.evaluateMs - profile.rules.reduce((sum, { ms }) => sum + ms, 0));
  return [
    `${profile.interrupted ? 'interrupted; ' : ''}${phases.join(', ')}\n`,
    `${profile.timesteps} timesteps ${milliseconds(profile.evaluateMs)} ms, of which inputs, indexes and commits ${milliseconds(left)} ms\n\n`,
    table(['rule', 'place', 'ms', 'derivations', 'inserts', 'probes'], rules, 2),
    '\n',
    table(['relation', 'tuples', 'bytes', 'bytes/tuple', 'ms', 'inserts'], relations, 1),
  ].join('');
}

function milliseconds(ms: number): string {
  return ms.toFixed(1);
}

function count(n: number): string {
  return String(n);
}

/** `names`: leading columns that hold names, which stand left. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  names: number,
): string {
  const lines = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i < names ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
