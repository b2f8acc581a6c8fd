#include "media/helper/selftest.h"

#include "media/helper/picture.h"
#include "media/helper/sandbox.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int number, failed;

static void check(bool holds, const char *what) {
    failed += !holds;
    printf("    %s %d - %s\n", holds ? "ok" : "not ok", ++number, what);
}

static bool opens(const char *path, int flags) {
    int file = open(path, flags, 0600);
    if (file >= 0)
        close(file);
    return file >= 0;
}

/* Straight to the kernel: libc's fork() would run handlers first. */
static bool forks(void) {
    long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        _exit(0);
    if (child > 0)
        waitpid((pid_t)child, NULL, 0);
    return child > 0;
}

static bool makes_code(void) {
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page != MAP_FAILED)
        return true;
    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool executes(void) {
    char *const none[] = {NULL};
    return execve("/bin/true", none, none) == 0; /* comes back only when refused */
}

static bool raises_limits(void) {
    return setrlimit(RLIMIT_CORE, &(struct rlimit){1, 1}) == 0 ||
           setrlimit(RLIMIT_NOFILE, &(struct rlimit){8, 8}) == 0;
}

/* Reached and answered are different things: EPERM says that the kernel was not even asked. */
static bool refused(bool happened) {
    return !happened && (errno == EPERM || errno == EACCES);
}

#define REFUSED(action) (errno = 0, refused(action))

static void try_everything(const char *where) {
    char what[100];
    const struct {
        const char *what;
        bool held;
    } tries[] = {
        {"opening a file of the system is refused", REFUSED(opens("/etc/passwd", O_RDONLY))},
        {"opening a process's memory is refused", REFUSED(opens("/proc/self/mem", O_RDWR))},
        {"making a file is refused",
         REFUSED(opens("/tmp/benchpin-media-was-here", O_WRONLY | O_CREAT))},
        {"making an unnamed file is refused", REFUSED(opens("/tmp", O_TMPFILE | O_RDWR))},
        {"a local socket is refused", REFUSED(socket(AF_UNIX, SOCK_STREAM, 0) >= 0)},
        {"a network socket is refused", REFUSED(socket(AF_INET, SOCK_STREAM, 0) >= 0)},
        {"starting a program is refused", REFUSED(executes())},
        {"a new process is refused", REFUSED(forks())},
        {"a signal to another process is refused", REFUSED(kill(getppid(), 0) == 0)},
        {"tracing is refused", REFUSED(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0)},
        {"executable memory is refused", REFUSED(makes_code())},
        {"raising limits is refused", REFUSED(raises_limits())},
        {"removing a file is refused", REFUSED(unlink("/tmp/benchpin-media-was-here") == 0)},
        {"changing rights is refused", REFUSED(chmod("/tmp/benchpin-media-was-here", 0600) == 0)},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        snprintf(what, sizeof what, "%s: %s", where, tries[i].what);
        check(tries[i].held, what);
    }
}

static void *try_in_new_thread(void *arg) {
    try_everything(arg);
    return NULL;
}

/* A thread that was there before the filter: it must be behind it too. */
static sem_t closed;

static void *try_in_old_thread(void *arg) {
    sem_wait(&closed);
    try_everything("older thread");
    return arg;
}

static int threads_now(void) {
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    if (tasks == NULL)
        return -1;
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

static int count_fonts(void) {
    DIR *folder = opendir("/etc/fonts");
    if (folder == NULL)
        return 0;
    closedir(folder);
    return 1;
}

static void test_pictures(void) {
    pthread_t old, new;
    sem_init(&closed, 0, 0);
    bool landlock = sandbox_landlock(false);
    printf("    # Landlock: %s\n", landlock ? "yes" : "not in this kernel");
    pthread_create(&old, NULL, try_in_old_thread, NULL);
    check(sandbox_close(false), "the filter for pictures is laid");
    try_everything("pictures");
    sem_post(&closed);
    pthread_join(old, NULL);
    check(pthread_create(&new, NULL, try_in_new_thread, (void *)"newer thread") == 0,
          "threads can still be made");
    pthread_join(new, NULL);
    check(!opens("/etc/fonts/fonts.conf", O_RDONLY), "pictures need no fonts");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    void *much =
        mmap(NULL, (size_t)2 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(much == MAP_FAILED, "two gigabytes of memory are refused");
#endif
}

static void test_pages(void) {
    if (!sandbox_landlock(true)) {
        printf("    # Landlock: not in this kernel; PDFs do without the system's fonts\n");
        return;
    }
    check(sandbox_close(true), "the filter for pages is laid");
    try_everything("pages");
    check(count_fonts() == 1, "fonts can be read");
}

/* A filter cannot be taken off again: each test has a process of its own. */
static int in_process(void (*test)(void)) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        number = failed = 0;
        check(sandbox_limit(), "limits are set");
        test();
        printf("    1..%d\n", number);
        fflush(stdout);
        _exit(failed > 0);
    }
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

static int tell(int line, bool holds, const char *what) {
    printf("%s %d - %s\n", holds ? "ok" : "not ok", line, what);
    return !holds;
}

int selftest(const char *program) {
    int bad = tell(1, picture_start(program), "libvips starts");
    bad += tell(2, threads_now() == 1, "libvips starts no thread before the walls are up");
    bad += tell(3, in_process(test_pictures) == 0, "the walls for pictures hold");
    bad += tell(4, in_process(test_pages) == 0, "the walls for pages hold");
    printf("1..4\n");
    return bad > 0;
}
