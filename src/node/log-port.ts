/**
 * The ordered log as a node sees it: entries go in, decided entries come out one by one, and the
 * log's messages and timers become the node's own effects.
 *
 * The payload of an entry is `[[receiver, content], ...]`: what one timestep of its sender sends to
 * every receiver of a tuple that must be ordered. A node applies its own part. The whole payload is
 * checked, not only that part, so that all members that run one program skip a bad entry alike.
 */
import type { Json } from '../base/value-json.js';
import { parseLogMessage, startLog, stepLog } from '../coordination/ordered-log.js';
import type { LogState } from '../coordination/ordered-log.js';
import type { LogEntry, LogEvent, LogMessage } from '../coordination/log-types.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import { checkContent } from './check-content.js';
import type { NodeConfiguration, OrderedLogPlan } from './configuration.js';
import { decodeContent, encodeContent } from './content-json.js';
import type { NodeEffect } from './events.js';
import type { Part } from './group-sends.js';
import type { Batch } from './inbox.js';
import { awaitsRegistration, entrySkipped } from './node-reports.js';

/** Timers of the log among the timers of the node. */
const timerPrefix = 'log/';

/** The log message that a frame carries, or null if it carries none. */
export function readLogMessage(json: unknown): LogMessage | null {
  return parseLogMessage(json);
}

/** The log's name for a timer of the node; null if the timer is not the log's. */
export function logTimer(id: string): string | null {
  return id.startsWith(timerPrefix) ? id.slice(timerPrefix.length) : null;
}

/** A running log and the decided entries that wait to be applied. */
export class LogPort {
  readonly #configuration: NodeConfiguration;
  #state: LogState;
  #waiting: Batch[] = [];

  constructor(configuration: NodeConfiguration, plan: OrderedLogPlan, incarnation: string) {
    this.#configuration = configuration;
    this.#state = startLog({
      self: configuration.name,
      incarnation,
      members: plan.members,
      nodes: configuration.cluster,
      timing: configuration.log,
    });
  }

  /** Whether a decided entry waits to be applied. */
  get hasEntry(): boolean {
    return this.#waiting.length > 0;
  }

  /** Removes and gives the next entry: this node's part of it, perhaps empty. */
  takeEntry(): Batch | undefined {
    return this.#waiting.shift();
  }

  propose(id: string, parts: readonly Part[]): readonly NodeEffect[] {
    const payload: Json = parts.map(({ receiver, content }) => [receiver, encodeContent(content)]);
    return this.feed({ kind: 'propose', entry: { id, sender: this.#configuration.name, payload } });
  }

  feed(event: LogEvent): readonly NodeEffect[] {
    const { state, effects } = stepLog(this.#state, event);
    this.#state = state;
    const nodeEffects: NodeEffect[] = [];
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          nodeEffects.push({
            kind: 'send',
            peer: effect.to,
            frame: { kind: 'log', message: effect.message },
          });
          break;
        case 'set-timer':
          nodeEffects.push({
            kind: 'set-timer',
            id: timerPrefix + effect.id,
            afterMs: effect.afterMs,
            purpose: 'log',
          });
          break;
        case 'clear-timer':
          nodeEffects.push({ kind: 'clear-timer', id: timerPrefix + effect.id });
          break;
        case 'role':
          nodeEffects.push({ kind: 'log-role', role: effect.role });
          break;
        case 'unregistered':
          nodeEffects.push(
            reportOf(awaitsRegistration(this.#configuration.name, effect.silent, effect.needed)),
          );
          break;
        case 'decided':
          nodeEffects.push(...this.#decided(effect.slot, effect.entry));
      }
    }
    return nodeEffects;
  }

  /** A no-op is nothing to apply. */
  #decided(slot: number, entry: LogEntry | null): readonly NodeEffect[] {
    if (entry === null) return [];
    const parts = decodeParts(entry.payload);
    const misfit = this.#misfit(entry.sender, parts);
    if (parts === undefined || misfit !== null) {
      return [reportOf(entrySkipped(this.#configuration.name, slot, entry, misfit))];
    }
    const own = parts.find(({ receiver }) => receiver === this.#configuration.name);
    this.#waiting.push({
      origin: { kind: 'log', slot, entryId: entry.id, sender: entry.sender },
      content: own?.content ?? [],
    });
    return [];
  }

  #misfit(sender: string, parts: readonly Part[] | undefined): string | null {
    if (parts === undefined) return null;
    for (const { receiver, content } of parts) {
      const misfit = checkContent(content, sender, receiver, this.#configuration.program);
      if (misfit !== null) return misfit;
    }
    return null;
  }
}

function reportOf(diagnostic: Diagnostic): NodeEffect {
  return { kind: 'report', diagnostic, failedBatch: false, failure: null };
}

function decodeParts(payload: unknown): readonly Part[] | undefined {
  if (!Array.isArray(payload)) return undefined;
  const contentByReceiver = new Map<string, readonly RelationRows[]>();
  for (const item of payload as readonly unknown[]) {
    if (!Array.isArray(item) || item.length !== 2) return undefined;
    const [receiver, encoded] = item as readonly unknown[];
    const content = decodeContent(encoded);
    if (typeof receiver !== 'string' || content === undefined) return undefined;
    if (contentByReceiver.has(receiver)) return undefined;
    contentByReceiver.set(receiver, content);
  }
  return [...contentByReceiver].map(([receiver, content]) => ({ receiver, content }));
}
