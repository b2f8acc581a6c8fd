/* What the files of this folder share. */
#pragma once

#include "backup/backup.h"

/* FILE of a backup's folder, of a few NAME=VALUE lines: reads one value, or NULL. */
const char *about_read(const char *folder, const char *name, struct arena *arena);
/* Writes the file anew with this value instead of the name's old one, durably. */
enum status about_write(const char *folder, const char *name, const char *value,
                        struct errors *errors);
/* The folder with all that is in it; what is not there counts as removed. */
bool folder_remove(const char *path);

void backup_ask(struct store *store, int64_t now); /* one more, as soon as it is woken */
bool backup_asked(struct store *store);            /* asked for, and not made yet */
