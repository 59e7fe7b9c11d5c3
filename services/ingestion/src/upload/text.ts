import type { FileStore } from '../files.ts';
import { fileNameOfText } from './fileName.ts';
import type { GivenText } from './given.ts';
import type { Upload } from './upload.ts';

/**
 * Text that came as JSON, as the file that it is from now on.
 * @throws AppError `too_large`
 */
export async function stageText(
  files: FileStore,
  orgId: string,
  item: GivenText,
  { maxBytes }: { maxBytes: number },
): Promise<Upload> {
  const { text, mediaType, ...given } = item;
  const staged = await files.stage(orgId, once(Buffer.from(text)), { maxBytes });
  return { given, file: { staged, fileName: fileNameOfText(item.title, mediaType), mediaType } };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
