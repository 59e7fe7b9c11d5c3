import {
  type OfficeError,
  OfficeErrorType,
  type OfficeParserAST,
  type OfficeParserConfig,
  OfficeWarningType,
  parseOffice,
} from 'officeparser';
import { ReadFailure } from './failure.ts';
import type { Kind } from './kind.ts';

type OfficeKind = Extract<
  Kind,
  'pdf' | 'docx' | 'pptx' | 'odt' | 'odp' | 'ods' | 'odg' | 'epub' | 'rtf'
>;

/**
 * Parse with officeparser.
 *
 * @returns its tree, and warnings that a reader should know.
 * @throws ReadFailure with the state that its error stands for.
 */
export async function parseWithOffice(
  bytes: Buffer,
  kind: OfficeKind,
  maxInflatedBytes: number,
): Promise<{ tree: OfficeParserAST; warning: string | null }> {
  const config: OfficeParserConfig = {
    fileType: kind,
    ignoreComments: true,
    ignoreSlideMasters: true,
    ignoreInternalLinks: true,
    includeBreakNodes: true,
    decompressionLimits: { maxUncompressedBytes: maxInflatedBytes, maxXmlElements: 1_000_000 },
    pdfParserConfig: {
      // This process is the separate one, with limits that count all of it.
      separateProcess: false,
      extractTextColor: false,
    },
  };
  try {
    const tree = await parseOffice(bytes, config);
    const codes = new Set(tree.warnings.map(({ code }) => code));
    const sentences = [...codes].flatMap((code) => WARNINGS.get(code) ?? []);
    return { tree, warning: sentences.join(' ') || null };
  } catch (error) {
    throw toFailure(error);
  }
}

const CUT = 'The file is larger than what is read; the end of it was left out.';

const WARNINGS: ReadonlyMap<unknown, string> = new Map([
  [OfficeWarningType.PAGE_LOAD_FAILED, 'Some pages are damaged and were left out.'],
  [OfficeWarningType.TABLE_CELL_LIMIT_EXCEEDED, CUT],
  [OfficeWarningType.REPEATED_CONTENT_LIMIT_EXCEEDED, CUT],
  [OfficeWarningType.PDF_CONTENT_LIMIT_EXCEEDED, CUT],
  [OfficeWarningType.CONTENT_PART_NOT_READ, 'Some parts of the file could not be read.'],
  [OfficeWarningType.ALT_CHUNK_NOT_READ, 'Some parts of the file could not be read.'],
  [
    OfficeWarningType.PDF_TEXT_ENCODING_SUSPECT,
    'The fonts of the file do not say which letters they show; the text may be garbled.',
  ],
]);

const PASSWORD: ReadonlySet<unknown> = new Set([
  OfficeErrorType.PASSWORD_REQUIRED,
  OfficeErrorType.PASSWORD_INCORRECT,
  OfficeErrorType.DOCUMENT_DECRYPTION_FAILED,
]);
const TOO_LARGE: ReadonlySet<unknown> = new Set([
  OfficeErrorType.ZIP_ENTRY_COUNT_LIMIT_EXCEEDED,
  OfficeErrorType.ZIP_SIZE_LIMIT_EXCEEDED,
  OfficeErrorType.XML_ELEMENT_LIMIT_EXCEEDED,
  OfficeErrorType.MAX_NESTING_DEPTH_EXCEEDED,
]);

function toFailure(error: unknown): ReadFailure {
  const code = isOfficeError(error) ? error.officeIssue?.code : undefined;
  if (PASSWORD.has(code)) {
    const sentence = 'The file is protected by a password. Save it without one.';
    return new ReadFailure('password', sentence, { cause: error });
  }
  if (TOO_LARGE.has(code)) {
    const sentence = 'The file holds far more elements than a document of people does.';
    return new ReadFailure('too_large', sentence, { cause: error });
  }
  return new ReadFailure('corrupt', 'The file is damaged and cannot be opened.', { cause: error });
}

function isOfficeError(error: unknown): error is OfficeError {
  return error instanceof Error && 'officeIssue' in error;
}
