#include "http/connection.h"

#include "http/inside.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BUCKETS = 1024, PER_ADDRESS = 300, LOOK_EVERY_MS = 500 };

/* How many connections, or requests behind a proxy, an address has. */
struct count {
    struct count *next;
    int count;
    char address[ADDRESS_LENGTH];
};

struct connections {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t reaper;
    bool stopping;
    struct connection *first;
    struct count *direct[BUCKETS], *forwarded[BUCKETS];
    struct networks trusted;
    int per_address;
    bool spare_loopback;
};

int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ------------------------------------------------------------------ addresses */

static bool address_parse(const char *text, unsigned char bytes[static 16]) {
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (inet_pton(AF_INET6, text, bytes) == 1)
        return true;
    memcpy(bytes, mapped, sizeof mapped);
    return inet_pton(AF_INET, text, bytes + 12) == 1;
}

static bool address_is_v4(const unsigned char bytes[static 16]) {
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(bytes, mapped, sizeof mapped) == 0;
}

static void address_write(const unsigned char bytes[static 16], char text[static ADDRESS_LENGTH]) {
    if (address_is_v4(bytes))
        inet_ntop(AF_INET, bytes + 12, text, ADDRESS_LENGTH);
    else
        inet_ntop(AF_INET6, bytes, text, ADDRESS_LENGTH);
}

static bool address_of(const struct sockaddr *address, unsigned char bytes[static 16]) {
    if (address == NULL)
        return false;
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, address, sizeof six);
        memcpy(bytes, &six.sin6_addr, 16);
        return true;
    }
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        memset(bytes, 0, 10);
        bytes[10] = bytes[11] = 0xff;
        memcpy(bytes + 12, &four.sin_addr, 4);
        return true;
    }
    return false;
}

static bool address_is_loopback(const unsigned char bytes[static 16]) {
    static const unsigned char one[16] = {[15] = 1};
    return address_is_v4(bytes) ? bytes[12] == 127 : memcmp(bytes, one, 16) == 0;
}

static bool network_parse(char *text, struct network *network) {
    char *slash = strchr(text, '/');
    if (slash != NULL)
        *slash = '\0';
    if (!address_parse(text, network->bytes))
        return false;
    bool four = address_is_v4(network->bytes);
    long bits = four ? 32 : 128;
    if (slash != NULL) {
        char *end;
        long typed = strtol(slash + 1, &end, 10);
        if (slash[1] == '\0' || *end != '\0' || typed < 0 || typed > bits)
            return false;
        bits = typed;
    }
    network->bits = (int)bits + (four ? 96 : 0);
    return true;
}

static bool network_has(const struct network *network, const unsigned char bytes[static 16]) {
    int whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->bytes, bytes, (size_t)whole) != 0)
        return false;
    return rest == 0 || ((network->bytes[whole] ^ bytes[whole]) >> (8 - rest)) == 0;
}

static bool are_among(const struct networks *networks, const unsigned char bytes[static 16]) {
    for (int i = 0; i < networks->count; i++)
        if (network_has(&networks->networks[i], bytes))
            return true;
    return false;
}

bool networks_have(const struct networks *networks, const char *address) {
    unsigned char bytes[16];
    return address_parse(address, bytes) && are_among(networks, bytes);
}

static bool is_trusted(const struct connections *connections,
                       const unsigned char bytes[static 16]) {
    return are_among(&connections->trusted, bytes);
}

bool networks_read(struct networks *networks, const char *list) {
    char *copy = strdup(list == NULL ? "" : list), *rest = copy, *one;
    bool good = copy != NULL;
    while (good && (one = strsep(&rest, ", ")) != NULL) {
        if (*one == '\0')
            continue;
        good = networks->count < NETWORKS_MOST &&
               network_parse(one, &networks->networks[networks->count]);
        networks->count++;
    }
    free(copy);
    return good;
}

void address_forwarded(const struct connections *connections, const char *forwarded_for,
                       char address[static ADDRESS_LENGTH]) {
    size_t end = strlen(forwarded_for);
    while (end > 0) {
        size_t start = end;
        while (start > 0 && forwarded_for[start - 1] != ',')
            start--;
        const char *from = forwarded_for + start;
        size_t length = end - start;
        while (length > 0 && isspace((unsigned char)*from))
            from++, length--;
        while (length > 0 && isspace((unsigned char)from[length - 1]))
            length--;
        char one[ADDRESS_LENGTH];
        unsigned char bytes[16];
        if (length == 0 || length >= sizeof one)
            return;
        memcpy(one, from, length);
        one[length] = '\0';
        /* What cannot be read was not written by a proxy of ours: everything left of it is hearsay.
         */
        if (!address_parse(one, bytes))
            return;
        address_write(bytes, address);
        if (!is_trusted(connections, bytes))
            return;
        end = start == 0 ? 0 : start - 1;
    }
}

/* ------------------------------------------------------------------ counting */

static unsigned bucket_of(const char *address) {
    unsigned hash = 2166136261u;
    for (; *address != '\0'; address++)
        hash = (hash ^ (unsigned char)*address) * 16777619u;
    return hash % BUCKETS;
}

static int counted(struct count *const *table, const char *address) {
    for (const struct count *count = table[bucket_of(address)]; count != NULL; count = count->next)
        if (strcmp(count->address, address) == 0)
            return count->count;
    return 0;
}

static bool count_up(struct count **table, const char *address) {
    struct count **bucket = &table[bucket_of(address)];
    for (struct count *count = *bucket; count != NULL; count = count->next)
        if (strcmp(count->address, address) == 0) {
            count->count++;
            return true;
        }
    struct count *count = calloc(1, sizeof *count);
    if (count == NULL)
        return false;
    strcpy(count->address, address);
    count->count = 1;
    count->next = *bucket;
    *bucket = count;
    return true;
}

static void count_down(struct count **table, const char *address) {
    for (struct count **at = &table[bucket_of(address)]; *at != NULL; at = &(*at)->next)
        if (strcmp((*at)->address, address) == 0) {
            struct count *count = *at;
            if (--count->count == 0) {
                *at = count->next;
                free(count);
            }
            return;
        }
}

static void table_free(struct count **table) {
    for (int i = 0; i < BUCKETS; i++)
        while (table[i] != NULL) {
            struct count *next = table[i]->next;
            free(table[i]);
            table[i] = next;
        }
}

bool address_enter(struct connections *connections, const char *address) {
    pthread_mutex_lock(&connections->lock);
    bool room = counted(connections->forwarded, address) < connections->per_address &&
                count_up(connections->forwarded, address);
    pthread_mutex_unlock(&connections->lock);
    return room;
}

void address_leave(struct connections *connections, const char *address) {
    pthread_mutex_lock(&connections->lock);
    count_down(connections->forwarded, address);
    pthread_mutex_unlock(&connections->lock);
}

/* ------------------------------------------------------------------ connections */

bool connections_admit(struct connections *connections, const struct sockaddr *address) {
    unsigned char bytes[16];
    char text[ADDRESS_LENGTH] = "";
    if (!address_of(address, bytes))
        return true;
    if (is_trusted(connections, bytes) ||
        (connections->spare_loopback && address_is_loopback(bytes)))
        return true;
    address_write(bytes, text);
    pthread_mutex_lock(&connections->lock);
    bool room = counted(connections->direct, text) < connections->per_address;
    pthread_mutex_unlock(&connections->lock);
    return room;
}

struct connection *connection_open(struct connections *connections, const struct sockaddr *address,
                                   int fd) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        return NULL;
    unsigned char bytes[16];
    connection->fd = fd;
    strcpy(connection->address, "unknown");
    if (address_of(address, bytes)) {
        address_write(bytes, connection->address);
        connection->trusted = is_trusted(connections, bytes);
    }
    connection_deadline(connection, HEADERS_TIME);
    pthread_mutex_lock(&connections->lock);
    connection->counted = count_up(connections->direct, connection->address);
    connection->next = connections->first;
    connection->back = &connections->first;
    if (connection->next != NULL)
        connection->next->back = &connection->next;
    connections->first = connection;
    pthread_mutex_unlock(&connections->lock);
    return connection;
}

void connection_close(struct connections *connections, struct connection *connection) {
    if (connection == NULL)
        return;
    pthread_mutex_lock(&connections->lock);
    *connection->back = connection->next;
    if (connection->next != NULL)
        connection->next->back = connection->back;
    if (connection->counted)
        count_down(connections->direct, connection->address);
    pthread_mutex_unlock(&connections->lock);
    free(connection);
}

void connection_deadline(struct connection *connection, int64_t ms) {
    if (connection != NULL)
        atomic_store_explicit(&connection->deadline, ms == INT64_MAX ? INT64_MAX : clock_ms() + ms,
                              memory_order_relaxed);
}

/* The library closes a descriptor only after connection_close() was called for it, which waits for
 * this lock: so no descriptor here can be another's meanwhile. */
static void shut_down_late(struct connections *connections, int64_t now) {
    for (struct connection *at = connections->first; at != NULL; at = at->next)
        if (atomic_load_explicit(&at->deadline, memory_order_relaxed) <= now)
            shutdown(at->fd, SHUT_RDWR);
}

int connections_count(struct connections *connections) {
    int count = 0;
    pthread_mutex_lock(&connections->lock);
    for (const struct connection *at = connections->first; at != NULL; at = at->next)
        count++;
    pthread_mutex_unlock(&connections->lock);
    return count;
}

void connections_hang_up(struct connections *connections) {
    pthread_mutex_lock(&connections->lock);
    shut_down_late(connections, INT64_MAX - 1);
    pthread_mutex_unlock(&connections->lock);
}

static void *reap(void *arg) {
    struct connections *connections = arg;
    pthread_mutex_lock(&connections->lock);
    while (!connections->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOOK_EVERY_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000L;
        }
        pthread_cond_timedwait(&connections->wake, &connections->lock, &until);
        shut_down_late(connections, clock_ms());
    }
    pthread_mutex_unlock(&connections->lock);
    return NULL;
}

struct connections *connections_start(const char *trusted, int per_address) {
    struct connections *connections = calloc(1, sizeof *connections);
    if (connections == NULL)
        return NULL;
    connections->per_address = per_address > 0 ? per_address : PER_ADDRESS;
    connections->spare_loopback = per_address <= 0;
    pthread_mutex_init(&connections->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&connections->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    connections->stopping = true;
    if (!networks_read(&connections->trusted, trusted)) {
        connections_free(connections);
        return NULL;
    }
    connections->stopping = false;
    if (pthread_create(&connections->reaper, NULL, reap, connections) != 0) {
        connections->stopping = true;
        connections_free(connections);
        return NULL;
    }
    return connections;
}

void connections_stop(struct connections *connections) {
    pthread_mutex_lock(&connections->lock);
    bool running = !connections->stopping;
    connections->stopping = true;
    pthread_cond_signal(&connections->wake);
    pthread_mutex_unlock(&connections->lock);
    if (running)
        pthread_join(connections->reaper, NULL);
}

void connections_free(struct connections *connections) {
    if (connections == NULL)
        return;
    connections_stop(connections);
    table_free(connections->direct);
    table_free(connections->forwarded);
    pthread_cond_destroy(&connections->wake);
    pthread_mutex_destroy(&connections->lock);
    free(connections);
}
