import './styles/base.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { guardLeaving } from './shell/leaving.ts';
import { applyTheme, storedTheme } from './shell/theme.ts';

applyTheme(storedTheme());
guardLeaving();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
