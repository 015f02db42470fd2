/**
 * Diagnostics as a SARIF log (Static Analysis Results Interchange Format 2.1.0, OASIS 2020), which
 * code hosts and editors show beside the source. One run; its rules are the codes that occur.
 * Columns count UTF-16 code units, as everywhere, and the log says so.
 */
import { rangeOf, type Span } from '../base/span.js';
import { version } from '../base/version.js';
import type { CodeEntry } from './code-entry.js';
import type { Diagnostic, Fix, Label } from './diagnostic.js';
import { sortDiagnostics } from './sort-diagnostics.js';

const schema =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** How a command ended that did not come to its result. */
export interface SarifFailure {
  readonly exitCode: number;
  /** What no diagnostic says. */
  readonly message: string | null;
}

/** The log as plain data; `codeTable` describes the rules. */
export function renderSarif(
  diagnostics: readonly Diagnostic[],
  codeTable: readonly CodeEntry[],
  failure: SarifFailure | null = null,
): object {
  const sorted = sortDiagnostics(diagnostics);
  const codes = [...new Set(sorted.map(({ code }) => code))].sort();
  const entryByCode = new Map(codeTable.map((entry) => [entry.code, entry]));
  return {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'trellis',
            version,
            rules: codes.map((code) => ruleOf(code, entryByCode.get(code))),
          },
        },
        ...(failure === null ? {} : { invocations: [invocationOf(failure)] }),
        columnKind: 'utf16CodeUnits',
        results: sorted.map((diagnostic) => resultOf(diagnostic, codes)),
      },
    ],
  };
}

function invocationOf({ exitCode, message }: SarifFailure): object {
  const notification = { level: 'error', message: { text: message } };
  return {
    executionSuccessful: false,
    exitCode,
    ...(message === null ? {} : { toolExecutionNotifications: [notification] }),
  };
}

function ruleOf(code: string, entry: CodeEntry | undefined): object {
  if (entry === undefined) return { id: code };
  return {
    id: code,
    shortDescription: { text: entry.title },
    fullDescription: { text: entry.explanation },
  };
}

function resultOf(diagnostic: Diagnostic, codes: readonly string[]): object {
  const {
    code,
    severity,
    message,
    primary,
    secondary = [],
    notes = [],
    help,
    fixes = [],
    trails = [],
    particulars,
  } = diagnostic;
  const text = [message, ...notes, ...(help === undefined ? [] : [`help: ${help}`])].join('\n');
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text },
    ...(primary === undefined ? {} : { locations: [locationOf(primary)] }),
    ...(secondary.length === 0
      ? {}
      : {
          relatedLocations: secondary.map((label, index) => ({
            id: index + 1,
            ...locationOf(label),
          })),
        }),
    ...(trails.length === 0 ? {} : { codeFlows: trails.map(codeFlowOf) }),
    ...(fixes.length === 0 ? {} : { fixes: fixes.map(fixOf) }),
    ...(particulars === undefined ? {} : { properties: particulars }),
  };
}

/** One walk: what viewers let their users step through. */
function codeFlowOf(trail: readonly Label[]): object {
  const locations = trail.map((label, index) => ({
    location: locationOf(label),
    executionOrder: index + 1,
  }));
  return { threadFlows: [{ locations }] };
}

function locationOf({ span, text }: Label): object {
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(span.file.path) }, region: regionOf(span) },
    ...(text === undefined ? {} : { message: { text } }),
  };
}

function regionOf(span: Span): object {
  const { start, end } = rangeOf(span);
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

function fixOf({ title, edits }: Fix): object {
  const byPath = new Map<string, object[]>();
  for (const { span, text } of edits) {
    const uri = uriOf(span.file.path);
    const replacement = { deletedRegion: regionOf(span), insertedContent: { text } };
    byPath.set(uri, [...(byPath.get(uri) ?? []), replacement]);
  }
  const artifactChanges = [...byPath].map(([uri, replacements]) => ({
    artifactLocation: { uri },
    replacements,
  }));
  return { description: { text: title }, artifactChanges };
}

/** A path as a URI reference: forward slashes, everything else that is special escaped. */
function uriOf(path: string): string {
  const slashed = path.replaceAll('\\', '/').replace(/[\ud800-\udfff]/gu, '\ufffd');
  const escaped = slashed.split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]:\//.test(slashed))
    return `file:///${slashed.slice(0, 2)}${escaped.slice(escaped.indexOf('/'))}`;
  return slashed.startsWith('/') ? `file://${escaped}` : escaped;
}
