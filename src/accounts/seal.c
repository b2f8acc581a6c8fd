#include "accounts/seal.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEY = crypto_secretbox_KEYBYTES,
    NONCE = crypto_secretbox_NONCEBYTES,
    MAC = crypto_secretbox_MACBYTES,
    LONGEST = 128
};

static bool read_key(const char *path, unsigned char key[static KEY]) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return false;
    bool whole = read(file, key, KEY) == KEY;
    close(file);
    return whole;
}

/* Written whole and on disk under another name first: of two who make one, the first stays. */
static bool make_key(struct context *cx, const char *folder, const char *path) {
    unsigned char key[KEY];
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return false;
    const char *draft = arena_printf(cx->arena, "%s.%08x", path, randombytes_random());
    int file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    randombytes_buf(key, sizeof key);
    bool kept = write(file, key, KEY) == KEY && fsync(file) == 0;
    close(file);
    kept = kept && (link(draft, path) == 0 || errno == EEXIST);
    unlink(draft);
    int entries = kept ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (entries >= 0) {
        kept = fsync(entries) == 0;
        close(entries);
    }
    sodium_memzero(key, sizeof key);
    return kept;
}

static bool key_of(struct context *cx, bool make, unsigned char key[static KEY]) {
    const char *folder = store_files(cx->store);
    const char *path = arena_printf(cx->arena, "%s/seal.key", folder);
    if (read_key(path, key))
        return true;
    if (make && access(path, F_OK) != 0 && make_key(cx, folder, path) && read_key(path, key))
        return true;
    log_error("seal_key", log_text("file", path), log_text("because", strerror(errno)));
    return false;
}

const char *seal(struct context *cx, const unsigned char *secret, size_t length) {
    unsigned char key[KEY], box[NONCE + MAC + LONGEST];
    if (length > LONGEST || !key_of(cx, true, key)) {
        error_add(cx->errors, FAILED, NULL, "seal",
                  "The key beside the shop's files can't be read or made.");
        return NULL;
    }
    randombytes_buf(box, NONCE);
    crypto_secretbox_easy(box + NONCE, secret, length, box, key);
    sodium_memzero(key, sizeof key);
    size_t whole = NONCE + MAC + length;
    char *text = arena_alloc(cx->arena, 2 * whole + 1);
    return sodium_bin2hex(text, 2 * whole + 1, box, whole);
}

size_t unseal(struct context *cx, const char *sealed, unsigned char *secret, size_t most) {
    unsigned char key[KEY], box[NONCE + MAC + LONGEST];
    size_t whole;
    if (sodium_hex2bin(box, sizeof box, sealed, strlen(sealed), NULL, &whole, NULL) != 0 ||
        whole < NONCE + MAC || whole - NONCE - MAC > most || !key_of(cx, false, key))
        return 0;
    bool good = crypto_secretbox_open_easy(secret, box + NONCE, whole - NONCE, box, key) == 0;
    sodium_memzero(key, sizeof key);
    return good ? whole - NONCE - MAC : 0;
}
