import { expect, test } from 'vitest';
import { negationDiffers } from './negation.ts';

const PARK = 'The car park opens at 6 and closes at 10.';

test.each([
  ['en', 'The car park does not open at 6 and never closes at 10', PARK],
  ['en', "Unused days don't expire in March", 'Unused days expire in March.'],
  ['en', 'Cats are allowed', 'Cats are not allowed.'],
  ['en', 'Dogs are allowed in the office', 'No dogs are allowed in the office.'],
  ['en', 'Parking is free without a permit', 'Parking is free with a permit.'],
  ['de', 'Das Parkhaus öffnet am Sonntag nicht', 'Das Parkhaus öffnet am Sonntag.'],
  ['de', 'Gäste brauchen keine Karte', 'Gäste brauchen eine Karte.'],
  ['de', 'Der Zutritt ist ohne Ausweis erlaubt', 'Der Zutritt ist mit Ausweis erlaubt.'],
  ['hu', 'A parkoló vasárnap nem nyit ki', 'A parkoló vasárnap nyit ki.'],
  ['hu', 'Engedély nélkül ingyenes a parkolás', 'Engedéllyel ingyenes a parkolás.'],
  ['hu', 'A kapu soha nem zár be', 'A kapu bezár, és zár a raktár is.'],
])('%s: %j says the opposite of %j', (language, claim, source) => {
  expect(negationDiffers(claim, source, language)).toBe(true);
});

test.each([
  ['en', 'The car park opens at 6', PARK],
  ['en', 'Dogs are not allowed', 'No dogs are allowed.'],
  ['en', 'Dogs are allowed', 'Dogs are allowed, but not cats.'],
  ['en', 'The policy covers dogs', 'The policy, which is not new, covers dogs.'],
  ['en', 'Bikes are not only allowed but welcome', 'Bikes are allowed and welcome.'],
  ['en', 'Receipts are due no later than 5 May', 'Receipts are due on 5 May.'],
  ['en', 'Room No. 5 is free', 'Room 5 is free.'],
  ['en', 'The gate never closes', 'The gate does not close.'],
  ['de', 'Gäste brauchen keine Karte', 'Eine Karte brauchen Gäste nicht.'],
  ['hu', 'A kapu nem zár be', 'A kapu sosem, semmikor nem zár be.'],
])('%s: %j does not contradict %j', (language, claim, source) => {
  expect(negationDiffers(claim, source, language)).toBe(false);
});
