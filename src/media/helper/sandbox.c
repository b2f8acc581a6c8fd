#include "media/helper/sandbox.h"

#include "media/helper/job.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* ------------------------------------------------------------------ limits */

static bool limit(__rlimit_resource_t what, rlim_t most) {
    return setrlimit(what, &(struct rlimit){most, most}) == 0;
}

bool sandbox_limit(void) {
    /* The first of the two limits ends us by a signal of its own: the server tells it apart. */
    const struct rlimit seconds = {10, 11};
    return (SANITIZED || limit(RLIMIT_AS, (rlim_t)1 << 30)) &&
           setrlimit(RLIMIT_CPU, &seconds) == 0 && limit(RLIMIT_FSIZE, JOB_OUTPUT_LIMIT) &&
           limit(RLIMIT_CORE, 0) && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* ------------------------------------------------------------------ Landlock */

/* Headers may be older than the kernel: rights by number. */
enum { ACCESS_FIRST = (1 << 13) - 1, ACCESS_REFER = 1 << 13, ACCESS_TRUNCATE = 1 << 14 };

static const char *const font_folders[] = {
    "/etc/fonts",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/fontconfig",
    "/var/cache/fontconfig",
    "/usr/share/poppler",
};

static void allow_reading(int rules, const char *folder) {
    struct landlock_path_beneath_attr below = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
        .parent_fd = open(folder, O_PATH | O_CLOEXEC | O_DIRECTORY),
    };
    if (below.parent_fd < 0)
        return; /* not installed: nothing to read there */
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0);
    close(below.parent_fd);
}

bool sandbox_landlock(bool fonts) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return false;
    struct landlock_ruleset_attr all = {.handled_access_fs = ACCESS_FIRST};
    if (version >= 2)
        all.handled_access_fs |= ACCESS_REFER;
    if (version >= 3)
        all.handled_access_fs |= ACCESS_TRUNCATE;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0)
        return false;
    for (size_t i = 0; fonts && i < sizeof font_folders / sizeof font_folders[0]; i++)
        allow_reading(rules, font_folders[i]);
    bool restricted = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return restricted;
}

/* ------------------------------------------------------------------ system calls */

/* What decoding from memory and writing to open files needs, in any thread. */
static const int plain_calls[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(close),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(set_tid_address),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getcpu),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrandom),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
};

/* What finding a font needs besides; Landlock says where. */
static const int font_calls[] = {
    SCMP_SYS(newfstatat), SCMP_SYS(stat),       SCMP_SYS(lstat),      SCMP_SYS(statx),
    SCMP_SYS(access),     SCMP_SYS(faccessat),  SCMP_SYS(faccessat2), SCMP_SYS(readlink),
    SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(statfs),     SCMP_SYS(fstatfs),
    SCMP_SYS(fadvise64),  SCMP_SYS(getcwd),     SCMP_SYS(getuid),     SCMP_SYS(geteuid),
    SCMP_SYS(getgid),     SCMP_SYS(getegid),
};

/* seccomp_rule_add() knows some calls only on some processors: those it cannot name (-EDOM) do not
 * exist here and need no rule. */
static bool allow_all(scmp_filter_ctx filter, const int *calls, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
        if (code != 0 && code != -EDOM)
            return false;
    }
    return true;
}

static bool allow_when(scmp_filter_ctx filter, int call, struct scmp_arg_cmp when) {
    int code = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &when);
    return code == 0 || code == -EDOM;
}

static bool allow_memory_and_threads(scmp_filter_ctx filter) {
    /* Memory that is never executable; threads, but no processes. clone3 hides its flags from a
     * filter: saying that it does not exist makes libc use clone. */
    return allow_when(filter, SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) &&
           allow_when(filter, SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) &&
           allow_when(filter, SCMP_SYS(clone),
                      SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

static bool allow_questions(scmp_filter_ctx filter) {
    /* Limits may be read, not set; a thread may name itself; fcntl may only ask; a signal may only
     * be sent to ourselves (abort). */
    return allow_when(filter, SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0)) &&
           allow_when(filter, SCMP_SYS(getrlimit), SCMP_A0(SCMP_CMP_GE, 0)) &&
           allow_when(filter, SCMP_SYS(prctl), SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME)) &&
           allow_when(filter, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GETFL)) &&
           allow_when(filter, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GETFD)) &&
           allow_when(filter, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_SETFD)) &&
           allow_when(filter, SCMP_SYS(newfstatat), SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH)) &&
           allow_when(filter, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
}

static bool allow_fonts(scmp_filter_ctx filter) {
    const scmp_datum_t writes =
        O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
    return allow_all(filter, font_calls, sizeof font_calls / sizeof font_calls[0]) &&
           allow_when(filter, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, writes, O_RDONLY)) &&
           allow_when(filter, SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, writes, O_RDONLY));
}

bool sandbox_close(bool fonts) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL)
        return false;
    bool closed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
                  allow_all(filter, plain_calls, sizeof plain_calls / sizeof plain_calls[0]) &&
                  allow_memory_and_threads(filter) && allow_questions(filter) &&
                  (!fonts || allow_fonts(filter)) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return closed;
}
