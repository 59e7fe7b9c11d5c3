import pg from 'pg';

/**
 * Runs `work` on one plain connection that is not docent_app: for migrations and for making databases,
 * never in a service.
 *
 * @throws Error with one sentence when nobody can connect: the server's, or of one that does not answer, with what the
 *   network said as its cause.
 */
export async function asAdministrator<T>(
  url: string,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'docent migrate' });
  // When the connection breaks, the statement that waits fails: that suffices.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    // A wrong password or name: the server's own sentence says it.
    if (cause instanceof pg.DatabaseError) throw cause;
    throw new Error('The database does not answer.', { cause });
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same address with another database's name. */
export function databaseUrl(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
