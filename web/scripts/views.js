/* What the pages of many jobs have besides app.js: checking rows, and the quick look. */
