/**
 * A session: a program that grows line by line, and what has happened to it so far.
 *
 * What is typed later holds from the beginning. A line that changes the program runs the session again,
 * with the same events in the same order, and what is shown is the difference that it makes. So the
 * order in which rules are typed makes none, as in a file, and a session is at every moment what the
 * text typed so far does with the events typed so far. A line of events alone just goes on.
 *
 * The nodes are the real ones, moved round by round (moves.ts). Nothing is inserted to coordinate
 * them; what the program would need is told by its verdicts.
 */
import type { SourceFile } from '../base/span.js';
import { defined } from '../base/assert.js';
import { compareRows } from '../base/value.js';
import type { Row } from '../base/value.js';
import { makeBodyQuery } from '../compiler/body-query.js';
import type { Compilation, CompiledProgram } from '../compiler/compile-source.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { nodeOfInput } from '../node/workload.js';
import type { WorkloadInput } from '../node/workload.js';
import type { Program } from '../semantics/program.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import { TurnCluster } from '../simulator/turn-cluster.js';
import type { PlayedTurn } from '../simulator/turns.js';
import type { Declaration, Statement } from '../syntax/ast.js';
import { parseModule } from '../syntax/parse.js';
import { carryOut, hasWork } from './moves.js';
import type { Deed, Patience, Played } from './moves.js';
import { changesBetween, shownBy } from './shown-changes.js';
import type { Change } from './shown-changes.js';
import { isEvent, readEvents } from './typed-events.js';
import { inOrderOf, makeQuery } from './typed-query.js';
import { withoutStatements } from './typed-text.js';

export interface SessionPorts {
  readonly compile: (source: SourceFile) => Compilation;
  /** The program over the session's nodes, with what they are given at start and nothing inserted; null and why if that does not go together. */
  readonly makeSubject: (
    compilation: Compilation,
    compiled: CompiledProgram,
  ) => Promise<Checked<SimulationSubject | null>>;
  /** The program as written, with its functions bound. */
  readonly link: (compiled: CompiledProgram) => Promise<Program>;
  readonly mayGoOn: Patience;
}

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

/** What a line came to. */
export interface Told {
  /** Errors, for which the line was not taken in; or what failed and what is worth knowing. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of a line that goes on: the timesteps that it brought about. */
  readonly turns: readonly PlayedTurn[];
  /** Of a line that changes the program: the difference that it makes, by relation. */
  readonly changes: readonly Change[];
  /** Relations that are shown no more, though the program has them: others are declared outputs and views. */
  readonly hidden: readonly string[];
  /** Whether nodes had more to do than they were given time for. */
  readonly isCut: boolean;
  /** Whether the user has broken it off; a line that changes the program is then not taken in. */
  readonly isInterrupted: boolean;
  /** Whether a resource bound ended a timestep. */
  readonly isBound: boolean;
}

/** The rows that answer a question, by node. */
export interface Answer {
  readonly diagnostics: readonly Diagnostic[];
  /** Empty for a question that is answered by yes or no: then a row means yes. */
  readonly columns: readonly string[];
  readonly rowsByNode: ReadonlyMap<string, readonly Row[]>;
}

const nothing: Told = {
  diagnostics: [],
  turns: [],
  changes: [],
  hidden: [],
  isCut: false,
  isInterrupted: false,
  isBound: false,
};
const noAnswer = { columns: [], rowsByNode: new Map<string, readonly Row[]>() };

export class Session {
  readonly #ports: SessionPorts;
  readonly #past: Moment[] = [];
  #now: Running;
  /** Whether lines leave what they bring about to `rounds`. */
  isStepwise = false;

  private constructor(ports: SessionPorts, now: Running) {
    this.#ports = ports;
    this.#now = now;
  }

  /** A session that begins with a program, empty or not; null if it cannot be run. */
  static async open(
    { path, text }: SourceFile,
    ports: SessionPorts,
  ): Promise<{ readonly session: Session | null; readonly told: Told }> {
    const source = { path, text: text === '' || text.endsWith('\n') ? text : `${text}\n` };
    const compilation = ports.compile(source);
    const refusal = refusalOf(compilation);
    if (refusal !== null) return { session: null, told: refusal };
    const compiled = compilation.compiled!;
    const moment = { source, compilation, compiled, deeds: [{ kind: 'settle' }] as const };
    const run = await runAgain(moment, ports);
    if (run.refusal !== null) return { session: null, told: run.refusal };
    const { running, played, warnings } = run;
    const told = {
      ...nothing,
      ...resultOf(played),
      diagnostics: [...compilation.diagnostics, ...warnings, ...concernsOf(running.cluster)],
      isBound: hasBound(running.cluster),
    };
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
    const grown = { path: source.path, text };
    const isChanged = events.length < fresh.length;
    const compilation = isChanged ? this.#ports.compile(grown) : this.#now.compilation;
    const refusal = refusalOf(compilation);
    if (refusal !== null) return refusal;
    const compiled = compilation.compiled!;
    const { nodes } = this;
    const read = readEvents(
      { file: whole, statements, events, nodes },
      compiled,
      this.#ports.compile,
    );
    const refused = [...read.diagnostics, ...this.#haltedReceivers(read.value).map(haltedNode)];
    if (hasErrors(refused)) return { ...nothing, diagnostics: refused };
    const entered: readonly Deed[] =
      read.value.length === 0 ? [] : [{ kind: 'enter', inputs: read.value }];
    const more = this.#andRest(entered);
    const moment = { source: grown, compilation, compiled, deeds: this.#now.deeds };
    if (!isChanged) return this.#goOn(moment, more);
    const before = this.#now;
    const told = await this.#becomes({ ...moment, deeds: [...moment.deeds, ...more] });
    if (this.#now !== before) this.#remember(before);
    const heard = before.compilation.diagnostics;
    const warnings = unheard(compilation.diagnostics, heard);
    return { ...told, diagnostics: [...warnings, ...told.diagnostics] };
  }

  /** Rounds, one timestep of each node that has something to do. */
  async rounds(times: number): Promise<Told> {
    return this.#goOn(this.#now, [{ kind: 'rounds', times }]);
  }

  /** Until all nodes are quiet. */
  async settle(): Promise<Told> {
    return this.#goOn(this.#now, [{ kind: 'settle' }]);
  }

  /** Lets a periodic fire. Contract: the program has it, and the session the nodes. */
  async fire(relation: string, nodes: readonly string[]): Promise<Told> {
    return this.#goOn(this.#now, this.#andRest([{ kind: 'fire', relation, nodes }]));
  }

  /** Takes back the last line; null if there is none. */
  async undo(): Promise<Told | null> {
    const [before, last] = [this.#now, this.#past.at(-1)];
    if (last === undefined) return null;
    const told = await this.#becomes(last);
    if (this.#now !== before) this.#past.pop();
    return told;
  }

  /** What a body holds of now, at each node. The name of a relation asks for all of it. */
  async ask(body: string): Promise<Answer> {
    const { source, compiled } = this.#now;
    const relation = compiled.bare.relations.get(body.trim());
    if (relation !== undefined)
      return {
        diagnostics: [],
        columns: relation.columns.map(({ name }) => name),
        rowsByNode: this.#atEachNode((node) => this.#rowsOf(relation.name, node)),
      };
    const typed = makeQuery(source, compiled, body);
    if (typed.value === null) return { ...noAnswer, diagnostics: typed.diagnostics };
    const { head } = typed.value;
    const compilation = this.#ports.compile(typed.value.source);
    const refusal = refusalOf(compilation);
    if (refusal !== null) return { ...noAnswer, diagnostics: refusal.diagnostics };
    const program = await this.#ports.link(compilation.compiled!);
    const rule = program.rules.find((each) => each.head.relation === head);
    const query = makeBodyQuery(program, defined(rule, 'the rule of a question'));
    const answers = this.#atEachNode((node) => query.ask((name) => this.#rowsOf(name, node)));
    const fault = [...answers.values()].find((answer) => answer.fault !== null)?.fault ?? null;
    if (fault !== null) return { ...noAnswer, diagnostics: [fault] };
    const columns = inOrderOf(body, query.variables);
    const places = columns.map((name) => query.variables.indexOf(name));
    const inOrder = (row: Row): Row => places.map((place) => row[place]!);
    return {
      diagnostics: [],
      columns,
      rowsByNode: new Map(
        [...answers].map(([node, { rows }]) => [node, rows.map(inOrder).sort(compareRows)]),
      ),
    };
  }

  #atEachNode<T>(make: (node: string) => T): ReadonlyMap<string, T> {
    return new Map(this.nodes.map((node) => [node, make(node)]));
  }

  /** What a node holds; of what only the question speaks of, what the language says of it. */
  #rowsOf(relation: string, node: string): readonly Row[] {
    const { compiled, cluster } = this.#now;
    if (compiled.bare.relations.has(relation)) return cluster.query(node, relation);
    if (relation === 'cluster') return this.nodes.map((each) => [each]);
    return relation === 'self' ? [[node]] : [];
  }

  #haltedReceivers(inputs: readonly WorkloadInput[]): readonly string[] {
    const { subject } = this.#now.cluster;
    const receivers = inputs.map((input) =>
      nodeOfInput(input, subject.nodes, subject.program.locationByRelation),
    );
    return [...new Set(receivers)].filter((node) => this.#now.cluster.isHalted(node)).sort();
  }

  /** With time to come to rest, unless that is left to the user or given already. */
  #andRest(deeds: readonly Deed[]): readonly Deed[] {
    const last = deeds.at(-1) ?? this.#now.deeds.at(-1);
    return this.isStepwise || last?.kind === 'settle' ? deeds : [...deeds, { kind: 'settle' }];
  }

  #remember({ source, compilation, compiled, deeds }: Running): void {
    this.#past.push({ source, compilation, compiled, deeds });
  }

  /** The same program, a little further. */
  async #goOn(moment: Moment, deeds: readonly Deed[]): Promise<Told> {
    const { cluster } = this.#now;
    const [failed, warned] = [cluster.violations.length, warningsOf(cluster)];
    this.#remember(this.#now);
    const played = await carryOut(cluster, deeds, this.#ports.mayGoOn);
    this.#now = { ...moment, deeds: [...moment.deeds, ...played.done], cluster };
    const diagnostics = [
      ...unheard(failuresOf(cluster).slice(failed), []),
      ...unheard(warningsOf(cluster), warned),
    ];
    const isBound = cluster.violations.slice(failed).some(({ bound }) => bound);
    return { ...nothing, ...resultOf(played), diagnostics, isBound };
  }

  /** Another program, from the beginning; everything stays as it is if it cannot boot. */
  async #becomes(moment: Moment): Promise<Told> {
    const before = this.#now;
    const run = await runAgain(moment, this.#ports);
    if (run.refusal !== null) return run.refusal;
    this.#now = run.running;
    const { cluster, compiled } = run.running;
    const [shown, shows] = [
      shownBy(before.cluster, before.compiled),
      shownBy(cluster, compiled),
    ] as const;
    const { relations } = compiled.bare;
    const hidden = [...shown.keys()].filter((name) => !shows.has(name) && relations.has(name));
    return {
      ...nothing,
      diagnostics: unheard(concernsOf(cluster), concernsOf(before.cluster)),
      changes: changesBetween(shown, shows).filter(({ relation }) => !hidden.includes(relation)),
      hidden,
      isCut: run.played.isCut,
      isBound: hasBound(cluster) && !hasBound(before.cluster),
    };
  }
}

function resultOf({ turns, isCut, isInterrupted }: Played): Partial<Told> {
  return { turns, isCut, isInterrupted };
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

/** Relations whose facts are events. */
function inputNames(compiled: CompiledProgram, fresh: readonly Statement[]): ReadonlySet<string> {
  const declared = fresh.filter(
    (each): each is Declaration => each.kind === 'declaration' && each.collection === 'input',
  );
  const known = [...compiled.written.relations.values()].filter(
    ({ kind, builtin }) => kind === 'input' || builtin === 'stdin',
  );
  return new Set([...declared.map(({ name }) => name.text), ...known.map(({ name }) => name)]);
}

type Run =
  | { readonly refusal: Told }
  | {
      readonly refusal: null;
      readonly running: Running;
      readonly played: Played;
      readonly warnings: readonly Diagnostic[];
    };

/** A cluster to which all this has happened; or why there is none. */
async function runAgain(moment: Moment, ports: SessionPorts): Promise<Run> {
  const subject = await ports.makeSubject(moment.compilation, moment.compiled);
  if (subject.value === null) return { refusal: { ...nothing, diagnostics: subject.diagnostics } };
  const cluster = new TurnCluster(subject.value);
  const played = await carryOut(cluster, moment.deeds, ports.mayGoOn);
  if (played.isInterrupted) return { refusal: { ...nothing, isInterrupted: true } };
  const cannotBoot = played.turns.some(
    ({ number, halted, failures }) => number === 1 && halted && failures.length > 0,
  );
  if (cannotBoot) {
    const isBound = hasBound(cluster);
    return { refusal: { ...nothing, diagnostics: unheard(concernsOf(cluster), []), isBound } };
  }
  const running = { ...moment, cluster };
  return { refusal: null, running, played, warnings: subject.diagnostics };
}

function failuresOf({ violations }: TurnCluster): readonly Diagnostic[] {
  return violations.map(({ cause, diagnostic }) => cause ?? diagnostic);
}

function warningsOf({ warnings }: TurnCluster): readonly Diagnostic[] {
  return warnings.map(({ diagnostic }) => diagnostic);
}

function hasBound({ violations }: TurnCluster): boolean {
  return violations.some(({ bound }) => bound);
}

/** What failed and what was warned of, so far. */
function concernsOf(cluster: TurnCluster): readonly Diagnostic[] {
  return [...failuresOf(cluster), ...warningsOf(cluster)];
}

/** Each matter once, without those that were heard of. */
function unheard(
  diagnostics: readonly Diagnostic[],
  heard: readonly Diagnostic[],
): readonly Diagnostic[] {
  const keyOf = ({ code, message }: Diagnostic): string => `${code} ${message}`;
  const known = new Set(heard.map(keyOf));
  return diagnostics.filter((each) => {
    const key = keyOf(each);
    return !known.has(key) && known.add(key);
  });
}
