import './content.css';
import { Route, Router } from 'preact-iso';
import { useMe } from '../session/session.tsx';
import { loaded } from '../shell/loaded.tsx';
import { NotFound } from '../shell/notFound.tsx';
import { ContentList } from './list/contentList.tsx';

const Upload = loaded(async () => (await import('./upload/uploadPage.tsx')).UploadPage);
const Questions = loaded(async () => (await import('./questions/questionsPage.tsx')).QuestionsPage);
const Evaluations = loaded(async () => (await import('./evaluations/evaluations.tsx')).Evaluations);
const Graph = loaded(async () => (await import('./graph/graph.tsx')).Graph);
const One = loaded(async () => (await import('./one/contentPage.tsx')).ContentPage);

/** Everything under /app/content: what trainers and administrators do with material. */
export function Content() {
  const { role } = useMe();
  // The API refuses everybody else; an address that was passed on should say so at once.
  if (role !== 'trainer' && role !== 'admin') return <NotFound />;
  return (
    <Router>
      <Route path="/" component={ContentList} />
      <Route path="/upload" component={Upload} />
      <Route path="/questions" component={Questions} />
      <Route path="/graph" component={Graph} />
      <Route path="/graph/*" component={Graph} />
      <Route path="/evaluations" component={Evaluations} />
      <Route path="/evaluations/*" component={Evaluations} />
      <Route path="/:id" component={One} />
      <Route path="/:id/:tab" component={One} />
      <Route default component={NotFound} />
    </Router>
  );
}
