import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { decodeText } from './decode.ts';

test.each([
  ['utf-8', 'Árvíztűrő tükörfúrógép'],
  ['iso-8859-2', 'Árvíztűrő tükörfúrógép'],
  ['iso-8859-2', 'név;beosztás\nKovács Győző;szerelő\nNagy Tünde;raktáros\n'],
  ['windows-1250', '„A tanfolyam ősszel kezdődik” – jelentkezni szeptemberig lehet.'],
  ['windows-1252', 'Name;Straße\nMüller;Hauptstraße 3\n'],
  ['windows-1252', 'La leçon commence à midi; apportez vos gants.'],
  ['windows-1251', 'Курс начинается осенью, запись до сентября.'],
  ['shift_jis', '名前,年齢,住所\n佐藤太郎,30,東京'],
  ['gbk', '课程从秋天开始，请在九月前报名。'],
])('%s is recognised even in a short text', (encoding, text) => {
  const { text: decoded } = decodeText(iconv.encode(text, encoding));

  expect(decoded).toBe(text);
});

test.each(['utf-8', 'utf-16le', 'utf-16be', 'utf-32le'])(
  'a byte order mark says %s',
  (encoding) => {
    const bytes = iconv.encode('\ufeffŐsz', encoding);

    expect(decodeText(bytes)).toEqual({ text: 'Ősz', guessed: null });
  },
);

test('what a file declares is believed unless it is UTF-8 after all', () => {
  const declared = iconv.encode('<p>Õs</p>', 'windows-1252');

  expect(decodeText(declared, 'iso-8859-2')).toEqual({ text: '<p>Ős</p>', guessed: null });
  expect(decodeText(Buffer.from('Ősz'), 'iso-8859-2').text).toBe('Ősz');
  expect(decodeText(declared, 'no-such-set').guessed).not.toBeNull();
});
