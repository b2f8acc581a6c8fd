/* benchpin-media: decodes one file that a stranger sent, without rights, and ends.
 *
 * The order matters: all that must be opened is opened while there is nothing hostile in memory;
 * the walls go up; only then is the first byte of the file parsed by a library. See job.h for what
 * goes in and out. `benchpin-media --selftest` tries the walls from inside. */
#include "media/helper/job.h"
#include "media/helper/picture.h"
#include "media/helper/sandbox.h"
#include "media/helper/selftest.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
/* The leak checker stops threads by tracing them, which the sandbox refuses; and we end by _exit.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "detect_leaks=0";
}
#endif

static _Noreturn void answer(const struct reply *reply) {
    ssize_t written = write(JOB_REPLY, reply, sizeof *reply);
    _exit(written == (ssize_t)sizeof *reply ? 0 : 1);
}

/* The file's bytes. It belongs to the server and has no name in any other hand: it does not shrink
 * while it is mapped. */
static const unsigned char *input(size_t *length) {
    struct stat about;
    if (fstat(JOB_INPUT, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size <= 0 ||
        about.st_size > JOB_INPUT_LIMIT)
        return NULL;
    *length = (size_t)about.st_size;
    void *bytes = mmap(NULL, *length, PROT_READ, MAP_PRIVATE, JOB_INPUT, 0);
    return bytes == MAP_FAILED ? NULL : bytes;
}

/* Nothing personal of the server's account is looked at, by fontconfig above all. */
static void forget_home(void) {
    setenv("HOME", "/nonexistent", 1);
    setenv("XDG_CACHE_HOME", "/nonexistent", 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    setenv("XDG_DATA_HOME", "/nonexistent", 1);
}

int main(int count, char **words) {
    struct reply reply = {.mark = REPLY_MARK, .outcome = REPLY_UNREADABLE};
    size_t length = 0;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    forget_home();
    if (count == 2 && strcmp(words[1], "--selftest") == 0)
        return selftest(words[0]);
    if (count != 1 || isatty(JOB_INPUT)) {
        fputs("benchpin-media decodes pictures for benchpin, which starts it.\n"
              "usage: benchpin-media --selftest\n",
              stderr);
        return 2;
    }
    const unsigned char *bytes = input(&length);
    enum reply_kind kind = bytes == NULL ? (enum reply_kind)0 : picture_kind(bytes, length);
    if (kind == 0) {
        reply.outcome = bytes == NULL ? REPLY_UNREADABLE : REPLY_WRONG_TYPE;
        answer(&reply);
    }
    if (!picture_start(words[0])) {
        reply.outcome = REPLY_FAILED;
        answer(&reply);
    }
    /* Without Landlock the filter alone must do, and allows no opening at all. */
    bool pages = kind == KIND_PDF;
    bool limited = sandbox_limit();
    bool fonts = sandbox_landlock(pages) && pages;
    picture_warm(kind);
    if (!limited || !sandbox_close(fonts)) {
        reply.outcome = REPLY_NO_SANDBOX;
        answer(&reply);
    }
    picture_make(kind, bytes, length, &reply);
    answer(&reply);
}
