/** The public face of Trellis as a library; everything else is inside. */
export { compareRows, compareValues, equalValues } from './base/value.js';
export type { Row, Value } from './base/value.js';
export { rowText, valueText } from './base/value-text.js';
export type { SourceFile, Span } from './base/span.js';
export type { Diagnostic } from './diagnostics/diagnostic.js';
export { renderText } from './diagnostics/render-text.js';
export { compileSource, defaultCompileOptions } from './compiler/compile-source.js';
export type { Compilation, CompiledProgram, CompileOptions } from './compiler/compile-source.js';
export { checkLattice } from './compiler/check-lattice.js';
export type { BrokenLaw, LawOptions, LawReport } from './compiler/check-lattice.js';
export { defineLattice } from './compiler/define-lattice.js';
export type { LatticeDefinition } from './compiler/define-lattice.js';
export { LatticeDefinitionError } from './compiler/lattice-spec.js';
export type {
  LatticeMethodSpec,
  LatticeParameterSpec,
  LatticeSpec,
} from './compiler/lattice-spec.js';
export { makeEvaluatorFactory, makeNodeProgram } from './compiler/node-program.js';
export type { Program } from './semantics/program.js';
export type {
  Commit,
  Evaluator,
  EvaluatorFactory,
  Failure,
  TimestepInput,
} from './evaluator/evaluator.js';
export { createNode } from './node/node.js';
export type { NodeEffect, NodeEvent } from './node/events.js';
export { explore } from './simulator/explore.js';
export { simulateRun } from './simulator/simulate-run.js';
export { defaultSimulationOptions } from './simulator/outcome.js';
export type { SimulationRun, SimulationSubject } from './simulator/outcome.js';
export { launchCluster } from './host/launch-cluster.js';
export type { ClusterEvent, LaunchedCluster } from './host/launch-cluster.js';
export { version } from './base/version.js';
