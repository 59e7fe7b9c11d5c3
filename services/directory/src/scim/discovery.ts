import { roles } from '@docent/core/principal';
import { listOf } from './resources.ts';
import { ENTERPRISE, GROUP, MAX_RESULTS, USER } from './vocabulary.ts';

const PROVIDER = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const RESOURCE_TYPE = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

export function serviceProviderConfig(base: string): object {
  return {
    schemas: [PROVIDER],
    documentationUri: `${new URL(base).origin}/docs`,
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MAX_RESULTS },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'API key',
        description: 'An administrator’s API key with the scope scim, as a bearer token',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

export function resourceTypes(base: string): object {
  const all = ['User', 'Group'].map((id) => ({ ...resourceType(base, id) }));
  return listOf(all, all.length, 1);
}

/** Null: there is none of this name. */
export function resourceType(base: string, id: string): object | null {
  const meta = { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${id}` };
  const common = { schemas: [RESOURCE_TYPE], id, name: id, meta };
  if (id === 'User') {
    const schemaExtensions = [{ schema: ENTERPRISE, required: false }];
    return {
      ...common,
      endpoint: '/Users',
      description: 'A person',
      schema: USER,
      schemaExtensions,
    };
  }
  if (id === 'Group') {
    return { ...common, endpoint: '/Groups', description: 'A department', schema: GROUP };
  }
  return null;
}

export function schemas(base: string): object {
  const all = [USER, GROUP, ENTERPRISE].map((id) => ({ ...schema(base, id) }));
  return listOf(all, all.length, 1);
}

/** Null: there is none of this name. */
export function schema(base: string, id: string): object | null {
  const found = SCHEMAS[id];
  if (found === undefined) return null;
  const meta = { resourceType: 'Schema', location: `${base}/Schemas/${id}` };
  return { schemas: [SCHEMA], id, ...found, meta };
}

interface Traits {
  readonly type?: 'string' | 'boolean' | 'complex' | 'reference';
  readonly multiValued?: boolean;
  readonly required?: boolean;
  readonly caseExact?: boolean;
  readonly mutability?: 'readWrite' | 'readOnly' | 'immutable';
  readonly uniqueness?: 'none' | 'server';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly object[];
}

function attribute(name: string, description: string, traits: Traits = {}): object {
  const { type = 'string', multiValued = false, required = false, ...rest } = traits;
  return {
    name,
    type,
    multiValued,
    description,
    required,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...rest,
  };
}

const readOnly = { mutability: 'readOnly' } as const;

const SCHEMAS: Readonly<
  Record<string, { name: string; description: string; attributes: object[] } | undefined>
> = {
  [USER]: {
    name: 'User',
    description: 'A person',
    attributes: [
      attribute('userName', 'Name at sign-in; usually the e-mail address', {
        required: true,
        uniqueness: 'server',
      }),
      attribute('externalId', 'Id at the identity provider', {
        caseExact: true,
        uniqueness: 'server',
      }),
      attribute('displayName', 'The name that colleagues read'),
      attribute('name', 'Parts of the name', {
        type: 'complex',
        subAttributes: [
          attribute('formatted', 'The whole name; displayName wins'),
          attribute('givenName', 'Given name'),
          attribute('familyName', 'Family name'),
        ],
      }),
      attribute('title', 'Job title'),
      attribute('active', 'False: cannot sign in, within 5 seconds', { type: 'boolean' }),
      attribute('emails', 'One is kept: the primary one, else that of work', {
        type: 'complex',
        multiValued: true,
        subAttributes: [
          attribute('value', 'The address', { uniqueness: 'server' }),
          attribute('type', 'What it is for', { canonicalValues: ['work', 'home', 'other'] }),
          attribute('primary', 'The one that is kept', { type: 'boolean' }),
        ],
      }),
      attribute('roles', 'One is kept: the primary one', {
        type: 'complex',
        multiValued: true,
        subAttributes: [
          attribute('value', 'What the person may do', { canonicalValues: [...roles] }),
          attribute('primary', 'The one that is kept', { type: 'boolean' }),
        ],
      }),
      attribute('groups', 'The department', {
        ...readOnly,
        type: 'complex',
        multiValued: true,
        subAttributes: [
          attribute('value', 'Id of the group', readOnly),
          attribute('$ref', 'Its address', {
            ...readOnly,
            type: 'reference',
            referenceTypes: ['Group'],
          }),
          attribute('display', 'Its name', readOnly),
          attribute('type', 'Always direct', readOnly),
        ],
      }),
    ],
  },
  [GROUP]: {
    name: 'Group',
    description: 'A department; a person is in at most one',
    attributes: [
      attribute('displayName', 'Its name', { required: true }),
      attribute('externalId', 'Id at the identity provider', {
        caseExact: true,
        uniqueness: 'server',
      }),
      attribute('members', 'People of the department; adding somebody moves them', {
        type: 'complex',
        multiValued: true,
        subAttributes: [
          attribute('value', 'Id of the User', { mutability: 'immutable' }),
          attribute('display', 'Their name', readOnly),
          attribute('type', 'Always User', readOnly),
          attribute('$ref', 'Their address', {
            ...readOnly,
            type: 'reference',
            referenceTypes: ['User'],
          }),
        ],
      }),
    ],
  },
  [ENTERPRISE]: {
    name: 'EnterpriseUser',
    description: 'What employers say of a person',
    attributes: [
      attribute('department', 'Name of the department; made when there is none of this name'),
      attribute('manager', 'Whom the person reports to', {
        type: 'complex',
        subAttributes: [
          attribute('value', 'Id, external id or user name of the manager, who may come later'),
          attribute('displayName', 'Their name', readOnly),
        ],
      }),
    ],
  },
};
