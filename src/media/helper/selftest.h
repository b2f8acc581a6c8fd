/* Tries what the sandbox must refuse, from inside it. */
#pragma once

/* Prints a TAP line for each try; 0 when all were refused and what is needed still works. */
int selftest(const char *program);
