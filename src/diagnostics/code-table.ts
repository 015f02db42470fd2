/**
 * The one table of diagnostic codes, put together from one file an area. A code is never reused
 * and never means two things. `explain` prints an entry; a test checks that each wrong program is
 * refused with that code and that each right program is not.
 */
import { analysisCodes } from './codes/analysis.js';
import { clusterWideCodes } from './codes/cluster-wide.js';
import { configurationCodes } from './codes/configuration.js';
import { latticeCodes } from './codes/lattices.js';
import { dedalusCodes } from './codes/dedalus.js';
import { functionCodes } from './codes/functions.js';
import { moduleCodes } from './codes/modules.js';
import { lintCodes } from './codes/lints.js';
import { nameCodes } from './codes/names.js';
import { networkCodes } from './codes/network.js';
import { remarkCodes } from './codes/remarks.js';
import { runTimeCodes } from './codes/run-time.js';
import { safetyCodes } from './codes/safety.js';
import { schemaCodes } from './codes/schema.js';
import { simulationCodes } from './codes/simulation.js';
import { stratumCodes } from './codes/strata.js';
import { syntaxCodes } from './codes/syntax.js';
import type { CodeEntry } from './code-entry.js';

/** Every code, in ascending order. */
export const codeTable: readonly CodeEntry[] = [
  ...syntaxCodes,
  ...nameCodes,
  ...moduleCodes,
  ...functionCodes,
  ...dedalusCodes,
  ...schemaCodes,
  ...safetyCodes,
  ...stratumCodes,
  ...latticeCodes,
  ...analysisCodes,
  ...clusterWideCodes,
  ...runTimeCodes,
  ...networkCodes,
  ...simulationCodes,
  ...configurationCodes,
  ...remarkCodes,
  ...lintCodes,
].sort((a, b) => (a.code < b.code ? -1 : 1));

export function findCode(code: string): CodeEntry | undefined {
  return codeTable.find((entry) => entry.code === code.toUpperCase());
}
