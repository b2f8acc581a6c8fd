/* The staff's pages. Each part finds its elements by itself; a page without them costs nothing. */
import { start_board } from './board.js';
import { start_dialogs } from './dialogs.js';
import { start_drafts } from './drafts.js';
import { start_estimates } from './estimate.js';
import { start_forms } from './forms.js';
import { start_keys } from './keys.js';
import { start_live } from './live.js';
import { start_lookups } from './lookup.js';
import { start_refining } from './refine.js';
import { start_toasts } from './toasts.js';
import { start_uploads } from './upload.js';

start_dialogs();
start_toasts();
start_board();
start_uploads();
start_forms();
start_drafts();
start_lookups();
start_estimates();
start_refining();
start_keys();
start_live();
