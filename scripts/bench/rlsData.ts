import { asAdministrator } from '@docent/database/administrator';
import { z } from 'zod';

/** How much there is, of everything that the statements read. */
export interface Size {
  readonly organizations: number;
  /** Over all organizations. */
  readonly smallRows: number;
  readonly chunks: number;
}

export const RLS_MODEL = { id: 'bench:made:128', dimensions: 128 };

const Sample = z.object({
  org: z.string(),
  learner: z.string(),
  manager: z.string(),
  department: z.string(),
  conversation: z.string(),
  message: z.string(),
  content: z.string(),
  course: z.string(),
});
export type Sample = z.output<typeof Sample>;

/**
 * Fills the database by its administrator, without triggers, which would take hours.
 *
 * @returns callers with something of their own to look at, one for each organization.
 */
export async function loadOrganizations(adminUrl: string, size: Size): Promise<Sample[]> {
  const { organizations, smallRows, chunks } = size;
  // Of the small rows six in ten are messages, one in ten conversations, three in ten progress.
  const people = Math.max(20, Math.round(smallRows / organizations / 100));
  const conversations = Math.max(1, Math.round((smallRows * 0.1) / organizations / people));
  const courses = Math.max(1, Math.round((smallRows * 0.3) / organizations / people));
  const contents = Math.max(1, Math.round(chunks / organizations / 10));
  return asAdministrator(adminUrl, async (client) => {
    const step = async (what: string, text: string) => {
      const startedAt = performance.now();
      const { rowCount } = await client.query(text);
      const seconds = (performance.now() - startedAt) / 1000;
      console.log(
        `  ${what}: ${(rowCount ?? 0).toLocaleString('en')} rows in ${seconds.toFixed(0)} s`,
      );
    };
    // Ids follow from what they are of, so that every table can be made on its own.
    await client.query(`
      set session_replication_role = replica;
      set synchronous_commit = off;
      set search_path to docent, public;
      create function pg_temp.id(what text) returns uuid language sql immutable as
        $$ select overlay(overlay(md5(what) placing '7' from 13) placing '8' from 17)::uuid $$;
      create function pg_temp.org(o int) returns uuid language sql immutable as
        $$ select pg_temp.id('org ' || o) $$;
      create function pg_temp.person(o int, p int) returns uuid language sql immutable as
        $$ select pg_temp.id('person ' || o || ' ' || p) $$;
      create function pg_temp.department(o int, d int) returns uuid language sql immutable as
        $$ select pg_temp.id('department ' || o || ' ' || d) $$`);
    const orgs = `generate_series(1, ${organizations}) o`;
    const persons = `generate_series(1, ${people}) p`;
    await step(
      'organizations',
      `insert into organizations (org_id, name) select pg_temp.org(o), 'Organization ' || o from ${orgs}`,
    );
    await step(
      'departments',
      `insert into departments (org_id, id, name)
       select pg_temp.org(o), pg_temp.department(o, d), 'Department ' || d
       from ${orgs}, generate_series(0, 9) d`,
    );
    await step(
      'people',
      `insert into users (org_id, id, email, name, role, department_id)
       select pg_temp.org(o), pg_temp.person(o, p), 'person' || p || '@' || o || '.example', 'Person ' || p,
         case p when 1 then 'hr_manager' when 2 then 'trainer' when 3 then 'admin' else 'learner' end,
         pg_temp.department(o, p % 10)
       from ${orgs}, ${persons}`,
    );
    await step(
      'conversations',
      `insert into conversations (org_id, id, user_id, title, updated_at)
       select pg_temp.org(o), pg_temp.id('conversation ' || o || ' ' || p || ' ' || c), pg_temp.person(o, p),
         'About ' || c, now() - c * interval '1 hour'
       from ${orgs}, ${persons}, generate_series(1, ${conversations}) c`,
    );
    await step(
      'messages',
      `insert into messages (org_id, id, conversation_id, user_id, role, text, status, created_at)
       select pg_temp.org(o), pg_temp.id('message ' || o || ' ' || p || ' ' || c || ' ' || m),
         pg_temp.id('conversation ' || o || ' ' || p || ' ' || c), pg_temp.person(o, p),
         case m % 2 when 1 then 'user' else 'assistant' end, 'What a message says, ' || m, 'complete',
         now() - c * interval '1 hour' + m * interval '1 minute'
       from ${orgs}, ${persons}, generate_series(1, ${conversations}) c, generate_series(1, 6) m`,
    );
    await step(
      'courses',
      `insert into courses (org_id, id, title)
       select pg_temp.org(o), pg_temp.id('course ' || o || ' ' || c), 'Course ' || c
       from ${orgs}, generate_series(1, ${courses}) c`,
    );
    await step(
      'progress',
      `insert into learning_progress (org_id, id, user_id, department_id, course_id, status, progress,
         occurred_at, source)
       select pg_temp.org(o), pg_temp.id('progress ' || o || ' ' || p || ' ' || c), pg_temp.person(o, p),
         pg_temp.department(o, p % 10), pg_temp.id('course ' || o || ' ' || c), 'in_progress', c % 100,
         now() - c * interval '1 hour', 'bench'
       from ${orgs}, ${persons}, generate_series(1, ${courses}) c`,
    );
    await loadContent(step, { orgs, contents });
    await client.query('reset session_replication_role');
    await client.query('vacuum analyze');
    const { rows } = await client.query(`
      select pg_temp.org(o)::text as org, pg_temp.person(o, 5)::text as learner,
        pg_temp.person(o, 1)::text as manager, pg_temp.department(o, 5)::text as department,
        pg_temp.id('conversation ' || o || ' 5 1')::text as conversation,
        pg_temp.id('message ' || o || ' 5 1 2')::text as message,
        pg_temp.id('content ' || o || ' 1')::text as content, pg_temp.id('course ' || o || ' 1')::text as course
      from ${orgs}`);
    return z.array(Sample).parse(rows);
  });
}

/** A tenth of it restricted to one department, so that rights are looked at. */
async function loadContent(
  step: (what: string, text: string) => Promise<void>,
  { orgs, contents }: { orgs: string; contents: number },
): Promise<void> {
  const series = `${orgs} cross join generate_series(1, ${contents}) c`;
  const id = `pg_temp.id('content ' || o || ' ' || c)`;
  await step(
    'content',
    `insert into content (org_id, id, title, content_type, language, created_by, current_version,
       latest_version, visibility, visible_to_departments, created_at)
     select pg_temp.org(o), ${id}, 'Material ' || c, 'reference', 'en', pg_temp.person(o, 2), 1, 1,
       case c % 10 when 0 then 'restricted' else 'organization' end,
       case c % 10 when 0 then array[pg_temp.department(o, 5)] else '{}' end, now() - c * interval '1 minute'
     from ${series}`,
  );
  const rights = `
     join content t on t.org_id = pg_temp.org(o) and t.id = ${id}`;
  const inherited = 't.readers, t.created_by, t.department_id';
  await step(
    'versions',
    `insert into content_versions (org_id, content_id, version, state, file_name, media_type, size_bytes,
       sha256, readers, owner_id, department_id)
     select t.org_id, t.id, 1, 'ready', 'made.txt', 'text/plain', 1, decode(repeat('00', 32), 'hex'), ${inherited}
     from ${series} ${rights}`,
  );
  await step(
    'chunks',
    `insert into chunks (org_id, id, content_id, version, ordinal, content, start_offset, end_offset,
       token_count, hash, readers, owner_id, department_id)
     select t.org_id, pg_temp.id('chunk ' || o || ' ' || c || ' ' || k), t.id, 1, k,
       (select string_agg('word' || (4000 * random() * random())::int, ' ') from generate_series(1, 60 + k)),
       0, 400, 100, decode(md5(o || ' ' || c || ' ' || k), 'hex'), ${inherited}
     from ${series} ${rights} cross join generate_series(0, 9) k`,
  );
  await step(
    'words',
    `insert into chunk_search (org_id, chunk_id, content_id, config, tsv, readers, owner_id, department_id)
     select org_id, id, content_id, 'english', words('english', content), readers, owner_id, department_id
     from chunks`,
  );
  await step(
    'model',
    `insert into embedding_models (org_id, id, dimensions, status, activated_at)
     select pg_temp.org(o), '${RLS_MODEL.id}', ${RLS_MODEL.dimensions}, 'active', now() from ${orgs}`,
  );
  await step(
    'vectors',
    `insert into chunk_embeddings (org_id, model_id, chunk_id, content_id, hash, embedding, readers, owner_id,
       department_id)
     select k.org_id, '${RLS_MODEL.id}', k.id, k.content_id, k.hash,
       made.vector, k.readers, k.owner_id, k.department_id
     from chunks k
     -- Of this row, so that each has its own.
     cross join lateral (
       select array_agg(random() - 0.5 + 0 * place * k.token_count)::halfvec as vector
       from generate_series(1, ${RLS_MODEL.dimensions}) place
     ) made`,
  );
  await step(
    'index of vectors',
    `select ensure_embedding_index('${RLS_MODEL.id}', ${RLS_MODEL.dimensions})`,
  );
  await step('statistics', `select refresh_search_statistics(pg_temp.org(o)) from ${orgs}`);
}
