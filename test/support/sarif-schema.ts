/** The official JSON schema of SARIF 2.1.0, as an npm package ships it, and a check against it. */
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { default as Ajv } from 'ajv-draft-04';
import addFormats from 'ajv-formats';

// One pattern of the schema is no regular expression under the flag `u`.
const ajv = new Ajv.default({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

/** What the schema holds against the log; empty for a valid one. */
export function sarifErrors(log: unknown): readonly string[] {
  if (validate(log)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message = '' }) => `${instancePath || '/'}: ${message}`,
  );
}
