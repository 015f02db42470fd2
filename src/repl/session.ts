/**
 * A session: a program that grows line by line, and what has happened to it so far.
 *
 * What is typed later holds from the beginning. A line that changes the program runs the session again,
 * with the same events in the same order, and what is shown is the difference that it makes. So the
 * order in which rules are typed makes none, as in a file, and a session is at every moment what the
 * text typed so far does with the events typed so far. A line of events alone just goes on.
 *
 * The nodes are the real ones, moved round by round: whoever has something to do runs one timestep
 * over all that waits for it, and what is sent in a round arrives in the next. Nothing is inserted to
 * coordinate them; what the program would need is told by its verdicts.
 */
import type { SourceFile } from '../base/span.js';
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { Compilation, CompiledProgram } from '../compiler/compile-source.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { nodeOfInput } from '../node/workload.js';
import type { WorkloadInput } from '../node/workload.js';
import type { Outcome, SimulationSubject } from '../simulator/outcome.js';
import { TurnCluster } from '../simulator/turn-cluster.js';
import type { PlayedTurn } from '../simulator/turns.js';
import type { Declaration, Statement } from '../syntax/ast.js';
import { parseModule } from '../syntax/parse.js';
import { isEvent, readEvents } from './typed-events.js';
import { makeQuery } from './typed-query.js';
import { withoutStatements } from './typed-text.js';

export interface SessionPorts {
  readonly compile: (source: SourceFile) => Compilation;
  /** The program over the session's nodes, with what they are given at start and nothing inserted; null and why if that does not go together. */
  readonly makeSubject: (
    compilation: Compilation,
    compiled: CompiledProgram,
  ) => Promise<Checked<SimulationSubject | null>>;
}

/** What has been done, beside typing the program. */
type Deed =
  | { readonly kind: 'enter'; readonly inputs: readonly WorkloadInput[] }
  | { readonly kind: 'fire'; readonly relation: string; readonly nodes: readonly string[] }
  | { readonly kind: 'round' }
  /** Rounds until all nodes are quiet. */
  | { readonly kind: 'settle' };

/** A line taken in; `undo` goes back to the one before. */
interface Moment {
  readonly source: SourceFile;
  readonly compilation: Compilation;
  readonly compiled: CompiledProgram;
  readonly deeds: readonly Deed[];
}

interface Running extends Moment {
  readonly cluster: TurnCluster;
}

/** Tuples that a relation shows more and less than before. */
export interface Change {
  readonly relation: string;
  readonly added: readonly Row[];
  readonly removed: readonly Row[];
}

/** What a line came to. */
export interface Told {
  /** Errors, for which the line was not taken in; or what failed and what is worth knowing. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of a line that goes on: the timesteps that it brought about. */
  readonly turns: readonly PlayedTurn[];
  /** Of a line that changes the program: the difference that it makes, by relation. Rows begin with the node unless the relation is located. */
  readonly changes: readonly Change[];
  /** Relations that are shown no more, though the program has them: others are declared outputs and views. */
  readonly hidden: readonly string[];
  /** Whether nodes had more to do than they were given time for. */
  readonly isCut: boolean;
}

/** The rows that answer a question, by node. */
export interface Answer {
  readonly diagnostics: readonly Diagnostic[];
  /** Empty for a question that is answered by yes or no: then a row means yes. */
  readonly columns: readonly string[];
  readonly rowsByNode: ReadonlyMap<string, readonly Row[]>;
}

const nothing: Told = { diagnostics: [], turns: [], changes: [], hidden: [], isCut: false };
/** Rounds that a line may run before it is called endless. */
const mostRounds = 1000;

export class Session {
  readonly #ports: SessionPorts;
  readonly #past: Moment[] = [];
  #now: Running;
  /** Whether lines leave what they bring about to `round`. */
  isStepwise = false;

  private constructor(ports: SessionPorts, now: Running) {
    this.#ports = ports;
    this.#now = now;
  }

  /** A session that begins with a program, empty or not; its text is what the session is called. */
  static async open(
    source: SourceFile,
    ports: SessionPorts,
  ): Promise<{ readonly session: Session | null; readonly told: Told }> {
    const text =
      source.text === '' || source.text.endsWith('\n') ? source.text : `${source.text}\n`;
    const file = { path: source.path, text };
    const compilation = ports.compile(file);
    const refusal = refusalOf(compilation);
    if (refusal !== null) return { session: null, told: refusal };
    const deeds: readonly Deed[] = [{ kind: 'settle' }];
    const compiled = compilation.compiled!;
    const run = await runAgain({ source: file, compilation, compiled, deeds }, ports);
    if (run.refusal !== null) return { session: null, told: run.refusal };
    const { running, turns, isCut } = run;
    const told = { ...nothing, diagnostics: concernsOf(running.cluster), turns, isCut };
    return { session: new Session(ports, running), told };
  }

  /** The program typed so far. */
  get source(): SourceFile {
    return this.#now.source;
  }

  get compiled(): CompiledProgram {
    return this.#now.compiled;
  }

  get nodes(): readonly string[] {
    return this.#now.cluster.subject.nodes;
  }

  /** The names of the nodes that have something to do. */
  get restless(): readonly string[] {
    return this.nodes.filter((node) => hasWork(this.#now.cluster, node));
  }

  /** Takes in statements: rules, declarations and facts into the program, facts of inputs as events. */
  async enter(typed: string): Promise<Told> {
    const { source } = this.#now;
    const whole = { path: source.path, text: `${source.text}${typed}\n` };
    const parsed = parseModule(whole);
    if (hasErrors(parsed.diagnostics)) return { ...nothing, diagnostics: parsed.diagnostics };
    const { statements } = parsed.value;
    const fresh = statements.filter(({ span }) => span.start >= source.text.length);
    const inputs = inputNames(this.compiled, fresh);
    const events = fresh.filter((each) => isEvent(each, (name) => inputs.has(name)));
    const text = withoutStatements(
      whole,
      events.map(({ span }) => span),
    );
    const isChanged = events.length < fresh.length;
    const grown = { path: source.path, text };
    const compilation = isChanged ? this.#ports.compile(grown) : this.#now.compilation;
    const refusal = refusalOf(compilation);
    if (refusal !== null) return refusal;
    const compiled = compilation.compiled!;
    const { nodes } = this;
    const read =
      events.length === 0
        ? { value: [], diagnostics: [] }
        : readEvents({ file: whole, statements, events, nodes }, compiled, this.#ports.compile);
    if (hasErrors(read.diagnostics)) return { ...nothing, diagnostics: read.diagnostics };
    const entered: readonly Deed[] =
      read.value.length === 0 ? [] : [{ kind: 'enter', inputs: read.value }];
    const more = this.#andRest(entered);
    const deeds = [...this.#now.deeds, ...more];
    const moment = { source: grown, compilation, compiled, deeds };
    if (!isChanged) {
      const halted = this.#haltedReceivers(read.value);
      if (halted.length > 0) return { ...nothing, diagnostics: halted.map(haltedNode) };
      return this.#goOn(moment, more);
    }
    const before = this.#now;
    const told = await this.#becomes(moment);
    if (this.#now !== before) this.#past.push(before);
    return told;
  }

  /** Rounds, one timestep of each node that has something to do. */
  async round(times: number): Promise<Told> {
    return this.#act(Array.from({ length: times }, () => ({ kind: 'round' })));
  }

  /** Until all nodes are quiet. */
  async settle(): Promise<Told> {
    return this.#act([{ kind: 'settle' }]);
  }

  /** Lets a periodic fire. Contract: the program has it, and the session the nodes. */
  async fire(relation: string, nodes: readonly string[]): Promise<Told> {
    return this.#act(this.#andRest([{ kind: 'fire', relation, nodes }]));
  }

  /** Takes back the last line; null if there is none. */
  async undo(): Promise<Told | null> {
    const last = this.#past.pop();
    return last === undefined ? null : this.#becomes(last);
  }

  /** What a body holds of, at each node. The name of a relation asks for all of it. */
  async ask(body: string): Promise<Answer> {
    const { source, compiled, cluster, deeds } = this.#now;
    const relation = compiled.bare.relations.get(body.trim());
    if (relation !== undefined)
      return {
        diagnostics: [],
        columns: relation.columns.map(({ name }) => name),
        rowsByNode: new Map(this.nodes.map((node) => [node, cluster.query(node, relation.name)])),
      };
    const none = { columns: [], rowsByNode: new Map() };
    const query = makeQuery(source, body);
    const { diagnostics } = parseModule(query.source);
    if (hasErrors(diagnostics)) return { diagnostics, ...none };
    const compilation = this.#ports.compile(query.source);
    const refusal = refusalOf(compilation);
    if (refusal !== null) return { diagnostics: refusal.diagnostics, ...none };
    const asked = { source: query.source, compilation, compiled: compilation.compiled!, deeds };
    const run = await runAgain(asked, this.#ports);
    if (run.refusal !== null) return { diagnostics: run.refusal.diagnostics, ...none };
    const rowsAt = (node: string): readonly Row[] => run.running.cluster.query(node, query.view);
    return {
      diagnostics: [],
      columns: query.columns,
      rowsByNode: new Map(this.nodes.map((node) => [node, rowsAt(node)])),
    };
  }

  #haltedReceivers(inputs: readonly WorkloadInput[]): readonly string[] {
    const { subject } = this.#now.cluster;
    const receivers = inputs.map((input) =>
      nodeOfInput(input, subject.nodes, subject.program.locationByRelation),
    );
    const isHalted = (node: string): boolean =>
      subject.nodes.includes(node) && this.#now.cluster.isHalted(node);
    return [...new Set(receivers)].filter(isHalted).sort();
  }

  /** With time to come to rest, unless that is left to the user or given already. */
  #andRest(deeds: readonly Deed[]): readonly Deed[] {
    const last = deeds.at(-1) ?? this.#now.deeds.at(-1);
    return this.isStepwise || last?.kind === 'settle' ? deeds : [...deeds, { kind: 'settle' }];
  }

  #act(deeds: readonly Deed[]): Promise<Told> {
    return this.#goOn({ ...this.#now, deeds: [...this.#now.deeds, ...deeds] }, deeds);
  }

  /** The same program, a little further. */
  async #goOn(moment: Moment, deeds: readonly Deed[]): Promise<Told> {
    const { cluster } = this.#now;
    const [failed, warned] = [cluster.violations.length, warningsOf(cluster)];
    this.#past.push(this.#now);
    const { turns, isCut } = carryOut(cluster, deeds);
    this.#now = { ...moment, cluster };
    const diagnostics = [
      ...failuresOf(cluster).slice(failed),
      ...unheard(warningsOf(cluster), warned),
    ];
    return { ...nothing, diagnostics, turns, isCut };
  }

  /** Another program, from the beginning; everything stays as it is if it cannot boot. */
  async #becomes(moment: Moment): Promise<Told> {
    const before = this.#now;
    const run = await runAgain(moment, this.#ports);
    if (run.refusal !== null) return run.refusal;
    this.#now = run.running;
    const [shown, shows] = [shownBy(before), shownBy(this.#now)];
    const { relations } = this.#now.compiled.bare;
    const hidden = [...shown.keys()].filter((name) => !shows.has(name) && relations.has(name));
    return {
      ...nothing,
      diagnostics: unheard(concernsOf(this.#now.cluster), concernsOf(before.cluster)),
      changes: changesBetween(shown, shows).filter(({ relation }) => !hidden.includes(relation)),
      hidden,
      isCut: run.isCut,
    };
  }
}

function haltedNode(node: string): Diagnostic {
  return {
    code: 'TRL1020',
    severity: 'error',
    message: `node \`${node}\` has halted and takes nothing any more`,
    help: '`:undo` goes back to where it ran',
  };
}

/** Why a program cannot take the place of the one before; null if it can. */
function refusalOf({ compiled, diagnostics, obstacles }: Compilation): Told | null {
  const all = [...diagnostics, ...obstacles];
  return compiled !== null && !hasErrors(all) ? null : { ...nothing, diagnostics: all };
}

function inputNames(compiled: CompiledProgram, fresh: readonly Statement[]): ReadonlySet<string> {
  const declared = fresh.filter(
    (each): each is Declaration => each.kind === 'declaration' && each.collection === 'input',
  );
  const known = [...compiled.written.relations.values()].filter(({ kind }) => kind === 'input');
  return new Set([...declared.map(({ name }) => name.text), ...known.map(({ name }) => name)]);
}

type Run =
  | { readonly refusal: Told }
  | {
      readonly refusal: null;
      readonly running: Running;
      readonly turns: readonly PlayedTurn[];
      readonly isCut: boolean;
    };

/** A cluster to which all this has happened; or why none of its nodes could boot. */
async function runAgain(moment: Moment, ports: SessionPorts): Promise<Run> {
  const subject = await ports.makeSubject(moment.compilation, moment.compiled);
  if (subject.value === null) return { refusal: { ...nothing, diagnostics: subject.diagnostics } };
  const cluster = new TurnCluster(subject.value);
  const { turns, isCut } = carryOut(cluster, moment.deeds);
  const broken = turns.some(
    ({ number, halted, failures }) => number === 1 && halted && failures.length > 0,
  );
  if (broken) return { refusal: { ...nothing, diagnostics: concernsOf(cluster) } };
  return { refusal: null, running: { ...moment, cluster }, turns, isCut };
}

function carryOut(
  cluster: TurnCluster,
  deeds: readonly Deed[],
): { readonly turns: readonly PlayedTurn[]; readonly isCut: boolean } {
  const before = cluster.turns.length;
  let isCut = false;
  for (const deed of deeds) {
    if (deed.kind === 'enter') deed.inputs.forEach((input) => cluster.enter(input));
    else if (deed.kind === 'round') playRound(cluster);
    else if (deed.kind === 'settle') isCut = !settle(cluster);
    else
      for (const node of deed.nodes)
        cluster.play(node, [{ kind: 'timer', relation: deed.relation, missed: 0 }]);
  }
  return { turns: cluster.turns.slice(before), isCut };
}

/** Whether all nodes have come to rest. */
function settle(cluster: TurnCluster): boolean {
  for (let round = 0; round < mostRounds; round++) if (!playRound(cluster)) return true;
  return !cluster.subject.nodes.some((node) => hasWork(cluster, node));
}

function hasWork(cluster: TurnCluster, node: string): boolean {
  return cluster.isRestless(node) || cluster.waiting(node).length > 0;
}

/** Each node takes what waits for it now; whether any did something. */
function playRound(cluster: TurnCluster): boolean {
  const plan = cluster.subject.nodes.map(
    (node) => [node, cluster.waiting(node).map(({ pick }) => pick)] as const,
  );
  return plan.filter(([node, picks]) => cluster.play(node, picks) !== null).length > 0;
}

function failuresOf({ violations }: TurnCluster): readonly Diagnostic[] {
  return violations.map(({ cause, diagnostic }) => cause ?? diagnostic);
}

function warningsOf({ warnings }: TurnCluster): readonly Diagnostic[] {
  return warnings.map(({ diagnostic }) => diagnostic);
}

/** What failed and what was warned of, so far. */
function concernsOf(cluster: TurnCluster): readonly Diagnostic[] {
  return [...failuresOf(cluster), ...warningsOf(cluster)];
}

function unheard(
  diagnostics: readonly Diagnostic[],
  heard: readonly Diagnostic[],
): readonly Diagnostic[] {
  const keyOf = ({ code, message }: Diagnostic): string => `${code} ${message}`;
  const known = new Set(heard.map(keyOf));
  return diagnostics.filter((each) => !known.has(keyOf(each)));
}

/** Everything that outputs have released, and what views show. */
function shownBy({ cluster, compiled }: Running): ReadonlyMap<string, readonly Row[]> {
  const { ever, final }: Outcome = cluster.outcome(true);
  return new Map(
    compiled.bare.observables.map((name) => {
      const isOutput = compiled.bare.relations.get(name)?.observable === 'output';
      return [name, (isOutput ? ever : final).get(name) ?? []];
    }),
  );
}

function changesBetween(
  before: ReadonlyMap<string, readonly Row[]>,
  after: ReadonlyMap<string, readonly Row[]>,
): readonly Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((relation): readonly Change[] => {
    const [old, now] = [before.get(relation) ?? [], after.get(relation) ?? []];
    const added = without(now, old);
    const removed = without(old, now);
    return added.length + removed.length === 0 ? [] : [{ relation, added, removed }];
  });
}

function without(rows: readonly Row[], others: readonly Row[]): readonly Row[] {
  const known = new Set(others.map(rowKey));
  return rows.filter((row) => !known.has(rowKey(row))).sort(compareRows);
}
