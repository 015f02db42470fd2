/**
 * What a run shows to the outside, gathered as it happens: every tuple released or shown, what
 * views show now, what failed, what was warned of, and which log entries were applied.
 */
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LogEntry, LogMessage } from '../coordination/log-types.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { NodeEffect } from '../node/events.js';
import { partsOf } from './entry-parts.js';
import type { SimulationSubject, SimulationWarning, Violation } from './outcome.js';

type Observe = Extract<NodeEffect, { readonly kind: 'observe' }>;

export class Observations {
  readonly violations: Violation[] = [];
  /** The log's entries as they were applied by processes that are gone, by a name for each. */
  readonly appliedBefore = new Map<string, readonly string[]>();
  readonly #locationByRelation: ReadonlyMap<string, number>;
  readonly #everByRelation = new Map<string, Map<string, Row>>();
  /** By relation, then by node. */
  readonly #shown = new Map<string, Map<string, Map<string, Row>>>();
  readonly #warnings = new Map<string, { node: string; diagnostic: Diagnostic; count: number }>();
  readonly #entriesById = new Map<string, LogEntry>();
  readonly #idBySlot = new Map<number, string>();
  readonly #appliedByNode = new Map<string, string[]>();
  readonly #receivedByNode = new Map<string, Set<string>>();

  constructor(subject: SimulationSubject) {
    this.#locationByRelation = subject.program.locationByRelation;
    for (const node of subject.nodes) this.#appliedByNode.set(node, []);
  }

  observe(node: string, effect: Observe): void {
    const { relation } = effect;
    const ever = entryOf(this.#everByRelation, relation, () => new Map<string, Row>());
    const byNode = entryOf(this.#shown, relation, () => new Map<string, Map<string, Row>>());
    const shown = entryOf(byNode, node, () => new Map<string, Row>());
    for (const row of effect.removed) shown.delete(rowKey(row));
    for (const row of effect.added) {
      const placed = this.place(node, relation, row);
      ever.set(rowKey(placed), placed);
      shown.set(rowKey(row), row);
    }
  }

  /** The node's process is gone: what it showed, and what it had applied of the log. */
  forget(node: string, life: number): void {
    for (const byNode of this.#shown.values()) byNode.delete(node);
    // The node has taken in what it had applied, whatever is left of it.
    this.received();
    this.appliedBefore.set(`${node}, process ${life}`, this.#appliedByNode.get(node) ?? []);
    this.#appliedByNode.set(node, []);
  }

  violate(violation: Violation): void {
    this.violations.push(violation);
  }

  warn(node: string, diagnostic: Diagnostic): void {
    const key = `${node}\n${diagnostic.code}\n${diagnostic.message}`;
    entryOf(this.#warnings, key, () => ({ node, diagnostic, count: 0 })).count += 1;
  }

  /** Learns what log entries hold from the messages that carry them. */
  passLogMessage(message: LogMessage): void {
    if (message.kind === 'forward' || message.kind === 'decisions')
      message.entries.forEach((entry) => this.#learn(entry));
    if (message.kind === 'accept') this.#learn(message.entry);
  }

  logApplied(node: string, slot: number, entryId: string): void {
    entryOf(this.#appliedByNode, node, () => []).push(entryId);
    this.#idBySlot.set(slot, entryId);
  }

  /** A node took a batch in, from another node or from itself. */
  takeIn(node: string, batch: readonly RelationRows[]): void {
    const received = entryOf(this.#receivedByNode, node, () => new Set<string>());
    for (const { relation, rows } of batch) if (rows.length > 0) received.add(relation);
  }

  /** By node, the relations of which it took tuples in, be it in a batch or in an entry of the log. */
  received(): ReadonlyMap<string, ReadonlySet<string>> {
    for (const [node, ids] of this.#appliedByNode) {
      for (const id of ids) {
        const entry = this.#entriesById.get(id);
        if (entry !== undefined) this.takeIn(node, partsOf(entry).get(node) ?? []);
      }
    }
    return this.#receivedByNode;
  }

  /** Rows begin with the node unless the relation is located. */
  place(node: string, relation: string, row: Row): Row {
    return this.#locationByRelation.has(relation) ? row : [node, ...row];
  }

  /** Every tuple that the relation released or showed, at any node; sorted. */
  ever(relation: string): readonly Row[] {
    return [...(this.#everByRelation.get(relation)?.values() ?? [])].sort(compareRows);
  }

  /** What the relation shows at a node; sorted. */
  shown(relation: string, node: string): readonly Row[] {
    return [...(this.#shown.get(relation)?.get(node)?.values() ?? [])].sort(compareRows);
  }

  warnings(): readonly SimulationWarning[] {
    return [...this.#warnings]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, warning]) => ({ ...warning }));
  }

  appliedByNode(): ReadonlyMap<string, readonly string[]> {
    return this.#appliedByNode;
  }

  /** The applied entries by slot, as far as their content is known without a gap. */
  log(): readonly LogEntry[] {
    const entries: LogEntry[] = [];
    for (const [, id] of [...this.#idBySlot].sort(([a], [b]) => a - b)) {
      const entry = this.#entriesById.get(id);
      if (entry === undefined) break;
      entries.push(entry);
    }
    return entries;
  }

  #learn(entry: LogEntry | null): void {
    if (entry !== null) this.#entriesById.set(entry.id, entry);
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
