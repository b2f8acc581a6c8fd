/* The customers' pages: they work without it. */
import { start_dialogs } from './dialogs.js';
import { start_drafts } from './drafts.js';
import { start_forms } from './forms.js';

start_dialogs();
start_forms();
start_drafts();
