/* What the server and benchpin-media agree on.
 *
 * A job is given by file descriptors alone: the file to read on 0, the pipe for the answer on 1,
 * and an empty file for each variant from JOB_OUTPUTS on, in the order of enum file_variant. The
 * answer is one struct reply, written after the last output; then the process ends. */
#pragma once

#include <stdint.h>

enum {
    JOB_INPUT = 0,
    JOB_REPLY = 1,
    JOB_OUTPUTS = 3, /* and the three after it */
    JOB_OUTPUT_COUNT = 4,
    JOB_ORIGINAL_SIDE = 4000, /* the longest side of a kept picture */
    JOB_LARGE_SIDE = 1200,
    JOB_MIDDLE_SIDE = 440,
    JOB_SMALL_SIDE = 96,
    JOB_MEGAPIXELS = 100,                /* more than that is not decoded */
    JOB_OUTPUT_LIMIT = 64 * 1024 * 1024, /* bytes of one output */
    JOB_INPUT_LIMIT = 128 * 1024 * 1024, /* bytes of the file sent */
};

enum reply_outcome {
    REPLY_MADE = 1,
    REPLY_WRONG_TYPE, /* not on the list, by content */
    REPLY_TOO_LARGE,  /* `width` and `height` are what it declares */
    REPLY_UNREADABLE,
    REPLY_NO_SANDBOX, /* this kernel gives no protection: nothing was decoded */
    REPLY_FAILED,     /* the outputs could not be written */
};

enum reply_kind { KIND_PNG = 1, KIND_JPEG, KIND_WEBP, KIND_GIF, KIND_HEIF, KIND_PDF };

#define REPLY_MARK UINT32_C(0x42504d31)

struct reply {
    uint32_t mark; /* REPLY_MARK */
    uint32_t outcome, kind;
    uint32_t width, height; /* of the original as kept, or of a PDF's large picture */
};
