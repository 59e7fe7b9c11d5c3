import './learning.css';
import { Route, Router } from 'preact-iso';
import { NotFound } from '../shell/notFound.tsx';
import { AssessmentPage } from './assessment.tsx';
import { AttemptPage } from './attempt.tsx';
import { CoursePage } from './course.tsx';
import { MaterialPage } from './material.tsx';
import { OverviewPage } from './overview.tsx';
import { PathPage } from './path.tsx';
import { PrivacyPage } from './privacy.tsx';
import { SkillPage } from './skill.tsx';
import { SkillsPage } from './skills.tsx';

/** Everything below /app/learning: what the person who signed in could learn, learns and has learned. */
export function LearningPages() {
  return (
    <Router>
      <Route path="/" component={OverviewPage} />
      <Route path="/path" component={PathPage} />
      <Route path="/skills" component={SkillsPage} />
      <Route path="/skills/:id" component={SkillPage} />
      <Route path="/courses/:id" component={CoursePage} />
      <Route path="/content/:id" component={MaterialPage} />
      <Route path="/assessments/:id" component={AssessmentPage} />
      <Route path="/assessments/:id/attempts/:attempt" component={AttemptPage} />
      <Route path="/privacy" component={PrivacyPage} />
      <Route default component={NotFound} />
    </Router>
  );
}
