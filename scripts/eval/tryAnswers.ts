import { join, resolve } from 'node:path';
import { measureAnswers, readQuestions } from './answers.ts';
import { openInstance } from './instance.ts';
import { loadSet } from './load.ts';
import { readSet } from './sets.ts';
const evalDir = resolve(process.env.EVAL_DIR ?? '../shared/eval');
for (const name of process.argv.slice(2)) {
  const set = await readSet(evalDir, name);
  const instance = await openInstance({ set: name, contents: JSON.stringify(set.passages), cacheDir: join(process.cwd(), '.docent-eval'), env: process.env });
  await loadSet(instance, set, console.log);
  const all = readQuestions(evalDir, name);
  const step = Number(process.env.STEP ?? 1);
  const figures = await measureAnswers(instance, all.filter((_, i) => i % step === 0));
  console.log(name, JSON.stringify(figures, (k, v) => typeof v === 'number' ? Math.round(v * 1000) / 1000 : v));
  await instance.close();
}
process.exit(0);
