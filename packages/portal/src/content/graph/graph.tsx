import { Route, Router } from 'preact-iso';
import { NotFound } from '../../shell/notFound.tsx';
import { AssessmentPage, Assessments } from './assessments.tsx';
import { CoursePage, Courses } from './courses.tsx';
import { ImportPage } from './import.tsx';
import { SkillPage, Skills } from './skills.tsx';

/** /app/content/graph: skills, courses, what comes before what, and how many come in at once. */
export function Graph() {
  return (
    <Router>
      <Route path="/" component={Skills} />
      <Route path="/skills/:id" component={SkillPage} />
      <Route path="/courses" component={Courses} />
      <Route path="/courses/:id" component={CoursePage} />
      <Route path="/assessments" component={Assessments} />
      <Route path="/assessments/:id" component={AssessmentPage} />
      <Route path="/import" component={ImportPage} />
      <Route default component={NotFound} />
    </Router>
  );
}
