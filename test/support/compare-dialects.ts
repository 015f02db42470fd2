/**
 * Runs a `.bloom` program and what is printed of it in the Dedalus dialect side by side, one node
 * each on the reference evaluator, and tells the first difference: of what relations hold in a
 * timestep and of what leaves. A table of the one is rules over time in the other, so that its new
 * content stands among the `@next` tuples there.
 */
import { compareRows, type Row, type Value } from '../../src/base/value.js';
import { rowText } from '../../src/base/value-text.js';
import type { Commit, Evaluator, Failure, RelationRows } from '../../src/evaluator/evaluator.js';
import { createReferenceEvaluator } from '../../src/reference/reference-evaluator.js';
import { channelOf } from '../../src/semantics/dedalus-syntax.js';
import { programToDedalus } from '../../src/semantics/program-to-dedalus.js';
import type { Program, Relation } from '../../src/semantics/program.js';
import { printDedalus } from '../../src/syntax/print-dedalus.js';
import { compileDed } from './dedalus-run.js';
import { programOf } from './reference-node.js';

const nodes = ['n1', 'n2'];
const here = 'n1';

export interface DialectRun {
  /** The first difference, in words; null if there is none. */
  readonly difference: string | null;
  readonly commits: number;
  /** Tuples that were sent. */
  readonly sent: number;
  /** What was printed. */
  readonly text: string;
}

/** Throws if the dialect cannot say the program. */
function printed(program: Program): string {
  const { value, diagnostics } = programToDedalus(program, nodes);
  if (value === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return printDedalus(value);
}

/** Runs until the events are taken or a timestep fails. */
export function compareDialects(
  source: string,
  timesteps: readonly Readonly<Record<string, readonly Row[]>>[],
): DialectRun {
  const program = programOf(source);
  const text = printed(program);
  const runs = new DialectRuns(program, nodeProgramOf(text));
  let commits = 0;
  for (const events of timesteps) {
    const difference = runs.step(events);
    if (difference === 'failed') break;
    if (difference !== null)
      return {
        difference: `${difference}\n\n${source}\n\n${text}`,
        commits,
        sent: runs.sent,
        text,
      };
    commits++;
  }
  return { difference: null, commits, sent: runs.sent, text };
}

function nodeProgramOf(text: string): Program {
  const { compiled, diagnostics } = compileDed(text);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (compiled === null || errors.length > 0)
    throw new Error(`${errors.map(({ message }) => message).join('; ')}\n${text}`);
  return compiled.onNodes;
}

class DialectRuns {
  readonly #program: Program;
  readonly #bloom: Evaluator;
  readonly #ded: Evaluator;
  readonly #known: ReadonlySet<string>;
  sent = 0;
  #bloomNext: readonly RelationRows[] = [];
  #dedNext: readonly RelationRows[] = [];
  #arriving: readonly RelationRows[] = [];
  #timesteps = 0;

  constructor(program: Program, ded: Program) {
    const identity = { name: here, cluster: nodes, facts: [] };
    this.#program = program;
    this.#bloom = createReferenceEvaluator(program, identity, { maxTuples: 5_000 });
    this.#ded = createReferenceEvaluator(ded, identity, { maxTuples: 50_000 });
    this.#known = new Set(ded.relations.keys());
  }

  /** How the two differ after a timestep, in words; `failed` if both fail. */
  step(events: Readonly<Record<string, readonly Row[]>>): string | null {
    const arrived = [
      ...Object.entries(events).map(([relation, rows]) => ({ relation, rows })),
      ...this.#arriving,
    ];
    const boot = this.#timesteps++ === 0 ? { first: true } : null;
    const clock = { nowMs: this.#timesteps, boot };
    const bloom = this.#bloom.timestep({ events: arrived, nextTuples: this.#bloomNext, ...clock });
    const placed = arrived.map(({ relation, rows }) => ({
      relation: this.#relation(relation).kind === 'input' ? relation : channelOf(relation),
      rows: rows.map((row) => this.#placed(relation, row)).sort(compareRows),
    }));
    const ded = this.#ded.timestep({
      events: placed.filter(({ relation }) => this.#known.has(relation)),
      nextTuples: this.#dedNext,
      ...clock,
    });
    if (bloom.kind === 'failure') return this.#afterFailure(ded);
    if (ded.kind === 'failure') return `only the printed program fails: ${ded.diagnostic.message}`;
    const difference = this.#contents(bloom, ded) ?? this.#sends(bloom, ded);
    this.#bloomNext = bloom.nextTuples;
    this.#dedNext = ded.nextTuples;
    this.#arriving = bloom.sends.map(({ relation, rows }) => ({
      relation,
      rows: rows.filter((row) => this.#placed(relation, row)[0] === here),
    }));
    return difference;
  }

  /** Keys are checked at the end of a timestep, and in the printed program when the next begins. */
  #afterFailure(ded: Commit | Failure): string | null {
    if (ded.kind === 'failure') return 'failed';
    const next = this.#ded.timestep({
      events: [],
      nextTuples: ded.nextTuples,
      nowMs: this.#timesteps + 1,
      boot: null,
    });
    return next.kind === 'failure' ? 'failed' : 'only the program as written fails';
  }

  #contents(bloom: Commit, ded: Commit): string | null {
    for (const [name, { kind, builtin }] of this.#program.relations) {
      if (builtin !== null || !this.#known.has(name)) continue;
      const now = kind === 'table' ? rowsOf(ded.nextTuples, name) : this.#ded.query(name);
      const difference =
        this.#compare(name, this.#bloom.query(name), now) ??
        (kind === 'table'
          ? null
          : this.#compare(name, rowsOf(bloom.nextTuples, name), rowsOf(ded.nextTuples, name)));
      if (difference !== null) return difference;
    }
    return null;
  }

  #sends(bloom: Commit, ded: Commit): string | null {
    for (const { name, kind } of this.#program.relations.values()) {
      if (kind !== 'channel' && kind !== 'loopback') continue;
      const rows = rowsOf(bloom.sends, name);
      this.sent += rows.length;
      const difference = this.#compare(name, rows, rowsOf(ded.sends, channelOf(name)));
      if (difference !== null) return `sent: ${difference}`;
    }
    return null;
  }

  #compare(name: string, rows: readonly Row[], actual: readonly Row[]): string | null {
    const text = (of: readonly Row[]): string =>
      of
        .map((row) => rowText(name, row))
        .sort()
        .join(' ');
    const expected = text(rows.map((row) => this.#placed(name, row)));
    if (expected === text(actual)) return null;
    return `timestep ${this.#timesteps}: ${name} is to hold\n${expected}\nand holds\n${text(actual)}`;
  }

  /** The row with its place in front. */
  #placed(name: string, row: Row): Row {
    const { location } = this.#relation(name);
    const place: Value = location === null ? here : row[location]!;
    return [place, ...row.filter((_, i) => i !== location)];
  }

  #relation(name: string): Relation {
    return this.#program.relations.get(name)!;
  }
}

function rowsOf(batches: readonly RelationRows[], relation: string): readonly Row[] {
  return batches.flatMap((batch) => (batch.relation === relation ? batch.rows : []));
}
