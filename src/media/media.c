#include "media/media.h"

#include "media/files.h"
#include "media/helper/job.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

_Static_assert((int)FILE_VARIANTS == (int)JOB_OUTPUT_COUNT, "one output for each variant");

enum { TURNS = 2, TURN_SECONDS = 60, JOB_MILLISECONDS = 20 * 1000, FIRST_FREE = 64 };

struct media {
    char *helper;
    pthread_mutex_t lock;
    pthread_cond_t turn;
    int running;
    int deadline; /* milliseconds for one job */
};

/* ------------------------------------------------------------------ turns */

struct media *media_new(const char *helper) {
    struct media *media = calloc(1, sizeof *media);
    pthread_condattr_t steady;
    if (media == NULL || (media->helper = strdup(helper)) == NULL)
        abort();
    media->deadline = JOB_MILLISECONDS;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&media->turn, &steady);
    pthread_condattr_destroy(&steady);
    pthread_mutex_init(&media->lock, NULL);
    return media;
}

void media_free(struct media *media) {
    if (media == NULL)
        return;
    pthread_cond_destroy(&media->turn);
    pthread_mutex_destroy(&media->lock);
    free(media->helper);
    free(media);
}

void media_set_deadline(struct media *media, int milliseconds) {
    media->deadline = milliseconds;
}

static bool turn_take(struct media *media) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += TURN_SECONDS;
    int waited = 0;
    pthread_mutex_lock(&media->lock);
    while (media->running >= TURNS && waited == 0)
        waited = pthread_cond_timedwait(&media->turn, &media->lock, &until);
    bool mine = media->running < TURNS;
    media->running += mine;
    pthread_mutex_unlock(&media->lock);
    return mine;
}

static void turn_give(struct media *media) {
    pthread_mutex_lock(&media->lock);
    media->running--;
    pthread_cond_signal(&media->turn);
    pthread_mutex_unlock(&media->lock);
}

const char *media_find_helper(struct arena *arena) {
    const char *told = getenv("BENCHPIN_MEDIA");
    if (told != NULL && told[0] != '\0')
        return arena_text(arena, told);
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return NULL;
    self[length] = '\0';
    *strrchr(self, '/') = '\0';
    const char *found[] = {
        arena_printf(arena, "%s/benchpin-media", self),
        arena_printf(arena, "%s/src/media/benchpin-media", self),
        arena_printf(arena, "%s/../libexec/benchpin/benchpin-media", self),
    };
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++)
        if (access(found[i], X_OK) == 0)
            return found[i];
    return NULL;
}

/* ------------------------------------------------------------------ one job */

struct job {
    int input, reply_read, reply_write, outputs[JOB_OUTPUT_COUNT];
    pid_t process;
};

static void close_one(int *file) {
    if (*file >= 0)
        close(*file);
    *file = -1;
}

static void job_close(struct job *job) {
    close_one(&job->input);
    close_one(&job->reply_read);
    close_one(&job->reply_write);
    for (int i = 0; i < JOB_OUTPUT_COUNT; i++)
        close_one(&job->outputs[i]);
}

/* Moves a descriptor above those that the helper gets its own on, so that giving them out one by
 * one overwrites none that is still wanted. */
static int moved_up(int file) {
    if (file < 0)
        return -1;
    int up = fcntl(file, F_DUPFD_CLOEXEC, FIRST_FREE);
    int code = errno;
    close(file);
    errno = code;
    return up;
}

static bool job_open(struct job *job, const char *folder, const char *id, const char *upload,
                     struct arena *arena) {
    int ends[2];
    *job = (struct job){-1, -1, -1, {-1, -1, -1, -1}, -1};
    job->input = moved_up(open(upload, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (job->input < 0 || pipe2(ends, O_CLOEXEC) != 0)
        return false;
    job->reply_read = moved_up(ends[0]);
    job->reply_write = moved_up(ends[1]);
    bool open_all = job->reply_read >= 0 && job->reply_write >= 0;
    for (int i = 0; i < JOB_OUTPUT_COUNT && open_all; i++) {
        const char *path = files_draft(folder, id, (enum file_variant)i, arena);
        job->outputs[i] = moved_up(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        open_all = job->outputs[i] >= 0;
    }
    return open_all;
}

/* Starts the helper with its descriptors, a bare environment and no signal blocked or ignored. */
static bool job_start(struct job *job, char *helper) {
    static char *const environment[] = {"LANG=C.UTF-8", "PATH=/usr/bin:/bin", "MALLOC_ARENA_MAX=1",
                                        NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, job->input, JOB_INPUT);
    posix_spawn_file_actions_adddup2(&files, job->reply_write, JOB_REPLY);
    for (int i = 0; i < JOB_OUTPUT_COUNT; i++)
        posix_spawn_file_actions_adddup2(&files, job->outputs[i], JOB_OUTPUTS + i);
    posix_spawn_file_actions_addclosefrom_np(&files, JOB_OUTPUTS + JOB_OUTPUT_COUNT);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    int code = posix_spawn(&job->process, helper, &files, &attributes, (char *[]){helper, NULL},
                           environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    close_one(&job->reply_write);
    errno = code;
    return code == 0;
}

static int64_t clock_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

enum ended { ANSWERED, DIED, TIMED_OUT };

static enum ended job_await(struct job *job, int milliseconds, struct reply *reply) {
    int64_t deadline = clock_now() + milliseconds;
    size_t have = 0;
    while (have < sizeof *reply) {
        int64_t left = deadline - clock_now();
        struct pollfd wait = {.fd = job->reply_read, .events = POLLIN};
        int ready = left <= 0 ? 0 : poll(&wait, 1, (int)left);
        if (ready == 0)
            return TIMED_OUT;
        if (ready < 0)
            continue; /* a signal */
        ssize_t got = read(job->reply_read, (char *)reply + have, sizeof *reply - have);
        if (got == 0)
            return DIED;
        if (got > 0)
            have += (size_t)got;
    }
    return ANSWERED;
}

/* Whatever it is doing: it has answered, or will not. True: it used up its processor time. */
static bool job_end(struct job *job) {
    int status = 0;
    kill(job->process, SIGKILL);
    while (waitpid(job->process, &status, 0) < 0 && errno == EINTR)
        ;
    job_close(job);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU;
}

/* ------------------------------------------------------------------ what came of it */

/* A hostile file may have taken over the helper: its outputs are looked at before they are kept.
 * What is served as WebP is at least a WebP file of the length it says. */
static bool is_webp(const char *path, int64_t *size) {
    unsigned char start[12];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return false;
    struct stat about;
    bool whole = fstat(file, &about) == 0 && read(file, start, sizeof start) == sizeof start;
    close(file);
    if (!whole || memcmp(start, "RIFF", 4) != 0 || memcmp(start + 8, "WEBP", 4) != 0)
        return false;
    *size = about.st_size;
    int64_t said = start[4] | start[5] << 8 | start[6] << 16 | (int64_t)start[7] << 24;
    return said + 8 == *size;
}

static bool outputs_hold(const char *folder, const char *id, bool picture, int64_t *size,
                         struct arena *arena) {
    for (int i = picture ? 0 : 1; i < FILE_VARIANTS; i++) {
        int64_t bytes;
        if (!is_webp(files_draft(folder, id, (enum file_variant)i, arena), &bytes))
            return false;
        if (i == FILE_ORIGINAL)
            *size = bytes;
    }
    return true;
}

static enum status unreadable(struct errors *errors, const char *field, bool picture) {
    return error_add(errors, INVALID, field, "unreadable",
                     picture ? "This file says it is a picture but cannot be read as one."
                             : "This file says it is a PDF but cannot be read as one. "
                               "If it is locked with a password, save it without.");
}

static enum status wrong_type(struct errors *errors, const char *field) {
    return error_add(errors, WRONG_TYPE, field, "wrong_type",
                     "This kind of file is not taken. Send a picture as PNG, JPEG, WebP, GIF, HEIC "
                     "or AVIF, or a PDF.");
}

static enum status judge(const struct reply *reply, const char *field, bool picture,
                         struct errors *errors) {
    if (reply->mark != REPLY_MARK)
        return unreadable(errors, field, picture);
    switch (reply->outcome) {
    case REPLY_MADE: {
        const uint32_t most = picture ? JOB_ORIGINAL_SIDE : JOB_LARGE_SIDE;
        bool sane = reply->width >= 1 && reply->width <= most && reply->height >= 1 &&
                    reply->height <= most && (reply->kind == KIND_PDF) == !picture;
        return sane ? OK : unreadable(errors, field, picture);
    }
    case REPLY_WRONG_TYPE:
        return wrong_type(errors, field);
    case REPLY_TOO_LARGE:
        return error_add(errors, INVALID, field, "too_large",
                         "This picture measures %u × %u pixels, more than %d megapixels. Save it "
                         "smaller and send it again.",
                         reply->width, reply->height, (int)JOB_MEGAPIXELS);
    case REPLY_NO_SANDBOX:
        return error_add(errors, FAILED, NULL, "no_sandbox",
                         "benchpin-media could not shut itself in, so it read nothing. Its kernel "
                         "must allow seccomp filters.");
    case REPLY_FAILED:
        return error_add(errors, FAILED, NULL, "media",
                         "benchpin-media could not start or could not write.");
    default:
        return unreadable(errors, field, picture);
    }
}

static enum status job_run(struct media *media, const char *folder, const char *id,
                           const char *upload, const char *field, bool picture, struct reply *reply,
                           struct errors *errors) {
    struct job job;
    if (!job_open(&job, folder, id, upload, errors->arena)) {
        int code = errno;
        job_close(&job);
        return error_add(errors, FAILED, NULL, "disk", "Cannot open files for a picture: %s.",
                         strerror(code));
    }
    if (!job_start(&job, media->helper)) {
        int code = errno;
        job_close(&job);
        return error_add(errors, FAILED, NULL, "media", "Cannot start %s: %s.", media->helper,
                         strerror(code));
    }
    enum ended ended = job_await(&job, media->deadline, reply);
    bool used_up = job_end(&job);
    if (ended == TIMED_OUT || (ended == DIED && used_up))
        return error_add(errors, INVALID, field, "too_slow",
                         "This file takes too long to read. Save it smaller or simpler and send it "
                         "again.");
    return ended == DIED ? unreadable(errors, field, picture)
                         : judge(reply, field, picture, errors);
}

/* ------------------------------------------------------------------ keeping */

/* A PDF is kept as it came: the empty output for it gives way. */
static enum status take_document(const char *folder, const char *id, const char *upload,
                                 int64_t *size, struct errors *errors) {
    struct stat about;
    if (stat(upload, &about) == 0)
        *size = about.st_size;
    return files_take(folder, id, FILE_ORIGINAL, upload, errors);
}

static enum status make_and_keep(struct media *media, const char *folder, const char *upload,
                                 const char *field, struct stored *stored, struct errors *errors) {
    struct reply reply = {0};
    bool picture = stored->picture;
    enum status status = job_run(media, folder, stored->id, upload, field, picture, &reply, errors);
    if (status != OK)
        return status;
    if (!outputs_hold(folder, stored->id, picture, &stored->size, errors->arena))
        return unreadable(errors, field, picture);
    stored->width = reply.width;
    stored->height = reply.height;
    if (!picture)
        status = take_document(folder, stored->id, upload, &stored->size, errors);
    return status == OK ? files_keep(folder, stored->id, errors) : status;
}

enum status media_keep(struct media *media, const char *folder, const char *upload,
                       const char *field, struct stored *stored, struct errors *errors) {
    const char *type = files_type(upload);
    if (type == NULL)
        return wrong_type(errors, field);
    bool picture = strcmp(type, "application/pdf") != 0;
    *stored = (struct stored){
        .id = files_id_new(errors->arena),
        .type = picture ? "image/webp" : type,
        .sent_type = type,
        .picture = picture,
    };
    if (!turn_take(media))
        return error_add(
            errors, UNAVAILABLE, field, "busy",
            "Too many files are being read just now. Send this one again in a minute.");
    enum status status = make_and_keep(media, folder, upload, field, stored, errors);
    turn_give(media);
    if (status != OK)
        files_delete(folder, stored->id);
    return status;
}
