// Loaded before a command (node --import): settings of the .env file in the folder where it runs; what the
// environment says comes first. Node's own --env-file-if-exists prints a line when there is none.
import { existsSync } from 'node:fs';

if (existsSync('.env')) process.loadEnvFile('.env');
