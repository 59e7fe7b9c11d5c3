import { z } from 'zod';
import type { Method } from './app.ts';

/** The parts of a JSON schema that bodies and parameters are made from. */
export interface Schema {
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly minItems?: number | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly allOf?: readonly Schema[] | undefined;
  readonly additionalProperties?: boolean | Schema | undefined;
}

const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minimum: z.number().optional(),
    minItems: z.number().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), Schema).optional(),
    items: Schema.optional(),
    anyOf: z.array(Schema).optional(),
    oneOf: z.array(Schema).optional(),
    allOf: z.array(Schema).optional(),
    additionalProperties: z.union([z.boolean(), Schema]).optional(),
  }),
);

const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().optional(),
  schema: Schema,
});
export type Parameter = z.infer<typeof Parameter>;

const Described = z.looseObject({
  operationId: z.string().optional(),
  parameters: z.array(Parameter).optional(),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: Schema.optional() })) })
    .optional(),
  security: z.array(z.unknown()).optional(),
  'x-roles': z.array(z.string()).optional(),
  'x-scopes': z.array(z.string()).optional(),
});

const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** One operation of the OpenAPI document. */
export interface Operation {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** By media type. */
  readonly bodies: Readonly<Record<string, Schema | undefined>>;
  /** Undefined: it may be called by anybody. */
  readonly roles: readonly string[] | undefined;
  readonly scopes: readonly string[];
  readonly isPublic: boolean;
}

const METHODS: Readonly<Record<string, Method>> = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
};

export function operationsOf(document: unknown): Operation[] {
  const { paths } = Document.parse(document);
  return Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).flatMap(([name, described]) => {
      const method = METHODS[name];
      if (method === undefined) return [];
      const operation = Described.parse(described);
      const content = operation.requestBody?.content ?? {};
      return {
        id: operation.operationId ?? `${method} ${path}`,
        method,
        path,
        parameters: operation.parameters ?? [],
        bodies: Object.fromEntries(
          Object.entries(content).map(([type, { schema }]) => [type, schema]),
        ),
        roles: operation['x-roles'],
        scopes: operation['x-scopes'] ?? [],
        isPublic: operation.security === undefined || operation.security.length === 0,
      };
    }),
  );
}
