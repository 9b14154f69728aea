import { render } from 'preact';
import { App } from './app';
import { boot } from './state/store';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/pages.css';

const root = document.getElementById('app');
if (root) {
  boot();
  render(<App />, root);
}
