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
import { isWhole } from '../repl/typed-text.js';
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
/** Tuples of one relation that a line shows. */
const mostShown = 20;

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
  const { session, told } = await openSession(path, options);
  if (session === null) {
    showDiagnostics(told.diagnostics);
    throw new CommandExit(exitCodes.failed);
  }
  const isTerminal = process.stdin.isTTY;
  if (isTerminal) writeOut('rules, facts and events end in `;`, `:help` tells the rest\n');
  const conversation = new Conversation(session);
  conversation.show(told);
  const prompt = openPrompt(process.stdin, process.stdout, (line) => conversation.complete(line));
  const rest = await talk(conversation, prompt);
  prompt.close();
  await conversation.take(rest);
  // Whoever types sees errors; whoever feeds a script asks how it went.
  throw new CommandExit(conversation.hasFailed && !isTerminal ? exitCodes.failed : exitCodes.fine);
}

/** Until there are no more lines, or the user leaves; gives a statement that was not finished. */
async function talk(conversation: Conversation, prompt: LinePrompt): Promise<string> {
  let typed = '';
  let isLeaving = false;
  for (;;) {
    const line = await prompt.next(typed === '' ? '> ' : '. ');
    if (line === undefined) return typed;
    if (line === null) {
      if (isLeaving) return '';
      writeOut('Ctrl-C again leaves\n');
      typed = '';
    } else {
      typed = typed === '' ? line : `${typed}\n${line}`;
      // An empty line says that no more of a statement comes.
      const isMore = line.trim() !== '' && !isCommand(typed) && !isWhole(typed);
      if (!isMore && !(await conversation.take(typed))) return '';
      if (!isMore) typed = '';
    }
    isLeaving = line === null;
  }
}

function isCommand(text: string): boolean {
  return /^\s*[:?]/.test(text);
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
  hasFailed = false;

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
      run: () =>
        writeOut(
          verdictLines(this.#session.compiled)
            .map((line) => `${line}\n`)
            .join(''),
        ),
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

  /** False when the user leaves. */
  async take(text: string): Promise<boolean> {
    const line = text.trim();
    if (line.startsWith(':')) await this.#order(line.slice(1));
    else if (line.startsWith('?')) this.#answer(await this.#session.ask(bodyOf(text)), text);
    else if (line !== '') this.show(await this.#session.enter(text));
    return !this.#isOver;
  }

  /** What a line came to, and the verdicts that are new with it. */
  show({ diagnostics, turns, changes, hidden, isCut }: Told): void {
    this.#complain(diagnostics);
    if (this.#session.isStepwise) {
      const width = Math.max(...this.#session.nodes.map((node) => node.length));
      for (const turn of turns) writeOut(`${turnLines(turn, width).join('\n')}\n`);
    } else for (const turn of turns) this.#showTurn(turn);
    for (const { relation, added, removed } of changes) {
      this.#showRows(
        '-',
        relation,
        removed.map((row) => this.#unplace(relation, row)),
      );
      this.#showRows(
        '+',
        relation,
        added.map((row) => this.#unplace(relation, row)),
      );
    }
    if (hidden.length > 0) writeOut(`no longer shown: ${hidden.join(', ')}\n`);
    if (isCut)
      writeError('the nodes are still busy: `:tick` goes on, `:undo` takes the line back\n');
    const verdicts = verdictLines(this.#session.compiled);
    for (const verdict of verdicts) if (!this.#verdicts.has(verdict)) writeOut(`${verdict}\n`);
    this.#verdicts = new Set(verdicts);
  }

  complete(line: string): readonly [readonly string[], string] {
    const part = /[:\w.]*$/.exec(line)![0];
    const orders = Object.keys(this.#orders).map((name) => `:${name}`);
    const words = part === line ? orders : [];
    const relations = [...this.#session.compiled.written.relations.keys()];
    return [[...words, ...relations].filter((word) => word.startsWith(part)), part];
  }

  #complain(diagnostics: Told['diagnostics']): void {
    showDiagnostics(diagnostics);
    if (hasErrors(diagnostics)) this.hasFailed = true;
  }

  #refuse(text: string): void {
    writeError(`${text}\n`);
    this.hasFailed = true;
  }

  #showTurn({ node, number, shown, halted }: PlayedTurn): void {
    const when = this.#session.nodes.length === 1 ? `${number}: ` : `${node} ${number}: `;
    for (const { relation, added, removed } of shown) {
      this.#showRows(
        `${when}-`,
        relation,
        removed.map((row) => ['', row]),
      );
      this.#showRows(
        `${when}+`,
        relation,
        added.map((row) => ['', row]),
      );
    }
    if (halted) writeOut(`${when}halts\n`);
  }

  #showRows(sign: string, relation: string, rows: readonly (readonly [string, Row])[]): void {
    for (const [place, row] of rows.slice(0, mostShown))
      writeOut(`${place}${sign} ${rowText(relation, row)}\n`);
    if (rows.length > mostShown)
      writeOut(`${sign} ${rows.length - mostShown} more of ${relation}: \`? ${relation}\`\n`);
  }

  /** The node in front of a row, in words, and the row. */
  #unplace(relation: string, row: Row): readonly [string, Row] {
    const { location = null } = this.#session.compiled.bare.relations.get(relation) ?? {};
    if (location !== null) return ['', row];
    const [node, ...own] = row;
    const isOne = this.#session.nodes.length === 1;
    return [isOne || typeof node !== 'string' ? '' : `${node}: `, own];
  }

  #answer({ diagnostics, columns, rowsByNode }: Answer, question: string): void {
    this.#complain(diagnostics);
    if (diagnostics.length > 0) return;
    const isOne = rowsByNode.size === 1;
    if (columns.length === 0) {
      for (const [node, rows] of rowsByNode)
        writeOut(`${isOne ? '' : `${node}: `}${rows.length > 0 ? 'yes' : 'no'}\n`);
      return;
    }
    const rows = [...rowsByNode].flatMap(([node, own]) =>
      own.map((row): Row => (isOne ? row : [node, ...row])),
    );
    const relation = bodyOf(question).trim().replace(/;$/, '');
    const named = { relation, columns: isOne ? columns : ['node', ...columns], rows };
    showRelations([named], { format: 'table' });
  }

  async #order(line: string): Promise<void> {
    const [name = '', ...words] = line.trim().split(/\s+/);
    const order = this.#orders[name];
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

  #text(): string {
    return this.#session.source.text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => `${line.trimEnd()}\n`)
      .join('');
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
    this.show(await this.#session.round(Number(times)));
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
          : `write \`:fire PERIODIC [NODE]\`; the periodics are ${periodics.join(', ')}`,
      );
    if (node !== undefined && !nodes.includes(node))
      return this.#refuse(`there is no node ${node}; the nodes are ${nodes.join(', ')}`);
    this.show(await this.#session.fire(relation, node === undefined ? nodes : [node]));
  }

  #save([path, ...more]: readonly string[]): void {
    if (path === undefined || more.length > 0) return this.#refuse('write `:save FILE`');
    const diagnostics = writeFile(path, this.#text());
    this.#complain(diagnostics);
    if (diagnostics.length === 0) writeOut(`wrote ${path}\n`);
  }
}

/** What stands behind the question mark, at its place. */
function bodyOf(question: string): string {
  return question.replace('?', ' ').replace(/;\s*$/, '');
}
