/** `trellis repl [FILE]`: rules, facts and events typed in, and what they do, timestep by timestep. */
import type { Command } from 'commander';
import { rowText } from '../base/value-text.js';
import type { Row } from '../base/value.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { writeFile } from '../files/write-files.js';
import { openPrompt } from '../host/prompt.js';
import type { LinePrompt } from '../host/prompt.js';
import type { Answer, Session, Told } from '../repl/session.js';
import { isInBraces, isWhole } from '../repl/typed-text.js';
import { turnLines } from '../simulator/turn-text.js';
import type { PlayedTurn } from '../simulator/turns.js';
import {
  CommandExit,
  exitCodes,
  showDiagnostics,
  usageError,
  writeError,
  writeOut,
} from './console.js';
import { addWatchOptions, addWorkloadOptions } from './options.js';
import type { SubjectOptions } from './prepare.js';
import { openSession } from './repl-session.js';
import { showRelations } from './show-relations.js';
import { verdictLines } from './verdict-lines.js';
import { watchOf, type WatchBounds } from './watch.js';

const usualMaxSeconds = 10;
/** Tuples of one relation that a timestep or a change shows. */
const mostShown = 20;
/** Lines that a line brings about. */
const mostLines = 200;

/** What stands in front of a row, and the row. */
type Placed = readonly [string, Row];

export function addReplCommand(program: Command): void {
  const command = program
    .command('repl')
    .description('type rules, facts and events, and see what they do, timestep by timestep')
    .argument('[file]', 'a program, cluster file or folder to begin with');
  addWatchOptions(addWorkloadOptions(command)).action(
    (path: string | undefined, options: SubjectOptions & WatchBounds) =>
      repl(path, {
        ...options,
        ...watchOf({ ...options, maxSeconds: options.maxSeconds ?? usualMaxSeconds }),
      }),
  );
}

async function repl(path: string | undefined, options: SubjectOptions): Promise<void> {
  if ((options.input ?? []).includes('-'))
    usageError('--input -: standard input is what you type here');
  let conversation: Conversation | null = null;
  const prompt = openPrompt(
    process.stdin,
    process.stdout,
    (line) => conversation?.complete(line) ?? [[], line],
  );
  const isTerminal = process.stdin.isTTY;
  try {
    const { session, told } = await openSession(path, options, () => prompt.mayGoOn());
    if (session === null) {
      showDiagnostics(told.diagnostics);
      throw new CommandExit(told.isBound ? exitCodes.bound : exitCodes.failed);
    }
    if (isTerminal) writeOut('rules, facts and events end in `;`, `:help` tells the rest\n');
    conversation = new Conversation(session);
    conversation.show(told);
    await talk(conversation, prompt, isTerminal);
  } finally {
    prompt.close();
  }
  // Whoever types sees what went wrong; whoever feeds a script asks how it went.
  throw new CommandExit(isTerminal ? exitCodes.fine : conversation.exitCode);
}

/** Until there are no more lines, or the user leaves. */
async function talk(
  conversation: Conversation,
  prompt: LinePrompt,
  isTerminal: boolean,
): Promise<void> {
  let typed = '';
  let isLeaving = false;
  for (;;) {
    const line = await prompt.next(typed === '' ? '> ' : '. ');
    if (line === undefined) break;
    if (line === null) {
      if (isLeaving) return;
      writeOut('Ctrl-C again leaves\n');
      [typed, isLeaving] = ['', true];
      continue;
    }
    isLeaving = false;
    if (isCommand(line)) {
      // No statement goes on like this.
      if (typed !== '' && !(await conversation.take(typed))) return;
      typed = line;
    } else typed = typed === '' ? line : `${typed}\n${line}`;
    if (isUnfinished(typed, line, isTerminal)) continue;
    if (!(await conversation.take(typed))) return;
    typed = '';
  }
  await conversation.take(typed);
}

/** At a terminal an empty line says that no more of a statement comes, unless a module is open. */
function isUnfinished(typed: string, line: string, isTerminal: boolean): boolean {
  if (isCommand(typed) || isWhole(typed)) return false;
  return line.trim() !== '' || !isTerminal || isInBraces(typed);
}

/** No statement begins or goes on with a colon and a word, or with a question mark. */
function isCommand(text: string): boolean {
  return /^\s*(?::[a-z]|\?)/i.test(text);
}

interface Order {
  readonly usage: string;
  readonly help: string;
  readonly run: (words: readonly string[]) => Promise<void> | void;
}

/** A session, and how it speaks. */
class Conversation {
  readonly #session: Session;
  #verdicts: ReadonlySet<string>;
  #isOver = false;
  #hasFailed = false;
  #hasHitBound = false;

  constructor(session: Session) {
    this.#session = session;
    this.#verdicts = new Set();
  }

  readonly #orders: Readonly<Record<string, Order>> = {
    help: { usage: ':help', help: 'this list', run: () => this.#help() },
    list: { usage: ':list', help: 'the program typed so far', run: () => writeOut(this.#text()) },
    undo: { usage: ':undo', help: 'take the last line back', run: () => this.#undo() },
    verdicts: {
      usage: ':verdicts',
      help: 'of each observable, whether it comes out the same whatever the network does',
      run: () => this.#write(this.#verdictLines()),
    },
    step: {
      usage: ':step on|off',
      help: 'let lines wait for `:tick`, or run what they bring about',
      run: (words) => this.#step(words),
    },
    tick: {
      usage: ':tick [N]',
      help: 'one timestep of each node that has something to do, N times',
      run: (words) => this.#tick(words),
    },
    fire: {
      usage: ':fire PERIODIC [NODE]',
      help: 'let a periodic fire',
      run: (words) => this.#fire(words),
    },
    save: { usage: ':save FILE', help: 'write the program', run: (words) => this.#save(words) },
    quit: {
      usage: ':quit',
      help: 'leave; so does the end of the input',
      run: () => {
        this.#isOver = true;
      },
    },
  };

  get exitCode(): number {
    if (this.#hasFailed) return exitCodes.failed;
    return this.#hasHitBound ? exitCodes.bound : exitCodes.fine;
  }

  /** False when the user leaves. */
  async take(text: string): Promise<boolean> {
    const line = text.trim();
    if (line.startsWith(':')) await this.#order(line.slice(1));
    else if (line.startsWith('?')) await this.#ask(text);
    else if (line !== '') this.show(await this.#session.enter(text));
    return !this.#isOver;
  }

  /** What a line came to, and the verdicts that are new with it. */
  show(told: Told): void {
    const { diagnostics, turns, changes, hidden, isCut, isInterrupted, isBound } = told;
    showDiagnostics(diagnostics);
    if (isBound || isCut) this.#hasHitBound = true;
    else if (hasErrors(diagnostics)) this.#hasFailed = true;
    this.#write([
      ...turns.flatMap((turn) => this.#turnLines(turn)),
      ...changes.flatMap(({ relation, added, removed }) => [
        ...rowLines('-', relation, this.#unplaced(relation, removed)),
        ...rowLines('+', relation, this.#unplaced(relation, added)),
      ]),
      ...(hidden.length > 0 ? [`no longer shown: ${hidden.join(', ')}`] : []),
    ]);
    if (isInterrupted) writeError('broken off; a line that changes the program is not taken in\n');
    else if (isCut)
      writeError('the nodes are still busy: `:tick` goes on, `:undo` takes the line back\n');
    const verdicts = this.#verdictLines();
    for (const verdict of verdicts) if (!this.#verdicts.has(verdict)) writeOut(`${verdict}\n`);
    this.#verdicts = new Set(verdicts);
  }

  /** The first and the last of many lines. */
  #write(lines: readonly string[]): void {
    const left = lines.length - mostLines;
    const half = mostLines / 2;
    const shown =
      left <= 0
        ? lines
        : [...lines.slice(0, half), `... ${left} more lines ...`, ...lines.slice(-half)];
    writeOut(shown.map((line) => `${line}\n`).join(''));
  }

  complete(line: string): readonly [readonly string[], string] {
    const part = /[:\w.]*$/.exec(line)![0];
    const orders = Object.keys(this.#orders).map((name) => `:${name}`);
    const words = part === line ? orders : [];
    const relations = [...this.#session.compiled.written.relations.keys()];
    return [[...words, ...relations].filter((word) => word.startsWith(part)), part];
  }

  #refuse(text: string): void {
    writeError(`error: ${text}\n`);
    this.#hasFailed = true;
  }

  #turnLines(turn: PlayedTurn): readonly string[] {
    const { nodes, isStepwise } = this.#session;
    if (isStepwise) return turnLines(turn, Math.max(...nodes.map((name) => name.length)));
    const { node, number, shown, halted } = turn;
    const when = nodes.length === 1 ? `${number}: ` : `${node} ${number}: `;
    const placed = (rows: readonly Row[]): readonly Placed[] => rows.map((row) => [when, row]);
    return [
      ...shown.flatMap(({ relation, added, removed }) => [
        ...rowLines('-', relation, placed(removed)),
        ...rowLines('+', relation, placed(added)),
      ]),
      ...(halted ? [`${when}halts`] : []),
    ];
  }

  /** The nodes in front of rows, in words, and the rows. */
  #unplaced(relation: string, rows: readonly Row[]): readonly Placed[] {
    const { location = null } = this.#session.compiled.bare.relations.get(relation) ?? {};
    if (location !== null) return rows.map((row) => ['', row]);
    const isOne = this.#session.nodes.length === 1;
    return rows.map(([node, ...own]) => [
      isOne || typeof node !== 'string' ? '' : `${node}: `,
      own,
    ]);
  }

  /** A session runs without what would be inserted. */
  #verdictLines(): readonly string[] {
    return verdictLines(this.#session.compiled, 'the compiler inserts');
  }

  async #ask(question: string): Promise<void> {
    const body = bodyOf(question);
    if (body.trim() === '') return this.#refuse('write `? BODY` or `? RELATION`');
    const relations = [...this.#session.compiled.bare.relations.keys()];
    if (/^\w+$/.test(body.trim()) && !relations.includes(body.trim())) {
      const near = didYouMean(body.trim(), relations);
      const hint = near === null ? '' : `; did you mean ${near}?`;
      return this.#refuse(`there is no relation ${body.trim()}${hint}`);
    }
    const { diagnostics, columns, rowsByNode } = await this.#session.ask(body);
    showDiagnostics(diagnostics);
    if (diagnostics.length > 0) this.#hasFailed = true;
    else this.#answer({ columns, rowsByNode }, body);
  }

  #answer({ columns, rowsByNode }: Omit<Answer, 'diagnostics'>, body: string): void {
    const isOne = rowsByNode.size === 1;
    if (columns.length === 0) {
      for (const [node, rows] of rowsByNode)
        writeOut(`${isOne ? '' : `${node}: `}${rows.length > 0 ? 'yes' : 'no'}\n`);
      return;
    }
    const rows = [...rowsByNode].flatMap(([node, own]) =>
      own.map((row): Row => (isOne ? row : [node, ...row])),
    );
    const named = {
      relation: body.trim(),
      columns: isOne ? columns : ['node', ...columns],
      rows,
    };
    showRelations([named], { format: 'table', all: true });
  }

  async #order(line: string): Promise<void> {
    const [name = '', ...words] = line.trim().split(/\s+/);
    const order = this.#orders[name];
    if (order !== undefined && words.length > 0 && order.usage === `:${name}`)
      return this.#refuse(`:${name} stands alone`);
    if (order !== undefined) return order.run(words);
    const near = didYouMean(name, Object.keys(this.#orders));
    this.#refuse(
      `there is no :${name}; ${near === null ? '`:help` lists what there is' : `did you mean :${near}?`}`,
    );
  }

  #help(): void {
    const lines = [
      ['STATEMENTS;', 'declarations, rules and facts: they hold from the beginning'],
      ['INPUT(...);', 'an event; `NODE: INPUT(...);` at that node. Those of a line come together'],
      ['? BODY', 'what a body holds of; `? RELATION` shows all of it'],
      ...Object.values(this.#orders).map(({ usage, help }) => [usage, help]),
    ] as const;
    for (const [usage, help] of lines) writeOut(`${usage.padEnd(22)} ${help}\n`);
  }

  /** Without the places from which events were taken, and what they left empty. */
  #text(): string {
    const lines = this.#session.source.text.split('\n').map((line) => line.trimEnd());
    return lines
      .filter((line, i) => line !== '' || (i > 0 && lines[i - 1] !== ''))
      .map((line) => `${line}\n`)
      .join('')
      .replace(/\n+$/, '\n');
  }

  async #undo(): Promise<void> {
    const told = await this.#session.undo();
    if (told === null) this.#refuse('nothing has been typed yet');
    else this.show(told);
  }

  async #step([word, ...more]: readonly string[]): Promise<void> {
    if ((word !== 'on' && word !== 'off') || more.length > 0)
      return this.#refuse('write `:step on` or `:step off`');
    this.#session.isStepwise = word === 'on';
    if (word === 'off') this.show(await this.#session.settle());
  }

  async #tick([times = '1', ...more]: readonly string[]): Promise<void> {
    if (!/^\d{1,6}$/.test(times) || more.length > 0)
      return this.#refuse('write `:tick`, or `:tick 10` for ten rounds');
    if (this.#session.restless.length === 0) return writeOut('all nodes are quiet\n');
    this.show(await this.#session.rounds(Number(times)));
  }

  async #fire([relation = '', node, ...more]: readonly string[]): Promise<void> {
    const { compiled, nodes } = this.#session;
    const periodics = [...compiled.bare.relations.values()]
      .filter(({ periodMs }) => periodMs !== null)
      .map(({ name }) => name);
    if (more.length > 0 || !periodics.includes(relation))
      return this.#refuse(
        periodics.length === 0
          ? 'the program has no periodic: declare one, as in `periodic beat(1s);`'
          : `there is no periodic ${relation}; write \`:fire PERIODIC [NODE]\`, the periodics are ${periodics.join(', ')}`,
      );
    if (node !== undefined && !nodes.includes(node))
      return this.#refuse(`there is no node ${node}; the nodes are ${nodes.join(', ')}`);
    this.show(await this.#session.fire(relation, node === undefined ? nodes : [node]));
  }

  #save([path, ...more]: readonly string[]): void {
    if (path === undefined || more.length > 0) return this.#refuse('write `:save FILE`');
    const diagnostics = writeFile(path, this.#text());
    showDiagnostics(diagnostics);
    if (diagnostics.length > 0) this.#hasFailed = true;
    else writeOut(`wrote ${path}\n`);
  }
}

function rowLines(sign: string, relation: string, rows: readonly Placed[]): readonly string[] {
  const shown = rows
    .slice(0, mostShown)
    .map(([place, row]) => `${place}${sign} ${rowText(relation, row)}`);
  const left = rows.length - mostShown;
  return left > 0 ? [...shown, `${sign} ${left} more of ${relation}`] : shown;
}

/** What stands behind the question mark, at its place. */
function bodyOf(question: string): string {
  return question.replace('?', ' ').replace(/;\s*$/, '');
}
