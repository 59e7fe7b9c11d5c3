import { AppError } from '@docent/core/errors';
import { refuseUnstorable } from '@docent/http/storable';
import type { FastifyRequest } from 'fastify';
import { type FileStore, type StagedFile, tooLarge } from '../files.ts';
import { cleanFileName, cleanMediaType } from './fileName.ts';

const MAX_FIELDS = 50;
const MAX_FIELD_BYTES = 1_000_000;
/** What field names, headers and boundaries of a form may add to its file. */
const FORM_BYTES = 2_000_000;

/** A file that was received whole, and what makes a name and a type of it. */
export interface ReceivedFile {
  readonly staged: StagedFile;
  readonly fileName: string;
  readonly mediaType: string;
}

export interface ReceivedForm {
  readonly file: ReceivedFile;
  /** Values of each field in the order in which they came. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads a multipart form with exactly one file, which goes to disk while it arrives; the fields may
 * come before or after it. After a failure the rest of the body is drained, so that a client that is
 * still sending reads the answer instead of hanging, and nothing is left on disk.
 *
 * @throws AppError `too_large` (file or field), `invalid_request` (broken body, no file, two files,
 *   an empty file), `unsupported_media_type`, or what the file store throws.
 */
export async function receiveForm(
  request: FastifyRequest,
  files: FileStore,
  { maxBytes }: { maxBytes: number },
): Promise<ReceivedForm> {
  if (!request.isMultipart()) {
    throw new AppError('unsupported_media_type', 'Send the file as multipart/form-data.');
  }
  const received: { file?: ReceivedFile } = {};
  const fields = new Map<string, string[]>();
  try {
    // Refused before a byte of it is read; a chunked body is cut while it arrives.
    if (Number(request.headers['content-length'] ?? 0) > maxBytes + FORM_BYTES) {
      throw tooLarge(maxBytes);
    }
    await readParts();
    if (received.file === undefined) throw invalid('Send the file in a field named "file".');
    return { file: received.file, fields };
  } catch (error) {
    request.raw.unpipe();
    request.raw.resume();
    await received.file?.staged.discard();
    throw error;
  }

  async function readParts(): Promise<void> {
    const limits = {
      // One more than allowed: the cut is noticed by the file store, which counts.
      fileSize: maxBytes + 1,
      files: 2,
      fields: MAX_FIELDS,
      fieldSize: MAX_FIELD_BYTES,
    };
    // A failure of the file store must not be mistaken for a broken form.
    let ours: unknown;
    try {
      for await (const part of request.parts({ limits })) {
        if (part.type === 'file') await take(part);
        else addField(part.fieldname, part.value, part.valueTruncated === true);
      }
    } catch (error) {
      throw error === ours || error instanceof AppError ? error : broken(error);
    }

    async function take(part: Extract<Part, { type: 'file' }>): Promise<void> {
      try {
        if (part.fieldname !== 'file') {
          throw invalid(`The field of the file is named "file", not "${part.fieldname}".`);
        }
        if (received.file !== undefined) throw invalid('Send one file at a time.');
        const staged = await files.stage(request.principal.orgId, part.file, { maxBytes });
        const fileName = cleanFileName(part.filename);
        const mediaType = cleanMediaType(part.mimetype, fileName);
        received.file = { staged, fileName, mediaType };
        if (staged.sizeBytes === 0) throw emptyFile();
      } catch (error) {
        // The stream's own errors (a form that ends too early) are not ours.
        if (error !== part.file.errored) ours = error;
        throw error;
      }
    }
  }

  function addField(name: string, value: unknown, truncated: boolean): void {
    if (truncated) {
      throw new AppError(
        'too_large',
        `The field "${name}" is larger than ${MAX_FIELD_BYTES} bytes.`,
        {
          details: { maxBytes: MAX_FIELD_BYTES },
        },
      );
    }
    // A part that says it is JSON has been parsed already.
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    refuseUnstorable(text, name);
    fields.set(name, [...(fields.get(name) ?? []), text]);
  }
}

type Part = ReturnType<FastifyRequest['parts']> extends AsyncIterable<infer P> ? P : never;

/** The one wording for a file without a byte: it is refused at once, nothing is made of it. */
export function emptyFile(): AppError {
  return invalid('The file is empty.');
}

function broken(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'FST_FILES_LIMIT') return invalid('Send one file at a time.', cause);
  if (code === 'FST_FIELDS_LIMIT' || code === 'FST_PARTS_LIMIT') {
    return invalid(`A form has at most ${MAX_FIELDS} fields.`, cause);
  }
  return invalid('The multipart body is broken or was cut off.', cause);
}

function invalid(message: string, cause?: unknown): AppError {
  return new AppError('invalid_request', message, { cause });
}
