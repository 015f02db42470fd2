/** The system that a witness or a trace is about, with the program as it is now: it must be as it was then. */
import { fileURLToPath } from 'node:url';
import { defined } from '../base/assert.js';
import { compileSource } from '../compiler/compile-source.js';
import { replayText } from '../compiler/fingerprint.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../compiler/node-program.js';
import { diskLoader } from '../files/disk-loader.js';
import { readSource } from '../files/read-source.js';
import { hashText } from '../host/fingerprint.js';
import type { ReplayedTrace, ReplayedWitness } from '../report/read-replay.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import { standardLibraryUrl } from '../std/standard-library.js';
import { demand } from './console.js';
import { loadProgramFunctions } from './prepare.js';
import { bareSubject, simulationSubject } from './subject.js';

/** `path`: of the program. */
export async function prepareReplay(
  file: ReplayedWitness | ReplayedTrace,
  path: string,
): Promise<SimulationSubject> {
  const source = readSource(path);
  demand(source.diagnostics);
  const isTrace = file.kind === 'trace';
  const compilation = compileSource(
    defined(source.value, 'a source without errors'),
    {
      params: file.params,
      observe: file.observe,
      coordinate: isTrace ? file.coordinate : 'none',
      members: isTrace ? file.members : null,
      given: new Set(file.workload.facts.map(({ relation }) => relation)),
    },
    diskLoader(fileURLToPath(standardLibraryUrl)),
  );
  demand(compilation.diagnostics);
  const compiled = defined(compilation.compiled, 'a program without errors');
  const program = isTrace ? compiled.coordinated : compiled.onNodes;
  if (hashText(replayText(program)) !== file.fingerprint) demand([changed(path)]);
  const { nodes, workload } = file;
  const members = isTrace ? file.members : nodes;
  const functions = await loadProgramFunctions(compiled);
  const bounds = { maxTuples: file.maxTuples };
  const parts = { compilation, compiled, nodes, members, workload, functions };
  if (!isTrace) return bareSubject(parts, bounds);
  const nodeProgram = makeNodeProgram(compiled, members);
  const makeEvaluator = makeEvaluatorFactory(compiled, bounds, { implementations: functions });
  return simulationSubject({ ...parts, nodeProgram, makeEvaluator });
}

function changed(path: string) {
  return {
    code: 'TRL0909',
    severity: 'error',
    message: `${path} is not the program that the file was written for`,
    notes: [
      'rules, facts, params and functions must be the same; comments and layout do not count',
    ],
    help: 'write the file again for this program, or name the program of then with --program',
  } as const;
}
