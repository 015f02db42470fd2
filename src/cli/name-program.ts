/** How a file that is to be replayed names its program: by its place, and by what it says. */
import { relative, resolve, sep } from 'node:path';
import { replayText } from '../compiler/fingerprint.js';
import { hashText } from '../host/fingerprint.js';
import type { NamedProgram } from '../report/witness-file.js';
import type { Program } from '../semantics/program.js';
import type { Prepared, SubjectOptions } from './prepare.js';

/** `program`: as its nodes run it; `folder`: of the file that names it. */
export function nameProgram(
  { target, compiled, maxTuples }: Pick<Prepared, 'target' | 'compiled' | 'maxTuples'>,
  program: Program,
  options: Pick<SubjectOptions, 'observe'>,
  folder: string,
): NamedProgram {
  return {
    path: relative(resolve(folder), resolve(target.source.path)).split(sep).join('/'),
    fingerprint: hashText(replayText(program)),
    params: compiled.program.params,
    observe: options.observe ?? null,
    maxTuples,
  };
}
