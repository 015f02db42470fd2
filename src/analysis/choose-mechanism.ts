/**
 * The weakest mechanism that would make an observable meet its obligation.
 *
 * A set that must be complete before it is negated or counted needs a seal: nobody decides
 * anything, the producers say that they are done. Events that must meet need only be kept. Where
 * the order of events decides, somebody must choose one: on replicated state all replicas must
 * choose alike (a log decided by Paxos); with a single owner its own timesteps are the order, which
 * costs nothing, and the outcome varies from run to run.
 */
import type { Blame, BlameReason, Mechanism, Suggestion } from './confluence-report.js';

export const noMechanism: Mechanism = {
  kind: 'none',
  on: null,
  key: [],
  provider: null,
  delays: 0,
  messagesPer: null,
};

/** What the blamed rules of an unmet obligation need. `convergent`: the final content is the same in all runs. */
export function chooseMechanism(blames: readonly Blame[], convergent: boolean): Mechanism {
  const first = blames[0];
  if (first === undefined) return noMechanism;
  if (convergent) {
    return {
      kind: 'seal',
      on: first.relation,
      key: first.key,
      provider: 'producers',
      delays: 1,
      messagesPer: 'key',
    };
  }
  const replicated = blames.find((blame) => blame.replicated);
  if (replicated !== undefined) {
    const { relation, key } = replicated;
    return { kind: 'order', on: relation, key, provider: 'paxos', delays: 3, messagesPer: 'event' };
  }
  const { relation: on, key } = first;
  if (blames.every((blame) => isMeeting(blame.reason))) {
    return { kind: 'persist', on, key, provider: null, delays: 0, messagesPer: null };
  }
  return { kind: 'order', on, key, provider: 'owner', delays: 0, messagesPer: null };
}

/** The mechanism as a rule's line shows it: `order(seat)`. */
export function mechanismText({ kind }: Mechanism, key: readonly string[]): string {
  return kind === 'none' || kind === 'persist' || key.length === 0
    ? kind
    : `${kind}(${key.join(', ')})`;
}

function isMeeting(reason: BlameReason): boolean {
  return reason === 'half-guarded-join' || reason === 'event-rendezvous' || reason === 'momentary';
}

/** Ways out, cheapest first; at most one of each kind. */
export function suggestRepairs(
  blames: readonly Blame[],
  kind: 'output' | 'view',
  mechanism: Mechanism,
): readonly Suggestion[] {
  const byTitle = new Map<string, Suggestion>();
  for (const blame of blames) {
    for (const suggestion of repairsOf(blame))
      if (!byTitle.has(suggestion.title)) byTitle.set(suggestion.title, suggestion);
  }
  const suggestions = [...byTitle.values()];
  if (mechanism.kind === 'seal' && kind === 'output') {
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
  return suggestions.sort((a, b) => a.cost - b.cost);
}

function suggest(cost: number, title: string): Suggestion {
  return { cost, title, edit: null };
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
