// A disk that fails, and a clock that is set back, for one process and those that it starts: preload this library.
//
//   FAULT_PREFIX   counts the calls that open, write, cut, sync, rename or remove files whose path starts so
//   FAULT_AT       the call, from 1, that fails
//   FAULT_KIND     `error`: the call fails with FAULT_ERRNO, as do FAULT_MORE calls after it
//                  `kill`: the process is killed before the call
//                  `power`: likewise, and what was not synced is lost, or partly so, as FAULT_SEED has it
//   FAULT_COUNT    a file that takes the number of calls when the process ends
//   FAULT_CLOCK    the reading of the clock, from 1, from which on it is a day earlier
//
// Names are taken as durable at once; what files hold is durable once it is synced. Memory that is mapped is not
// followed: SQLite maps its log's index only, which it makes anew when nobody holds it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// A change of a file that was not synced: bytes written, or (bytes == NULL) a new size.
struct change {
    struct change *previous;
    int descriptor;
    dev_t device;
    ino_t inode;
    off_t offset, size_before;
    size_t count;
    char *bytes, *bytes_before;
    size_t count_before;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct change *newest;
static long calls, clock_readings;

static long number(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

static int is_kind(const char *kind) {
    const char *text = getenv("FAULT_KIND");
    return text && strcmp(text, kind) == 0;
}

static int concerns(const char *path) {
    const char *prefix = getenv("FAULT_PREFIX");
    return prefix && path && strncmp(path, prefix, strlen(prefix)) == 0;
}

static int descriptor_concerns(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return concerns(path);
}

static void set_size(int descriptor, off_t size) {
    syscall(SYS_ftruncate, descriptor, size);
}

static void put(int descriptor, const char *bytes, size_t count, off_t offset) {
    syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

static void lose_power(void) {
    struct change *first = NULL;
    for (struct change *change = newest, *previous; change; change = previous) {
        previous = change->previous;
        put(change->descriptor, change->bytes_before, change->count_before, change->offset);
        set_size(change->descriptor, change->size_before);
        change->previous = first;  // from here on: the next one
        first = change;
    }
    unsigned seed = (unsigned)number("FAULT_SEED", 0);
    for (struct change *change = first; change; change = change->previous) {
        int lot = seed ? rand_r(&seed) % 3 : 0;  // lost, whole, or the first half of its sectors
        if (lot == 0) continue;
        size_t kept = lot == 1 ? change->count : change->count / 1024 * 512;
        if (change->bytes) put(change->descriptor, change->bytes, kept, change->offset);
        else set_size(change->descriptor, change->offset);
    }
    kill(getpid(), SIGKILL);
}

// Whether the call is to fail, with errno; or it does not return.
static int fails(int concerned) {
    if (!concerned) return 0;
    pthread_mutex_lock(&lock);
    long call = ++calls, at = number("FAULT_AT", 0);
    int is_due = at > 0 && call >= at && call <= at + number("FAULT_MORE", 0);
    if (is_due && is_kind("kill")) kill(getpid(), SIGKILL);
    if (is_due && is_kind("power")) lose_power();
    pthread_mutex_unlock(&lock);
    if (is_due) errno = (int)number("FAULT_ERRNO", EIO);
    return is_due;
}

static void remember(int descriptor, const void *bytes, size_t count, off_t offset) {
    if (!is_kind("power")) return;
    struct stat status;
    if (fstat(descriptor, &status) < 0) return;
    struct change *change = calloc(1, sizeof *change);
    // Of its own: the process may close the file before the power goes.
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    int own = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDWR | O_CLOEXEC, 0);
    if (own < 0) {
        free(change);
        return;
    }
    *change = (struct change){
        .descriptor = own,
        .device = status.st_dev,
        .inode = status.st_ino,
        .offset = offset,
        .count = count,
        .size_before = status.st_size};
    size_t kept = bytes ? count : (status.st_size > offset ? (size_t)(status.st_size - offset) : 0);
    change->bytes_before = malloc(kept + 1);
    ssize_t got = pread(own, change->bytes_before, kept, offset);
    change->count_before = got > 0 ? (size_t)got : 0;
    if (bytes) change->bytes = memcpy(malloc(count + 1), bytes, count);
    pthread_mutex_lock(&lock);
    change->previous = newest;
    newest = change;
    pthread_mutex_unlock(&lock);
}

static void forget(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) < 0) return;
    pthread_mutex_lock(&lock);
    for (struct change **link = &newest; *link;) {
        struct change *change = *link;
        if (change->inode != status.st_ino || change->device != status.st_dev) {
            link = &change->previous;
            continue;
        }
        *link = change->previous;
        syscall(SYS_close, change->descriptor);
        free(change->bytes);
        free(change->bytes_before);
        free(change);
    }
    pthread_mutex_unlock(&lock);
}

static int do_open(int folder, const char *path, int flags, mode_t mode) {
    return fails(concerns(path)) ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define OPEN(name, parameters, folder)                                                                                 \
    int name parameters {                                                                                              \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                        \
        va_end(rest);                                                                                                  \
        return do_open(folder, path, flags, mode);                                                                     \
    }
OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN(openat, (int folder, const char *path, int flags, ...), folder)
OPEN(openat64, (int folder, const char *path, int flags, ...), folder)

ssize_t write(int descriptor, const void *bytes, size_t count) {
    int concerned = descriptor_concerns(descriptor);
    if (fails(concerned)) return -1;
    if (concerned) remember(descriptor, bytes, count, lseek(descriptor, 0, SEEK_CUR));
    return syscall(SYS_write, descriptor, bytes, count);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
    int concerned = descriptor_concerns(descriptor);
    if (fails(concerned)) return -1;
    if (concerned) remember(descriptor, bytes, count, offset);
    return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return pwrite64(descriptor, bytes, count, offset);
}

int ftruncate64(int descriptor, off_t size) {
    int concerned = descriptor_concerns(descriptor);
    if (fails(concerned)) return -1;
    if (concerned) remember(descriptor, NULL, 0, size);
    return (int)syscall(SYS_ftruncate, descriptor, size);
}
int ftruncate(int descriptor, off_t size) {
    return ftruncate64(descriptor, size);
}

int fsync(int descriptor) {
    int concerned = descriptor_concerns(descriptor);
    if (fails(concerned)) return -1;
    if (concerned) forget(descriptor);
    return (int)syscall(SYS_fsync, descriptor);
}
int fdatasync(int descriptor) {
    return fsync(descriptor);
}

int unlink(const char *path) {
    return fails(concerns(path)) ? -1 : (int)syscall(SYS_unlink, path);
}
int rename(const char *from, const char *to) {
    return fails(concerns(from)) ? -1 : (int)syscall(SYS_rename, from, to);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int answer = (int)syscall(SYS_clock_gettime, clock, time);
    long at = number("FAULT_CLOCK", 0);
    if (clock == CLOCK_REALTIME && at > 0 && __sync_add_and_fetch(&clock_readings, 1) >= at) time->tv_sec -= 86400;
    return answer;
}

__attribute__((destructor)) static void tell_count(void) {
    const char *path = getenv("FAULT_COUNT");
    // Workers start with the same environment, and make no such call.
    if (!path || calls == 0) return;
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0) return;
    dprintf(file, "%ld", calls);
    syscall(SYS_close, file);
}
