import { newId } from '@docent/core/ids';
import { roles, type Scope, scopes } from '@docent/core/principal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpWorld, openHttp } from './http/app.ts';
import { stateOf } from './http/canaries.ts';
import { exceptions } from './http/exceptions.ts';
import {
  closedObjects,
  isText,
  JSON_TYPE,
  partsOf,
  placesOf,
  requestOf,
  withValue,
} from './http/make.ts';
import type { Operation } from './http/openapi.ts';
import { payloads } from './http/payloads.ts';
import {
  comparable,
  deletedIds,
  idPlaces,
  knownParts,
  probesOf,
  saysNothing,
} from './http/probes.ts';
import { note, thorough } from './report.ts';

// Every operation of the OpenAPI document, asked by everybody, about everything. The rows are those of the matrix.

let http: HttpWorld;
let guarded: Operation[];
beforeAll(async () => {
  http = await openHttp();
  guarded = http.operations.filter(({ isPublic }) => !isPublic);
});
afterAll(() => http?.close());

test('every operation says who may call it, or is public and known to be', () => {
  const undeclared = http.operations.filter(
    ({ id, isPublic, roles: allowed }) =>
      (isPublic && !exceptions.publicOperations.includes(id)) ||
      (!isPublic && (allowed === undefined || allowed.length === 0)),
  );

  expect(undeclared.map(({ id }) => id)).toEqual([]);
  expect(guarded.length).toBeGreaterThan(50);
});

test('without a key, with a broken and with an unknown one nobody gets in', async () => {
  const open: string[] = [];
  const [broken, unknown] = ['dct_test_x', `dct_test_${'0'.repeat(12)}_${'0'.repeat(43)}_000000`];
  for (const operation of guarded) {
    for (const key of [null, broken, unknown]) {
      const { statusCode } = await http.send(requestOf(operation, partsOf(operation)), key);
      if (statusCode !== 401) open.push(`${operation.id} answers ${statusCode} to ${key}`);
    }
  }

  expect(open).toEqual([]);
});

test('every role, with all rights and with each scope, gets exactly into what is declared', async () => {
  const wrong: string[] = [];
  let asked = 0;
  for (const operation of guarded) {
    const { body: _, ...parts } = partsOf(operation);
    // Without a body: whoever gets in is told what is missing.
    const request = requestOf(operation, { ...parts, body: undefined });
    for (const role of roles) {
      const callers = [
        { name: role, key: http.keys[role], scope: '*' },
        ...someScopes(operation).map((scope) => ({
          name: `${role} with ${scope}`,
          key: http.scoped.get(`${role} ${scope}`) ?? '',
          scope,
        })),
      ];
      for (const { name, key, scope } of callers) {
        const may =
          operation.roles?.includes(role) === true &&
          (operation.scopes.length === 0 || scope === '*' || operation.scopes.includes(scope));
        const response = await http.send(request, key);
        asked += 1;
        const forbidden = response.statusCode === 403;
        if (forbidden === may || response.statusCode === 401 || response.statusCode >= 500) {
          wrong.push(
            `${operation.id} by ${name}: ${response.statusCode}, though it ${may ? 'may' : 'may not'}: ${response.body.slice(0, 200)}`,
          );
        }
      }
    }
  }

  note('operations × roles × scopes', asked);
  expect(wrong).toEqual([]);
});

/** A plain run takes every fourth of the scopes that an operation does not ask for. */
function someScopes(operation: Operation): readonly Scope[] {
  return scopes.filter(
    (scope, place) =>
      thorough || operation.scopes.includes(scope) || (place + operation.id.length) % 4 === 0,
  );
}

test('a request can be made for every operation', async () => {
  const refused: string[] = [];
  for (const operation of guarded) {
    if (!operation.bodies[JSON_TYPE]) continue;
    const request = requestOf(operation, partsOf(operation));

    const response = await http.send(request, http.keys.admin);

    if (response.statusCode === 400 || response.statusCode === 415) {
      refused.push(`${operation.id}: ${response.body.slice(0, 300)} for ${request.body}`);
    }
  }

  expect(refused, 'give a sample in test/security/http/samples.ts').toEqual([]);
});

test('every id of a request is known to be about something', () => {
  const unknown = guarded.flatMap((operation) =>
    idPlaces(operation)
      .filter(({ meaning }) => meaning === undefined)
      .map(({ place }) => `${operation.id}: ${place.join('.')}`),
  );

  expect(unknown, 'say what they are about in test/security/http/ids.ts').toEqual([]);
});

test('what a caller may not see is answered as what there is not', {
  timeout: 300_000,
}, async () => {
  const wrong: string[] = [];
  const deleted = await deletedIds(http);
  let asked = 0;
  for (const operation of guarded) {
    for (const { place, meaning } of idPlaces(operation)) {
      if (!meaning) continue;
      for (const role of roles.filter((each) => operation.roles?.includes(each))) {
        const key = http.keys[role];
        const nothing = meaning.table === 'api_keys' ? 'aaaaaaaaaaaa' : newId();
        const parts = knownParts(http, operation, role);
        const ask = (id: string) =>
          http.send(requestOf(operation, withValue(parts, place, id)), key);
        const random = await ask(nothing);
        const where = `${operation.id} by ${role}, ${place.join('.')}`;
        if (
          place[0] === 'path' &&
          random.statusCode !== 404 &&
          !exceptions.answersNothing(operation)
        ) {
          wrong.push(`${where} random: ${random.statusCode} ${random.body.slice(0, 200)}`);
        }
        for (const probe of probesOf(http, meaning, { role, operation, deleted })) {
          const hidden = !probe.visible && !exceptions.seenAnyway(operation, place, probe.what);
          const changes = probe.changeable || exceptions.changedAnyway(operation, probe.what);
          if (!hidden && changes && !probe.empty) continue;
          const response = await ask(probe.id);
          asked += 1;
          const [got, nobody] = [comparable(response, probe.id), comparable(random, nothing)];
          const right = hidden
            ? got === nobody
            : probe.empty
              ? saysNothing(response)
              : response.statusCode >= 400;
          if (!right) {
            wrong.push(
              `${where} ${probe.what}: ${got.slice(0, 250)}\n    instead of ${nobody.slice(0, 250)}`,
            );
          }
        }
      }
    }
  }

  note('ids probed', asked);
  expect(wrong).toEqual([]);
});

test('fields that nobody asked for are refused and nothing is changed', async () => {
  const extras = ['org_id', 'orgId', 'role', 'owner_id', 'ownerId', 'id', 'status', 'created_at'];
  extras.push('createdAt', 'user_id', 'userId', 'scopes', 'isAdmin', 'embedding', '__proto__x');
  const taken: string[] = [];
  let asked = 0;
  const before = await stateOf(http);
  for (const operation of guarded) {
    const schema = operation.bodies[JSON_TYPE];
    if (!schema || exceptions.takesAnyField(operation)) continue;
    const parts = partsOf(operation);
    for (const { names, known } of closedObjects(schema, parts.body)) {
      for (const extra of extras.filter((name) => !known.includes(name))) {
        const place = ['body', ...names, extra] as const;
        const request = requestOf(operation, withValue(parts, place, http.matrix.world.abroad));

        const { statusCode } = await http.send(request, http.keys.admin);

        asked += 1;
        // Refused before anything is looked for: these are about nothing that there is.
        if (statusCode !== 400) {
          taken.push(`${operation.id}: ${[...names, extra].join('.')} → ${statusCode}`);
        }
      }
    }
  }
  const after = await stateOf(http);

  note('fields smuggled', asked);
  expect(taken).toEqual([]);
  expect(after).toEqual(before);
});

test('no text becomes part of a statement', { timeout: 600_000 }, async () => {
  const failed: string[] = [];
  const some = thorough ? payloads : payloads.filter((_, place) => place % 11 === 0);
  let asked = 0;
  const before = await stateOf(http, { abroad: true });
  for (const operation of guarded) {
    const parts = partsOf(operation);
    for (const place of placesOf(operation, isText)) {
      if (place[0] === 'header' && !thorough) continue;
      for (const payload of some) {
        if (place[0] === 'header' && /[^\x20-\x7e]/.test(payload)) continue;
        const request = requestOf(operation, withValue(parts, place, payload));

        const { statusCode, body } = await http.send(request, http.keys.admin);

        asked += 1;
        if (statusCode >= 500 || body.includes(http.matrix.world.abroad)) {
          failed.push(
            `${operation.id} ${place.join('.')} ${JSON.stringify(payload)}: ${statusCode} ${body.slice(0, 200)}`,
          );
        }
      }
    }
  }
  const after = await stateOf(http, { abroad: true });

  note('injections tried', asked);
  expect(failed).toEqual([]);
  expect(after).toEqual(before);
});
