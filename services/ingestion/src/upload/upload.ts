import type { ContentAccepted } from '@docent/contracts/content';
import { VersionState } from '@docent/contracts/content';
import { AppError } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Jobs } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { changedPeriod } from '../content/period.ts';
import { reindexContent } from '../content/reindex.ts';
import { refused, refuseUnknownDepartments } from '../content/rights.ts';
import { titleOfFile } from './fileName.ts';
import type { GivenMetadata } from './given.ts';
import type { ReceivedFile } from './receive.ts';
import {
  applyGiven,
  insertContent,
  insertVersion,
  isOverStorage,
  latestVersion,
  lockByExternalId,
  lockContent,
  lockFile,
} from './upload.store.ts';

/** One piece of material as it came: its file, and what was said about it. */
export interface Upload {
  readonly given: GivenMetadata;
  readonly file: ReceivedFile;
}

/**
 * Takes in an upload, in the caller's transaction: the content, a queued version, its job, and the
 * file in its place exist if and only if that commits. An external id that is known gets a new
 * version and the metadata that is given; the bytes of its newest version again make no version.
 *
 * @throws AppError `invalid_request` for a department that is not there or an end before the beginning, `conflict` when the external id is
 *   that of content which the caller may not change, or
 *   when the plan has no room for the file.
 */
export async function acceptUpload(
  tx: Tx,
  jobs: Jobs,
  principal: Principal,
  { given, file }: Upload,
): Promise<ContentAccepted> {
  // Everyone locks the file before the content: the other way round two uploads could wait for each other.
  await lockFile(tx, principal.orgId, file.staged.sha256);
  await refuseUnknownDepartments(tx, principal.orgId, given);
  changedPeriod({ effectiveFrom: null, expiresAt: null }, given);
  const id = newId();
  const content = await lockOrInsert(tx, principal, id, { given, file });
  if (content.id !== id) {
    changedPeriod(content, given);
    await applyGiven(tx, principal.orgId, content.id, given);
    const title = given.title ?? content.title;
    const language = given.language ?? content.language;
    if (title !== content.title || language !== content.language) {
      await reindexContent(tx, jobs, principal.orgId, content.id);
    }
  }
  return addVersion(tx, jobs, principal, content.id, file);
}

async function lockOrInsert(tx: Tx, principal: Principal, id: string, { given, file }: Upload) {
  const known =
    given.externalId === undefined ? null : await lockByExternalId(tx, principal.orgId, given);
  if (known !== null) return known;
  const fallbackTitle = titleOfFile(file.fileName);
  const made = await insertContent(tx, principal, { id, fallbackTitle, given });
  if (made !== null) return made;
  // Somebody else's; or one that another upload has made since we looked.
  const meanwhile = await lockByExternalId(tx, principal.orgId, given);
  if (meanwhile !== null) return meanwhile;
  throw new AppError(
    'conflict',
    `The external id ${given.externalId} of ${given.sourceService} is taken by content that you may not change.`,
  );
}

/**
 * Makes a file the newest version of a content, in the caller's transaction.
 * @throws AppError `not_found`, `forbidden` when it is somebody else's.
 */
export async function replaceFile(
  tx: Tx,
  jobs: Jobs,
  principal: Principal,
  contentId: string,
  file: ReceivedFile,
): Promise<ContentAccepted> {
  await lockFile(tx, principal.orgId, file.staged.sha256);
  const content = await lockContent(tx, principal.orgId, contentId);
  if (content === null) throw await refused(tx, principal.orgId, contentId);
  return addVersion(tx, jobs, principal, contentId, file);
}

async function addVersion(
  tx: Tx,
  jobs: Jobs,
  principal: Principal,
  contentId: string,
  file: ReceivedFile,
): Promise<ContentAccepted> {
  const { orgId } = principal;
  const { staged, fileName, mediaType } = file;
  const latest = await latestVersion(tx, orgId, contentId);
  if (latest !== null && latest.sha256 === staged.sha256) {
    const state = VersionState.parse(latest.state);
    return { id: contentId, version: latest.version, state, unchanged: true };
  }
  const version = await insertVersion(tx, principal, {
    contentId,
    fileName,
    mediaType,
    sizeBytes: staged.sizeBytes,
    sha256: staged.sha256,
  });
  if (await isOverStorage(tx, orgId)) {
    throw new AppError(
      'conflict',
      'Your organization has stored as many files as its plan allows: delete some, or ask for more.',
    );
  }
  await jobs.send(tx, 'process-version', { orgId, contentId, version });
  // A rename, inside the transaction: nobody may remove the same bytes before it commits.
  await staged.place();
  return { id: contentId, version, state: 'queued', unchanged: false };
}
