/** A node on the bench: events go in without a time, effects come out and are kept. */
import type { Row } from '../../../src/base/value.js';
import type { RelationRows } from '../../../src/evaluator/evaluator.js';
import type { NodeConfiguration } from '../../../src/node/configuration.js';
import type { NodeEffect, NodeEvent } from '../../../src/node/events.js';
import type { Frame } from '../../../src/node/frames.js';
import { createNode } from '../../../src/node/node.js';
import type { Node } from '../../../src/node/node.js';
import { fakeEvaluator } from './fake-evaluator.js';
import type { FakeEvaluator, Rules } from './fake-evaluator.js';

type Untimed = NodeEvent extends infer E ? (E extends NodeEvent ? Omit<E, 'nowMs'> : never) : never;
type EffectOf<Kind extends NodeEffect['kind']> = Extract<NodeEffect, { kind: Kind }>;

export class BenchNode {
  readonly node: Node;
  readonly evaluator: FakeEvaluator;
  nowMs = 1000;
  effects: NodeEffect[] = [];
  #ticks = 0;

  constructor(configuration: NodeConfiguration, rules: Rules) {
    this.evaluator = fakeEvaluator(rules);
    this.node = createNode(configuration, this.evaluator);
  }

  feed(event: Untimed): readonly NodeEffect[] {
    const effects = this.node.step({ ...event, nowMs: this.nowMs });
    this.effects.push(...effects);
    this.#ticks += effects.filter(({ kind }) => kind === 'request-tick').length;
    return effects;
  }

  start(incarnation = 'i1'): this {
    this.feed({ kind: 'start', incarnation, stored: null });
    return this;
  }

  put(...content: Row[]): readonly NodeEffect[] {
    return this.feed({ kind: 'insert', relation: 'put', rows: content });
  }

  data(peer: string, seq: number, batch: readonly RelationRows[]): readonly NodeEffect[] {
    return this.feed({ kind: 'frame', peer, frame: { kind: 'data', seq, timestep: seq, batch } });
  }

  link(peer: string, incarnation: string, lastSeq = 0): readonly NodeEffect[] {
    return this.feed({ kind: 'link', peer, state: 'up', incarnation, lastSeq });
  }

  /** Issues the tick that was requested; fails if none was. */
  tick(): readonly NodeEffect[] {
    if (this.#ticks === 0) throw new Error('no tick was requested');
    this.#ticks -= 1;
    return this.feed({ kind: 'tick' });
  }

  get isTickRequested(): boolean {
    return this.#ticks > 0;
  }

  /** Ticks until the node asks for no more; gives how often. */
  rest(limit = 5000): number {
    let count = 0;
    for (; this.isTickRequested; count++) {
      if (count === limit) throw new Error(`not quiet after ${limit} ticks`);
      this.tick();
    }
    return count;
  }

  /** Effects of a kind so far. */
  of<Kind extends NodeEffect['kind']>(kind: Kind): EffectOf<Kind>[] {
    return this.effects.filter((effect): effect is EffectOf<Kind> => effect.kind === kind);
  }

  sent(peer: string): Frame[] {
    return this.of('send').flatMap((effect) => (effect.peer === peer ? [effect.frame] : []));
  }

  codes(): string[] {
    return this.of('report').map(({ diagnostic }) => diagnostic.code);
  }

  /** Rows that each timestep so far took as events. */
  taken(): string[] {
    return this.evaluator.inputs.map(({ events }) =>
      events.map((group) => `${group.relation}${JSON.stringify(group.rows)}`).join(' '),
    );
  }
}

/** The rows of one relation as a batch. */
export function rows(relation: string, ...content: Row[]): readonly RelationRows[] {
  return [{ relation, rows: content }];
}
