/**
 * The barrier as the checker of all schedules sees it: what it promises, and none of the messages by
 * which nodes find out that a step is over (rewrite/barrier-protocol.ts).
 *
 * A step may end whenever nothing that the barrier counts is in flight and every node has been quiet
 * since it last took or sent such. Then each node is asked, by the program's own rules, at which step
 * it is and whether something is due, and messages to go on are under way to all: these are explored
 * like any other, so nodes go on at different times. Where an epoch opens, any of the inputs that are
 * held back enter it, all of a node in the one timestep after the one in which it heard.
 *
 * No outcome of the real protocol is lost.
 * - When steps end: the leader ends a step over two reports of every node with the same counts, one from
 *   before its question and one from after. At the moment of the question these counts were true of
 *   all nodes at once, so each batch that counts had been taken, and each node had told, which it does
 *   when quiet, after all it had done for the barrier. That is the condition above. Whatever else
 *   happened between question and message may as well happen after the message was sent.
 * - What enters: what a node holds back changes nothing before it enters, so when it came makes no
 *   difference but for the epoch that it enters; a message that feeds an epoch is sent only if some
 *   node has told that it holds something back.
 * - Timesteps in which a node does nothing but talk about the barrier: a node may run one at any time.
 * - Answers, questions and numbers of batches reach no rule of the program, and travel by themselves.
 * Schedules with timers that are held back are not covered, nor processes that are lost.
 *
 * That runs of real nodes have no other outcomes: test/property/barrier-schedules.test.ts.
 */
import { assert } from '../base/assert.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { BarrierProgram } from '../node/configuration.js';
import type { Batch } from '../node/inbox.js';

/** What a batch is to the barrier: `counted` is waited for, `step` takes a node on, `feed` opens an epoch that inputs enter. */
export type BarrierPart = 'held' | 'counted' | 'step' | 'feed' | 'none';

/** What a node answers when it is asked. */
export interface NodeTold {
  readonly lead: string;
  readonly step: number;
  readonly isDue: boolean;
}

/** The step that may come now. */
export interface NextStep {
  readonly lead: string;
  readonly step: number;
  readonly opens: boolean;
  /** Of an epoch that opens, whether it does so even if no input enters. */
  readonly isDue: boolean;
}

export class CheckedBarrier {
  readonly #program: BarrierProgram;
  /** Upon which a node that is quiet says so. */
  readonly question: Batch;

  constructor(program: BarrierProgram) {
    this.#program = program;
    const content = [{ relation: program.quiet, rows: [[0, 0, 0, false]] }];
    this.question = { origin: { kind: 'insert' }, content };
  }

  /** Whether timers are held back. */
  holdsTimers(periodics: readonly { readonly relation: string }[]): boolean {
    return periodics.some(({ relation }) => this.#program.held.has(relation));
  }

  partOf({ origin, content }: Batch): BarrierPart {
    const { held, open, pass } = this.#program;
    if (origin.kind === 'insert' && content.some(({ relation }) => held.has(relation)))
      return 'held';
    const opening = content.find(({ relation }) => relation === open);
    if (opening !== undefined)
      return opening.rows.some(([, , isFed]) => isFed === true) ? 'feed' : 'step';
    if (content.some(({ relation }) => relation === pass)) return 'step';
    return this.counts(content) ? 'counted' : 'none';
  }

  counts(content: readonly RelationRows[]): boolean {
    return content.some(({ relation }) => this.#program.counted.has(relation));
  }

  /** The answer among what a node sends; null if there is none. */
  answerIn(content: readonly RelationRows[]): NodeTold | null {
    const row = content.find(({ relation }) => relation === this.#program.report)?.rows[0];
    if (row === undefined) return null;
    const [lead, , step, , , , , due] = row;
    assert(typeof lead === 'string', 'a report goes to a node');
    return { lead, step: Number(step), isDue: Number(due) > 0 };
  }

  /** What comes after a step at whose end the nodes told this; null if they wait. */
  after(told: readonly NodeTold[], hasHeld: boolean): NextStep | null {
    const [first] = told;
    if (first === undefined || told.some(({ step }) => step !== first.step)) return null;
    const step = first.step + 1;
    const opens = step % this.#program.phases === 0;
    const isDue = told.some((each) => each.isDue);
    return opens && !isDue && !hasHeld ? null : { lead: first.lead, step, opens, isDue };
  }

  /** Takes a node to its next step. */
  messageTo(node: string, { lead, step, opens }: NextStep, isFed: boolean): Batch {
    const { open, pass } = this.#program;
    const content = opens
      ? { relation: open, rows: [[node, step, isFed]] }
      : { relation: pass, rows: [[node, step]] };
    const origin: Batch['origin'] = node === lead ? { kind: 'loop' } : { kind: 'peer', peer: lead };
    return { origin, content: [content] };
  }
}
