import { z } from 'zod';
import { pageQuery, Timestamp } from './common.ts';

export const Department = z.object({
  id: z.uuid(),
  name: z.string(),
  parentId: z.uuid().nullable(),
  path: z.array(z.uuid()).describe('The departments above this one, from the topmost down'),
  pathName: z.string().describe('Names from the topmost down: `Operations/Engineering`'),
  depth: z.int().nonnegative(),
  externalId: z.string().nullable(),
  description: z.string().nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Department = z.infer<typeof Department>;

const fields = {
  name: z.string().trim().min(1).max(200),
  parentId: z.uuid().nullable().describe('Null: a topmost department'),
  externalId: z.string().trim().min(1).max(500).nullable().describe('Id in another system'),
  description: z.string().trim().max(2_000).nullable(),
};

export const NewDepartment = z
  .object({
    name: fields.name,
    parentId: fields.parentId.default(null),
    externalId: fields.externalId.default(null),
    description: fields.description.default(null),
  })
  .strict();
export type NewDepartment = z.infer<typeof NewDepartment>;

/** Fields that are not named stay; another parent moves the department with all below it. */
export const DepartmentUpdate = z.object(fields).exactPartial().strict();
export type DepartmentUpdate = z.infer<typeof DepartmentUpdate>;

export const departmentFilters = {
  parent: z.uuid().optional().describe('Directly below this one'),
  under: z.uuid().optional().describe('This one and all below it'),
  externalId: z.string().max(500).optional(),
  q: z.string().trim().min(1).max(200).optional().describe('Part of the name'),
};
export const departmentQuery = { ...pageQuery, ...departmentFilters };
export type DepartmentFilters = z.infer<z.ZodObject<typeof departmentFilters>>;
