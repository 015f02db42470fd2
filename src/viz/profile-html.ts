/**
 * The profile of a run as one page: a flame view (phases, relations, rules, parts of rules, each as
 * wide as its time) over tables. The page is whole in itself and runs no script; whatever a program
 * calls its rules and files is text and stays text.
 */
import type { RunProfile } from './run-profile.js';

interface Flame {
  readonly name: string;
  readonly title: string;
  readonly ms: number;
  readonly children: readonly Flame[];
}

/** Narrower than this part of the whole nothing can be seen. */
const LEAST_PART = 0.0005;

const style = `
body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222; }
h1 { font-size: 1.3em; } h2 { font-size: 1.1em; margin-top: 2em; }
.flame { min-width: 0; flex-basis: 0; }
.flame > .name { background: #f2a65a; border: 1px solid #fff; padding: 2px 4px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.flame .flame > .name { background: #f6bd60; } .flame .flame .flame > .name { background: #f7d08a; }
.flame .flame .flame .flame > .name { background: #fae3b4; } .children { display: flex; }
table { border-collapse: collapse; } th, td { padding: 2px 10px; text-align: right; border-bottom: 1px solid #ddd; font-variant-numeric: tabular-nums; }
th.name, td.name { text-align: left; }
@media (prefers-color-scheme: dark) { body { background: #1b1b1b; color: #ddd; } .flame > .name { color: #222; } th, td { border-color: #444; } }
`;

export function renderProfileHtml(profile: RunProfile): string {
  const title = `Profile of ${profile.program}`;
  const rules = profile.rules.map((rule) => [
    rule.rule,
    rule.place,
    rule.ms.toFixed(3),
    ...[rule.calls, rule.derivations, rule.inserts, rule.probes].map(String),
  ]);
  const relations = profile.relations.map((relation) => [
    relation.relation,
    ...[relation.tuples, relation.bytes, relation.bytesPerTuple ?? ''].map(String),
    relation.ms.toFixed(3),
    ...[relation.derivations, relation.inserts, relation.probes].map(String),
  ]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${profile.interrupted ? 'The run was interrupted. ' : ''}${profile.timesteps} timesteps took ${profile.evaluateMs.toFixed(3)} ms.</p>
${renderFlame(flameOf(profile))}
<h2>Rules</h2>
${table(['rule', 'place', 'ms', 'calls', 'derivations', 'inserts', 'probes'], rules, 2)}
<h2>Relations</h2>
${table(['relation', 'tuples', 'bytes', 'bytes per tuple', 'ms', 'derivations', 'inserts', 'probes'], relations, 1)}
</body>
</html>
`;
}

function flameOf(profile: RunProfile): Flame {
  const phases = profile.phases.map(({ phase, ms }) =>
    flame(phase, ms, phase === 'evaluate' ? evaluation(profile) : []),
  );
  const all = phases.reduce((sum, { ms }) => sum + ms, 0);
  return flame(profile.program, all, phases);
}

function evaluation(profile: RunProfile): readonly Flame[] {
  const names = [...new Set(profile.rules.map(({ relation }) => relation))];
  const relations = names.map((name) => {
    const own = profile.rules.filter(({ relation }) => relation === name);
    const rules = own.map((rule) =>
      flame(
        `${rule.rule} (${rule.place})`,
        rule.ms,
        rule.parts.map(({ part, ms }) => flame(part, ms, [])),
      ),
    );
    return flame(
      name,
      own.reduce((sum, { ms }) => sum + ms, 0),
      rules,
    );
  });
  const left = profile.evaluateMs - relations.reduce((sum, { ms }) => sum + ms, 0);
  return left <= 0 ? relations : [...relations, flame('inputs, indexes, commits', left, [])];
}

function flame(name: string, ms: number, children: readonly Flame[]): Flame {
  return { name, title: `${name}: ${ms.toFixed(3)} ms`, ms, children };
}

function renderFlame({ name, title, ms, children }: Flame, whole = ms): string {
  if (whole > 0 && ms / whole < LEAST_PART) return '';
  const inner = children.map((child) => renderFlame(child, whole));
  // What the children leave of the width stays empty.
  const left = Math.max(0, ms - children.reduce((sum, child) => sum + child.ms, 0));
  const row =
    inner.length === 0
      ? ''
      : `<div class="children">${inner.join('')}<div style="flex-grow: ${left}"></div></div>`;
  return `<div class="flame" style="flex-grow: ${ms}"><div class="name" title="${escapeHtml(title)}">${escapeHtml(name)}</div>${row}</div>`;
}

/** `names`: leading columns that hold names. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  names: number,
): string {
  const line = (tag: 'th' | 'td', cells: readonly string[]): string =>
    `<tr>${cells.map((cell, i) => `<${tag}${i < names ? ' class="name"' : ''}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>\n${[line('th', head), ...rows.map((row) => line('td', row))].join('\n')}\n</table>`;
}

/** Text as HTML text or attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (unit) => `&#${unit.charCodeAt(0)};`);
}
