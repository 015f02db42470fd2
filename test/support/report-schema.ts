/** The JSON schema of `report --format json`, and a check against it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../../src/report/report-1.schema.json' with { type: 'json' };

const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

/** What the schema holds against the document; empty for a valid one. */
export function reportErrors(document: unknown): readonly string[] {
  if (validate(document)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message = '' }) => `${instancePath || '/'}: ${message}`,
  );
}
