/** `trellis explain CODE`: what a diagnostic means, with a wrong and a right program; `explain functions` lists the built-ins. */
import type { Command } from 'commander';
import { functionExamples } from '../builtins/examples.js';
import { builtinFunctions, prefixOperators } from '../builtins/functions.js';
import { takesBottom } from '../builtins/lattice.js';
import type { CodeEntry } from '../diagnostics/code-entry.js';
import { codeTable, findCode } from '../diagnostics/code-table.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import { usageError, writeOut } from './console.js';

export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .description(
      'explain a diagnostic code; `explain codes` and `explain functions` list what there is',
    )
    .argument('<topic>', 'a code such as TRL0203, `codes`, or `functions`')
    .action((topic: string) => {
      if (topic === 'functions') return writeOut(functionList());
      if (topic === 'codes')
        return writeOut(codeTable.map(({ code, title }) => `${code}  ${title}\n`).join(''));
      const entry = findCode(topic);
      if (entry === undefined) return unknownTopic(topic);
      writeOut(explanation(entry));
    });
}

function unknownTopic(topic: string): never {
  const guess = didYouMean(
    topic.toUpperCase(),
    codeTable.map((entry) => entry.code),
  );
  usageError(
    `there is no diagnostic ${topic}; ${guess === null ? '`trellis explain codes` lists them' : `did you mean ${guess}?`}`,
  );
}

function explanation({ code, title, explanation: text, wrong, right }: CodeEntry): string {
  const program = (heading: string, source: string | null): string =>
    source === null ? '' : `\n${heading}\n\n${source.trimEnd().replaceAll(/^(?=.)/gm, '    ')}\n`;
  return `${code}: ${title}\n\n${text.trim()}\n${program('Wrong:', wrong)}${program('Right:', right)}`;
}

function functionList(): string {
  const functions = [...builtinFunctions.values()]
    .map((each) => ({ ...each, written: prefixOperators.get(each.name) ?? each.name }))
    .sort((a, b) =>
      a.written < b.written || (a.written === b.written && a.name < b.name) ? -1 : 1,
    );
  return functions
    .map(({ name, written, signatures, summary, partial }) => {
      const shapes = signatures.flatMap(({ parameters, result }) => {
        const shape = (shown: readonly string[]): string =>
          `${written}(${shown.join(', ')}): ${result}`;
        return takesBottom(name)
          ? [shape(parameters.slice(0, -1)), shape(parameters)]
          : [shape(parameters)];
      });
      const example = functionExamples.get(name);
      const shown = example === undefined ? '' : `    ${example[0]} is ${example[1]}\n`;
      return `${shapes.join('\n')}\n    ${summary} ${partial ? 'Partial: fails on some arguments.' : 'Total.'}\n${shown}`;
    })
    .join('');
}
