/**
 * Ways out of an unmet obligation, cheapest first (ANALYSIS 1.14): keep an event, ask for a threshold
 * or use a lattice, make an input static or content-addressed, declare a view, seal, order by key,
 * one global order.
 */
import type { Blame, Mechanism, Suggestion } from './confluence-report.js';
import { editedLines } from './mechanical-edits.js';
import type { Rewrite } from './mechanical-edits.js';

/** Ways out, cheapest first; at most one of each kind. */
export function suggestRepairs(
  blames: readonly Blame[],
  kind: 'output' | 'view',
  mechanism: Mechanism,
  rewrites: readonly Rewrite[],
): readonly Suggestion[] {
  const byTitle = new Map<string, Suggestion>();
  for (const blame of blames) {
    for (const suggestion of repairsOf(blame))
      if (!byTitle.has(suggestion.title)) byTitle.set(suggestion.title, suggestion);
  }
  const suggestions = [...byTitle.values()];
  if ((mechanism.kind === 'seal' || mechanism.kind === 'cut') && kind === 'output') {
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
        'nothing, if one node decides: its own timesteps are the order; the outcome varies from run to run',
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
    else if (cost === 2 && at !== -1) joined[at] = { cost, title, ...rewrite };
    else joined.push({ cost, title, ...rewrite });
  }
  return joined;
}

function suggest(cost: number, title: string): Suggestion {
  return { cost, title, edit: null, edits: [], promises: null };
}

function repairsOf({ reason, relation, rule, key }: Blame): readonly Suggestion[] {
  const where = rule === null ? '' : ` in \`${rule}\``;
  const by = key.length > 0 ? ` by ${key.join(', ')}` : '';
  switch (reason) {
    case 'half-guarded-join':
    case 'event-rendezvous':
      return [
        suggest(
          1,
          `keep the tuples of \`${relation}\` in a table and join that${where}: then it does not matter which comes first`,
        ),
      ];
    case 'aggregates-events':
    case 'negates-event':
      return [
        suggest(
          1,
          `keep the tuples of \`${relation}\` in a table: what shares a timestep is up to the network`,
        ),
      ];
    case 'aggregates-growing-set':
      return [
        suggest(
          2,
          `compare the aggregate with a bound (\`n >= quorum\`)${where} instead of showing its value`,
        ),
        suggest(
          5,
          `seal \`${relation}\`${by}: its producers say when it is complete; waits while one is out of reach`,
        ),
      ];
    case 'reveals-growing-lattice':
      return [
        suggest(
          2,
          `ask a threshold of the lattice value (\`v.size() >= k\`, \`v.contains(x)\`)${where} instead of showing it`,
        ),
        suggest(
          5,
          `seal \`${relation}\`${by}: its producers say when it is complete; waits while one is out of reach`,
        ),
      ];
    case 'negates-growing-set':
    case 'samples-unfinished-set':
    case 'reads-changing-state':
      return [
        suggest(
          3,
          `make what${where === '' ? ' it' : where} is negated or aggregated static, if it is known before the start`,
        ),
        suggest(
          5,
          `seal \`${relation}\`${by}: its producers say when it is complete; waits while one is out of reach`,
        ),
      ];
    case 'deletes':
      return [
        suggest(
          3,
          `keep what is deleted in a second table and show the difference as a \`view\`: sets that only grow agree`,
        ),
      ];
    case 'overwrites':
      return [
        suggest(3, `keep every version under a unique stamp and show the greatest as a \`view\``),
      ];
    case 'key-race':
      return [
        suggest(
          3,
          `make the key tell apart whatever may differ, or let one rule compute the other columns from the key`,
        ),
      ];
    case 'calls-opaque-function':
      return [
        suggest(
          2,
          `if the function${where} gives the same result for the same arguments, always and everywhere, declare what it is: \`injective\`, \`monotone\`, \`antitone\` or \`morphism\``,
        ),
      ];
    case 'failing-timestep':
      return [
        suggest(3, `mend the race${where}: a timestep that fails takes all its events with it`),
      ];
    case 'nondeterministic-value':
      return [suggest(3, `let the value come in with the data instead of reading it${where}`)];
    case 'halts':
      return [
        suggest(
          3,
          `let the node run on and stop it from outside: what it has not yet taken is lost`,
        ),
      ];
    case 'momentary':
      return [
        suggest(
          1,
          `keep it in a table and show that: a view of events holds only what the last timestep held`,
        ),
        suggest(2, 'declare it as an `output`: every event is then released as it comes'),
      ];
    case 'differs-by-node':
    case 'fails-by-node':
      return [suggest(2, `let what differs from node to node come in with the message${where}`)];
    case 'never-rests':
      return [suggest(2, `let an event start each round${where}`)];
  }
}
