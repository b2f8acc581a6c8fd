/* The walls around the decoding of strangers' files.
 *
 * Two steps, because the layers differ: limits and Landlock hold for the calling thread and those
 * it starts, so they come before any thread exists; the system call filter is laid over all threads
 * at once, and comes when everything lazily loaded is there. Afterwards there is no way to open a
 * file for writing, to reach the network, to start a program or to make memory executable. */
#pragma once

#include <stdbool.h>

/* Memory 1 GiB (not under AddressSanitizer, whose shadow is larger), 10 s of processor time,
 * outputs of 64 MiB, no core dump, no new privileges. */
bool sandbox_limit(void);

/* With `fonts` reading the system's fonts stays possible (PDFs name fonts they do not carry),
 * otherwise no file can be opened. False: this kernel has no Landlock, and sandbox_close() must be
 * called without fonts. */
bool sandbox_landlock(bool fonts);

/* The system call filter: an allow-list; all else fails with EPERM. With `fonts` files may be
 * opened for reading: only behind sandbox_landlock(true). False: refused by the kernel; decode
 * nothing. */
bool sandbox_close(bool fonts);
