import { render } from 'preact';
import { App } from './app';
import { boot } from './state/store';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/cards.css';
import './styles/pieces.css';
import './styles/charts.css';
import './styles/overview.css';
import './styles/overview-narrow.css';
import './styles/service.css';
import './styles/incident.css';
import './styles/analysis.css';
import './styles/chaos.css';
import './styles/logs.css';
import './styles/objectives.css';
import './styles/people.css';
import './styles/work-pages.css';

const root = document.getElementById('app');
if (root) {
  boot();
  render(<App />, root);
}
