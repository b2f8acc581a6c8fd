/* From a stranger's bytes to clean pictures. */
#pragma once

#include "media/helper/job.h"

#include <stdbool.h>
#include <stddef.h>

/* Starts libvips with nothing but the wanted loaders, one thread of work and no generated code.
 * Opens files: before the sandbox. Starts no thread. */
bool picture_start(const char *program);

/* By its first bytes, looked at by plain code of our own; 0: not on the list. */
enum reply_kind picture_kind(const unsigned char *bytes, size_t length);

/* Decodes a tiny file of that kind, so that all that is loaded on first use is loaded. */
void picture_warm(enum reply_kind kind);

/* Decodes and writes all outputs (job.h). Fills `reply`. */
void picture_make(enum reply_kind kind, const void *bytes, size_t length, struct reply *reply);
