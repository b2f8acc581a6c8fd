#!/bin/sh
# Tests of tools/words, in TAP.
exec python3 -B "$(dirname "$0")/test_words.py"
