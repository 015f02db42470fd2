/** Opens the data directory of a node, and says what is wrong with it and what to do. */
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import { systemReason } from '../files/system-reason.js';
import { checkContent } from '../node/check-content.js';
import type { NodeProgram } from '../node/configuration.js';
import type { Storage } from '../node/storage.js';
import { openLevelStorage } from '../storage/level-storage.js';
import type { StorageTrouble } from '../storage/storage-trouble.js';
import { storageFormat } from '../storage/stored-schema.js';

/** The storage of node `node` in a folder, which is made if there is none; null and the reason if that cannot be. */
export async function openStorage(
  folder: string,
  node: string,
  program: NodeProgram,
): Promise<Checked<Storage | null>> {
  const opened = await openLevelStorage(folder, {
    node,
    relations: program.durable,
    checkRow: program.checkRow,
    checkBatch: (batch, receiver) => checkContent(batch, node, receiver, program),
  });
  if (!('kind' in opened)) return { value: opened, diagnostics: [] };
  return { value: null, diagnostics: [describeStorageTrouble(folder, node, opened)] };
}

function describeStorageTrouble(folder: string, node: string, trouble: StorageTrouble): Diagnostic {
  const about = (code: string, message: string, help: string, notes: readonly string[] = []) =>
    ({
      code,
      severity: 'error',
      message,
      notes: [...notes, 'what it holds stays as it is'],
      help,
    }) as const;
  switch (trouble.kind) {
    case 'in-use':
      return about(
        'TRL0870',
        `another process uses the data directory ${folder}`,
        `stop that process, or give node ${node} a directory of its own`,
      );
    case 'foreign':
      return about(
        'TRL0871',
        `${folder} is no data directory of a node: it holds ${trouble.found}`,
        'name an empty or a new directory',
      );
    case 'unusable':
      return about(
        'TRL0871',
        `the data directory ${folder} cannot be used: ${systemReason(trouble.error)}`,
        'mend that, or name another directory',
      );
    case 'corrupt':
      return about(
        'TRL0872',
        `the data directory ${folder} is damaged: ${trouble.reason}`,
        `start node ${node} with an older copy of the directory, or with an empty one: it then lacks what it has done since, and peers tell of what they know`,
      );
    case 'other-program':
      return about(
        'TRL0873',
        `the data directory ${folder} holds what this program does not have`,
        'run the program that wrote it, or empty those relations with it first; or start with an empty directory',
        trouble.differences,
      );
    case 'other-node':
      return about(
        'TRL0874',
        `the data directory ${folder} is that of node ${trouble.node}, not of ${node}`,
        `give node ${node} a directory of its own`,
      );
    case 'other-format':
      return about(
        'TRL0875',
        `the data directory ${folder} has format ${trouble.format}, and this version reads format ${storageFormat}`,
        'run the version of Trellis that wrote it',
      );
  }
}
