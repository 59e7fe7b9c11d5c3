import type { ClientBase } from 'pg';

export async function prepareJobs(_client: ClientBase): Promise<void> {}
