#define _GNU_SOURCE
#include "CDescriptorStream.h"
#include "descriptor_folder.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char folder[] = "/proc/self/fd/";

void cdescriptor_path(int descriptor, char path[cdescriptor_path_size]) {
    snprintf(path, cdescriptor_path_size, "%s%d", folder, descriptor);
}

struct reader {
    int descriptor;
    off64_t position;
};

static ssize_t read_on(void *cookie, char *bytes, size_t count) {
    struct reader *reader = cookie;
    ssize_t done;
    do done = pread(reader->descriptor, bytes, count, reader->position);
    while (done < 0 && errno == EINTR);
    if (done > 0) reader->position += done;
    return done;
}

static int move_to(void *cookie, off64_t *offset, int whence) {
    struct reader *reader = cookie;
    struct stat status;
    off64_t start = 0;
    if (whence == SEEK_CUR) start = reader->position;
    if (whence == SEEK_END) {
        if (fstat(reader->descriptor, &status) != 0) return -1;
        start = status.st_size;
    }
    if (__builtin_add_overflow(start, *offset, &start) || start < 0) {
        errno = EINVAL;
        return -1;
    }
    *offset = reader->position = start;
    return 0;
}

static int close_reader(void *cookie) {
    struct reader *reader = cookie;
    int answer = close(reader->descriptor);
    free(reader);
    return answer;
}

static FILE *open_stream(int descriptor, const char *mode) {
    struct reader *reader = malloc(sizeof *reader);
    if (!reader) return NULL;
    *reader = (struct reader){fcntl(descriptor, F_DUPFD_CLOEXEC, 3), 0};
    if (reader->descriptor < 0) {
        free(reader);
        return NULL;
    }
    cookie_io_functions_t functions = {.read = read_on, .seek = move_to, .close = close_reader};
    FILE *stream = fopencookie(reader, mode, functions);
    if (!stream) close_reader(reader);
    return stream;
}

int cdescriptor_number(const char *path) {
    if (strncmp(path, folder, sizeof folder - 1) != 0) return cdescriptor_not_ours;
    const char *start = path + sizeof folder - 1;
    char *end;
    long number = strtol(start, &end, 10);
    if (*start < '0' || *start > '9' || number > INT_MAX) return cdescriptor_not_ours;
    if (*end == 0) return (int)number;
    return *end == '/' ? cdescriptor_find((int)number, end + 1) : cdescriptor_not_ours;
}

// Takes the place of libc's for the whole program, libraries included.
__attribute__((visibility("default"))) FILE *fopen(const char *path, const char *mode) {
    int descriptor = mode[0] == 'r' && !strchr(mode, '+') ? cdescriptor_number(path) : cdescriptor_not_ours;
    if (descriptor >= 0) return open_stream(descriptor, "r");
    if (descriptor == cdescriptor_missing) {
        errno = ENOENT;
        return NULL;
    }
    FILE *(*libc_fopen)(const char *, const char *) = dlsym(RTLD_NEXT, "fopen");
    return libc_fopen(path, mode);
}

// Likewise GLib's, of which OpenSlide asks whether files are there: gboolean g_file_test(const gchar *, GFileTest).
__attribute__((visibility("default"))) int g_file_test(const char *path, int test) {
    int descriptor = cdescriptor_number(path);
    if (descriptor != cdescriptor_not_ours) return descriptor >= 0;
    int (*glib_test)(const char *, int) = dlsym(RTLD_NEXT, "g_file_test");
    return glib_test ? glib_test(path, test) : 0;
}
