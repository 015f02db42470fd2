/** A session over what the command line names: its program, its nodes and what they are given. */
import { defined } from '../base/assert.js';
import type { SourceFile } from '../base/span.js';
import { linkProgram } from '../compiler/bind-functions.js';
import type { Compilation, CompiledProgram } from '../compiler/compile-source.js';
import { isDedalus } from '../compiler/compile-dedalus.js';
import type { Checked } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import type { Target } from '../files/load-target.js';
import { Session } from '../repl/session.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import { usageError } from './console.js';
import {
  compileWithRows,
  defaultMaxTuples,
  loadProgramFunctions,
  readWorkload,
  requireTarget,
} from './prepare.js';
import type { SubjectOptions } from './prepare.js';
import { bareSubject } from './subject.js';

/** Options that say something of a program, which a session without one has not got yet. */
const ofPrograms = ['set', 'observe', 'facts', 'input'] as const;

/** Without a path a session begins with nothing. `mayGoOn`: asked now and then while nodes run. */
export function openSession(
  path: string | undefined,
  options: SubjectOptions,
  mayGoOn: () => Promise<boolean>,
): ReturnType<typeof Session.open> {
  const early =
    path === undefined ? ofPrograms.find((name) => options[name] !== undefined) : undefined;
  if (early !== undefined)
    usageError(`--${early} goes with a FILE: a session without one has no program yet`);
  const empty = { source: { path: 'repl', text: '' }, cluster: null, folder: '.' };
  const target: Target = path === undefined ? empty : requireTarget(path);
  if (isDedalus(target.source))
    usageError(
      '`repl` takes .bloom programs; `trellis compile FILE --emit program` makes one of a .ded file',
    );
  // Inputs are typed; only what the command line names is fed before.
  const given = { ...options, input: options.input ?? [] };
  const withText = (source: SourceFile): Target => ({ ...target, source });
  return Session.open(target.source, {
    compile: (source) => compileWithRows(withText(source), given),
    makeSubject: (compilation, compiled) =>
      makeSubject(withText(compilation.source), compilation, compiled, given),
    link: async (compiled) => linkProgram(compiled.written, await loadProgramFunctions(compiled)),
    mayGoOn,
  });
}

async function makeSubject(
  target: Target,
  compilation: Compilation,
  compiled: CompiledProgram,
  options: SubjectOptions,
): Promise<Checked<SimulationSubject | null>> {
  const { value, diagnostics } = readWorkload(target, compilation, compiled, options);
  if (hasErrors(diagnostics)) return { value: null, diagnostics };
  const { nodes, ...workload } = value;
  const { timestepWatch: watch, evaluator } = options;
  const bounds = {
    maxTuples: options.maxTuples ?? defaultMaxTuples(evaluator ?? 'engine', workload.facts),
    checkpoint: defined(watch, 'a watch over timesteps').checkpoint,
  };
  const functions = await loadProgramFunctions(compiled);
  const parts = { compilation, compiled, nodes, members: nodes, workload, functions };
  const subject = bareSubject(parts, bounds, evaluator);
  return {
    value: {
      ...subject,
      makeEvaluator: (identity) => watch!.over(subject.makeEvaluator(identity)),
    },
    diagnostics,
  };
}
