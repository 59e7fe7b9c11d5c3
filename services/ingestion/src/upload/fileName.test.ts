import { expect, test } from 'vitest';
import { cleanFileName, cleanMediaType, fileNameOfText, titleOfFile } from './fileName.ts';

test.each([
  ['lesson.pdf', 'lesson.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\lesson.docx', 'lesson.docx'],
  ['a\r\nSet-Cookie: x.md', 'aSet-Cookie: x.md'],
  ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
  ['Größe €.md', 'Größe €.md'],
  ['', 'file'],
  ['..', 'file'],
  ['folder/', 'file'],
  [undefined, 'file'],
])('the file name %j is kept as %j', (given, kept) => {
  const name = cleanFileName(given);

  expect(name).toBe(kept);
});

test('a name that is too long keeps its extension and whole characters', () => {
  const name = cleanFileName(`${'🙂'.repeat(300)}.pdf`);

  expect(Array.from(name)).toHaveLength(200);
  expect(name).toMatch(/🙂\.pdf$/u);
});

test.each([
  ['safe_wiring.md', 'safe wiring'],
  ['.gitignore', '.gitignore'],
  ['Release 2.0 notes.docx', 'Release 2.0 notes'],
])('the title of %j is %j', (name, title) => {
  const found = titleOfFile(name);

  expect(found).toBe(title);
});

test('text gets a file name of its title', () => {
  const name = fileNameOfText('Wiring / basics', 'text/html');

  expect(name).toBe('Wiring   basics.html');
});

test.each([
  ['text/html; charset=utf-8', 'text/html'],
  ['Application/PDF', 'application/pdf'],
  ['text/html\r\nX: y', 'application/octet-stream'],
  ['nonsense', 'application/octet-stream'],
  [undefined, 'application/octet-stream'],
])('the media type %j is kept as %j', (given, kept) => {
  const type = cleanMediaType(given);

  expect(type).toBe(kept);
});

test.each([
  ['application/octet-stream', 'lesson.MD', 'text/markdown'],
  [undefined, 'lesson.pdf', 'application/pdf'],
  ['text/plain', 'lesson.pdf', 'text/plain'],
  ['application/octet-stream', 'lesson.constructor', 'application/octet-stream'],
])('a file sent as %j and named %j is of type %j', (given, name, type) => {
  const found = cleanMediaType(given, name);

  expect(found).toBe(type);
});
