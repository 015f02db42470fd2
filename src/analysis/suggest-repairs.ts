/**
 * Ways out of an unmet obligation, cheapest first (ANALYSIS 1.14): keep an event, ask for a threshold
 * or use a lattice, make an input static or content-addressed, declare a view, seal, order by key,
 * one global order.
 */
import type { Blame, Mechanism, Suggestion } from './confluence-report.js';
import type { Known } from './find-defects.js';
import { editedLines } from './mechanical-edits.js';
import type { Rewrite } from './mechanical-edits.js';
import { repairsOf, suggest } from './repairs-of-blame.js';

/** Ways out, cheapest first; at most one of each kind. */
export function suggestRepairs(
  known: Known,
  blames: readonly Blame[],
  kind: 'output' | 'view',
  mechanism: Mechanism,
  rewrites: readonly Rewrite[],
): readonly Suggestion[] {
  const byTitle = new Map<string, Suggestion>();
  for (const blame of blames) {
    for (const suggestion of repairsOf(known, blame))
      if (!byTitle.has(suggestion.title)) byTitle.set(suggestion.title, suggestion);
  }
  const suggestions = [...byTitle.values()];
  const takesBack = blames.some(
    ({ reason }) => reason !== 'unsealable' && reason !== 'closes-epoch',
  );
  if ((mechanism.kind === 'seal' || mechanism.kind === 'cut') && kind === 'output' && takesBack) {
    suggestions.push(
      suggest(
        4,
        'declare it as a `view` if its readers can take corrections: it then needs nothing',
      ),
    );
  }
  if (mechanism.kind === 'order' && mechanism.provider === 'paxos') {
    const by = mechanism.key.length > 0 ? ` by ${mechanism.key.join(', ')}` : '';
    suggestions.push(
      suggest(
        6,
        `agree on one order of \`${mechanism.on}\`${by}: 3 message delays an event; waits while a majority is out of reach`,
      ),
    );
  }
  if (mechanism.kind === 'order' && mechanism.provider === 'owner') {
    suggestions.push(
      suggest(
        6,
        'leave it as it is, if runs may differ: one node decides, so nobody disagrees with it',
      ),
    );
  }
  return withRewrites(suggestions, rewrites).sort((a, b) => a.cost - b.cost);
}

/** Joins each rewrite to the suggestion that says it in words, or puts it beside them. */
function withRewrites(
  suggestions: readonly Suggestion[],
  rewrites: readonly Rewrite[],
): Suggestion[] {
  const joined = [...suggestions];
  for (const { cost, title, edits, promises } of rewrites) {
    const rewrite = { edit: editedLines(edits), edits, promises };
    const at = joined.findIndex((each) => each.cost === cost && each.edit === null);
    if (title === null && at === -1) continue;
    if (title === null) joined[at] = { ...joined[at]!, ...rewrite };
    else if ((cost === 2 || cost === 5) && at !== -1) joined[at] = { cost, title, ...rewrite };
    else joined.push({ cost, title, ...rewrite });
  }
  return joined;
}
