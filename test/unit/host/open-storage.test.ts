/** Troubles with data directories in words; those that the command line meets are in test/cli/durable.test.ts. */
import { ClassicLevel } from 'classic-level';
import { expect, it } from 'vitest';
import { openStorage } from '../../../src/host/open-storage.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { fakeProgram } from '../node/fake-evaluator.js';

it('a directory of a later format says which version is wanted', async () => {
  const folder = temporaryFolder();
  const level = new ClassicLevel(folder);
  await level.put('["schema"]', '{"format":7,"tables":{}}');
  await level.close();
  const { value, diagnostics } = await openStorage(folder, 'a', fakeProgram);
  expect(value).toBeNull();
  expect(diagnostics).toMatchObject([
    {
      code: 'TRL0875',
      message: `the data directory ${folder} has format 7, and this version reads format 2`,
      notes: ['what it holds stays as it is'],
    },
  ]);
});
