/* The model of the page of backups: for this folder and its template. */
#pragma once

#include "backup/backup.h"

struct backup_page {
    int64_t on;     /* flag: this server makes backups by the clock */
    int64_t asked;  /* flag: one more was asked for and is not made yet */
    int64_t minute; /* of the day at which they are made */
    int days, weeks, months;
    struct backup *backups;
    int64_t count;
};
