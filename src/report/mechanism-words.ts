/**
 * Mechanisms in words, and what they cost: message delays on the critical path, extra messages, and
 * what makes them wait (the figures of a stable leader; a change of leader adds a round).
 */
import { sealOf } from '../analysis/choose-mechanism.js';
import type { Mechanism } from '../analysis/confluence-report.js';
import type { CoordinationPlan, SealPoint } from '../rewrite/coordination-plan.js';

export interface MechanismCost {
  /** Message delays that it adds before a tuple may be shown. */
  readonly delays: number;
  /** Extra messages, in words; `none` where it needs none. */
  readonly messages: string;
  readonly messagesPer: Mechanism['messagesPer'];
  /** When it waits, as a clause; null if never. */
  readonly waitsWhile: string | null;
}

/** What a mechanism costs in a cluster of that many nodes; null if their number is not known. */
export function costOf(mechanism: Mechanism, nodes: number | null): MechanismCost {
  const { delays, messagesPer } = mechanism;
  return {
    delays,
    messages: messagesText(mechanism, nodes),
    messagesPer,
    waitsWhile: mechanism.blocksWhen,
  };
}

function messagesText(mechanism: Mechanism, nodes: number | null): string {
  const { provider, messagesPer, messages } = mechanism;
  if (messagesPer === null || messages === null) return 'none';
  const isWhole = messagesPer === 'key' && mechanism.key.length === 0;
  const per = isWhole ? ', once' : ` for each ${messagesPer}`;
  if (messagesPer === 'epoch' && provider === 'producers')
    return `about ${nodes === null ? 'four times the nodes' : 4 * nodes} for each phase of an epoch`;
  if (provider !== 'paxos') return `one from every producer to every reader${per}`;
  // A round trip between leader and members, and the decision to whoever applies it.
  return nodes === null
    ? `twice the members and once the readers${per}`
    : `about ${3 * nodes}${per} (twice ${nodes} members, once ${nodes} readers)`;
}

/** The cost in one line. */
export function costText({ delays, messages, waitsWhile: wait }: MechanismCost): string {
  const count = delays === 1 ? '1 message delay' : `${delays === 0 ? 'no' : delays} message delays`;
  const extra = messages === 'none' ? 'no extra messages' : `messages: ${messages}`;
  return `${count}; ${extra}; ${wait === null ? 'never waits' : `waits while ${wait}`}`;
}

/** `a seal on \`sale\` by (key)`. */
export function mechanismName({ kind, on, key, provider }: Mechanism): string {
  // Which events must be kept is a matter of the rule, and the suggestions say it.
  if (kind === 'persist') return 'its events kept in a table';
  const place = on === null ? '' : ` on \`${on}\``;
  const by = key.length === 0 ? '' : ` by (${key.join(', ')})`;
  const names = {
    none: 'nothing',
    seal: 'a seal',
    cut: 'a cut',
    order: provider === 'owner' ? "its one node's own order" : 'an ordered log',
  };
  return `${names[kind]}${place}${by}`;
}

/** `a seal on \`sale\` by (key) (1 message delay, messages per key)`. */
export function mechanismPhrase(mechanism: Mechanism): string {
  const price = pricePhrase(mechanism);
  return `${mechanismName(mechanism)}${price === '' ? '' : ` (${price})`}`;
}

/** Delays, messages and provider, for brackets. */
function pricePhrase({ delays, messagesPer, provider, key }: Mechanism): string {
  const isWhole = messagesPer === 'key' && key.length === 0;
  const price = [
    delays > 0 ? `${delays} message delay${delays === 1 ? '' : 's'}` : '',
    messagesPer === null ? '' : `messages ${isWhole ? 'once' : `per ${messagesPer}`}`,
    provider === 'paxos' ? 'Paxos' : '',
  ];
  return price.filter((text) => text !== '').join(', ');
}

/** Names in a phrase that is said of each observable. */
const mostNames = 4;

/** What an observable's sake has had inserted: seals, the barrier, or the log. */
export function insertedPhrase({ waitsFor, mechanism }: Inserted, plan: CoordinationPlan): string {
  if (waitsFor.length > 0) return waitsFor.map(sealPhrase).join('; ');
  return isBarrier(mechanism, plan)
    ? 'it waits until all nodes have worked off an epoch'
    : logPhrase(plan);
}

/** What that gives, as a clause. */
export function gainPhrase({ waitsFor, mechanism }: Inserted, plan: CoordinationPlan): string {
  if (waitsFor.length > 0) return 'every run shows the same';
  return isBarrier(mechanism, plan)
    ? 'all nodes show the same epochs, though runs may differ in what an epoch takes'
    : 'replicas agree in every run, though the order may differ between runs';
}

/** All that is inserted for the program, a phrase each. */
export function insertions(plan: CoordinationPlan): readonly string[] {
  return [
    ...new Set(plan.seals.map(sealPhrase)),
    ...(plan.barrier === null ? [] : [barrierPhrase(plan.barrier)]),
    ...(plan.orderedLog === null ? [] : [logPhrase(plan)]),
  ];
}

interface Inserted {
  readonly waitsFor: readonly SealPoint[];
  readonly mechanism: Mechanism;
}

function isBarrier({ kind, provider }: Mechanism, { barrier }: CoordinationPlan): boolean {
  return barrier !== null && kind === 'cut' && provider === 'producers';
}

/** `rule \`bill#1\` waits for the seal of \`action\` by (session)`. */
export function sealPhrase({ seal, key, rules, held }: SealPoint): string {
  const by = key.length === 0 ? '' : ` by (${key.join(', ')})`;
  const keeps = held.length === 0 ? '' : `, and ${listPhrase(held)} is kept until then`;
  const wait = rules.length === 1 ? 'rule' : 'rules';
  const waits = rules.length === 1 ? 'waits' : 'wait';
  return `${wait} ${listPhrase(rules)} ${waits} for the seal of \`${seal}\`${by}${keeps}`;
}

/** Who waits at the barrier, and what waits for it. */
function barrierPhrase({ rules, held }: NonNullable<CoordinationPlan['barrier']>): string {
  const wait = rules.length === 1 ? 'rule' : 'rules';
  const waits = rules.length === 1 ? 'waits' : 'wait';
  const enters = held.length === 1 ? 'enters' : 'enter';
  const epochs = held.length === 0 ? '' : `, and ${listPhrase(held)} ${enters} when an epoch opens`;
  return `${wait} ${listPhrase(rules)} ${waits} until all nodes have worked off what is there${epochs}`;
}

/** The mechanism that a seal point is. */
export function mechanismOfSeal({ seal, key }: SealPoint): Mechanism {
  return sealOf({ on: seal, key, replicated: false, endless: false });
}

/** What is inserted: there is one log for the whole cluster, whatever could be ordered apart. */
function logPhrase({ orderedLog }: CoordinationPlan): string {
  const channels = orderedLog?.channels ?? [];
  const rest = channels.length - mostNames;
  const names =
    rest <= 1
      ? listPhrase(channels)
      : `${channels.slice(0, mostNames).map(inQuotes).join(', ')} and ${rest} more`;
  return `one ordered log carries ${names}`;
}

/** `a`, `b` and `c`, each in backquotes. */
export function listPhrase(names: readonly string[]): string {
  const quoted = names.map(inQuotes);
  const last = quoted.at(-1) ?? '';
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}

function inQuotes(name: string): string {
  return `\`${name}\``;
}
