import { Route, Router } from 'preact-iso';
import { NotFound } from '../../shell/notFound.tsx';
import { Overview } from './overview.tsx';
import { RunPage } from './run.tsx';
import { SetPage } from './set.tsx';

/** /app/content/evaluations: golden questions, and what Docent answers to them. */
export function Evaluations() {
  return (
    <Router>
      <Route path="/" component={Overview} />
      <Route path="/sets/:id" component={SetPage} />
      <Route path="/runs/:id" component={RunPage} />
      <Route default component={NotFound} />
    </Router>
  );
}
