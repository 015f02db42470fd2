/** `trellis explain CODE`: what a diagnostic means, with a wrong and a right program; `explain functions` lists the built-ins. */
import type { Command } from 'commander';
import { functionExamples } from '../builtins/examples.js';
import type { BuiltinFunction } from '../builtins/function.js';
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
      'explain a diagnostic code or a function; `explain codes` and `explain functions` list what there is',
    )
    .argument(
      '<topic>',
      'a code such as TRL0203, a function such as `size`, `codes`, or `functions`',
    )
    .action((topic: string) => {
      if (topic === 'functions') return writeOut(functionList([...builtinFunctions.values()]));
      if (topic === 'codes')
        return writeOut(codeTable.map(({ code, title }) => `${code}  ${title}\n`).join(''));
      if (functionsNamed(topic).length > 0) return writeOut(functionList(functionsNamed(topic)));
      const entry = findCode(/^\d{4}$/.test(topic) ? `TRL${topic}` : topic);
      if (entry === undefined) return unknownTopic(topic);
      writeOut(explanation(entry));
    });
}

/** Those of a name, and of each kind of lattice the methods of that name. */
function functionsNamed(name: string): readonly BuiltinFunction[] {
  const isAsked = (each: BuiltinFunction): boolean =>
    each.name === name || each.name.endsWith(`.${name}`) || each.name.startsWith(`${name}.`);
  return [...builtinFunctions.values()].filter(isAsked);
}

function unknownTopic(topic: string): never {
  const isCode = /^TRL\d/i.test(topic);
  const known = isCode
    ? codeTable.map((entry) => entry.code)
    : ['functions', 'codes', ...builtinFunctions.keys()];
  const guess = didYouMean(isCode ? topic.toUpperCase() : topic, known);
  const help =
    guess === null
      ? '`trellis explain codes` and `trellis explain functions` list what there is'
      : `did you mean ${guess}?`;
  usageError(`there is no ${isCode ? 'diagnostic' : 'function'} ${topic}; ${help}`);
}

function explanation({ code, title, explanation: text, wrong, right }: CodeEntry): string {
  const program = (heading: string, source: string | null): string =>
    source === null ? '' : `\n${heading}\n\n${source.trimEnd().replaceAll(/^(?=.)/gm, '    ')}\n`;
  return `${code}: ${title}\n\n${text.trim()}\n${program('Wrong:', wrong)}${program('Right:', right)}`;
}

function functionList(listed: readonly BuiltinFunction[]): string {
  const functions = listed
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
