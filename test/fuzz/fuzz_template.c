/* Templates from anybody: the compiler refuses or compiles, and never crashes or hangs. It is a
 * program of one run that ends at the first error; here that end is a jump back. */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf refused;
static _Noreturn void refuse(int status);
static int say_nothing(FILE *file, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void refuse(int status) {
    longjmp(refused, status == 0 ? 2 : 1);
}

static int say_nothing(FILE *file, const char *format, ...) {
    (void)file;
    (void)format;
    return 0;
}

#define exit refuse
#define fprintf say_nothing
#define main compile_main
#include "../../tools/tplc.c"
#undef main
#undef fprintf
#undef exit

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
const char *__asan_default_options(void);

/* What a refused run leaves behind goes with the program in its own life. */
const char *__asan_default_options(void) {
    return "detect_leaks=0";
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *source = malloc(length + 1);
    if (source == NULL || memchr(bytes, 0, length) != NULL) {
        free(source);
        return 0;
    }
    memcpy(source, bytes, length);
    source[length] = '\0';
    memset(&tpl, 0, sizeof tpl);
    if (setjmp(refused) == 0)
        compile("fuzz.html", source, length);
    free(source);
    return 0;
}
