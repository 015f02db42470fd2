/** Parsers of option values, and the options that several commands share. */
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { evaluatorKinds } from '../compiler/node-program.js';

/** `a,b,c`; may be given several times. */
export function nameList(text: string, previous: readonly string[] = []): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === ''))
    throw new InvalidArgumentError('write names separated by commas');
  return [...previous, ...names];
}

/** An option that may be given several times. */
export function collect(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text];
}

export function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < low || value > high) {
      throw new InvalidArgumentError(
        high === Number.MAX_SAFE_INTEGER
          ? `write a whole number from ${low}`
          : `write a whole number from ${low} to ${high}`,
      );
    }
    return value;
  };
}

export function probability(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('write a probability from 0 to 1');
  return value;
}

/** Params and observables: what shapes the program. */
export function addProgramOptions(command: Command): Command {
  return command
    .option('--set <param=value>', 'give a param a value (repeatable)', collect)
    .option(
      '--observe <relations>',
      'observe these relations instead of the outputs and views',
      nameList,
    );
}

/** Facts and inputs: what the program runs on. */
export function addWorkloadOptions(command: Command): Command {
  return addProgramOptions(command)
    .addOption(evaluatorOption())
    .option('--nodes <names>', 'names of the nodes, separated by commas', nameList)
    .option(
      '--facts <dir|rel=path>',
      'facts: a folder of REL.csv, .tsv, .jsonl (NODE/REL.csv for one node), or one file (repeatable)',
      collect,
    )
    .option(
      '--input <path|rel=path|->',
      'inputs: JSON Lines {"rel", "row", "node"?, "at"?}, or a table file of one relation (repeatable)',
      collect,
    )
    .addOption(
      new Option('--header <mode>', 'whether table files begin with a header')
        .choices(['auto', 'yes', 'no'])
        .default('auto'),
    )
    .option(
      '--max-tuples <n>',
      'distinct tuples that one timestep may insert (10 million, reference evaluator: 1 million, and all facts given)',
      wholeNumber(1),
    );
}

/** Bounds that depend on the machine: for commands that run in real time. */
export function addWatchOptions(command: Command): Command {
  return command
    .option('--max-seconds <n>', 'seconds that one timestep may take', positive)
    .option('--max-memory <mib>', 'memory that the process may hold, in MiB', wholeNumber(1));
}

function positive(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || !(value > 0))
    throw new InvalidArgumentError('write a number of seconds above 0');
  return value;
}

/** How much a search for a witness may spend on one observable. */
export interface SearchBudget {
  /** Timesteps; what is found then depends on nothing else. */
  readonly turns: number;
  /** Null where timesteps alone count. */
  readonly limitMs: number | null;
}

const usualTurns = 10_000;
/** Where only a time is given, timesteps shall not be what ends the search. */
const unboundedTurns = 1_000_000_000;

export const usualSearchBudget: SearchBudget = { turns: usualTurns, limitMs: 10_000 };

/** `5000`: so many timesteps; `30s`, `500ms`, `2m`: so long. */
export function searchBudget(text: string): SearchBudget {
  const found = /^(\d{1,9})(ms|s|m)?$/.exec(text);
  const amount = Number(found?.[1] ?? 0);
  if (found === null || amount === 0)
    throw new InvalidArgumentError(
      'write a time (`30s`, `500ms`) or a number of timesteps (`5000`)',
    );
  const unitMs = { ms: 1, s: 1000, m: 60_000 }[found[2] ?? ''];
  return unitMs === undefined
    ? { turns: amount, limitMs: null }
    : { turns: unboundedTurns, limitMs: amount * unitMs };
}

/** Which evaluator runs timesteps; the results are the same. */
export function evaluatorOption(): Option {
  const meaning = 'the naive evaluator that defines the language, or generated code (by default)';
  return new Option('--evaluator <kind>', meaning).choices(evaluatorKinds);
}

export function coordinateOption(): Option {
  return new Option('--coordinate <mode>', 'insert coordination where it is required, or none')
    .choices(['auto', 'none'])
    .default('auto');
}
