#define _GNU_SOURCE
#include "CDescriptorStream.h"
#include "descriptor_folder.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// A file system of SQLite's (sqlite.org/vfs.html) that knows the descriptors that cdescriptor_number finds, read-only. Nobody
// changes what was handed over, so nothing is locked.

struct database {
    sqlite3_file base;
    int descriptor;
};

static int close_database(sqlite3_file *file) {
    return close(((struct database *)file)->descriptor) == 0 ? SQLITE_OK : SQLITE_IOERR_CLOSE;
}

static int read_database(sqlite3_file *file, void *buffer, int count, sqlite3_int64 offset) {
    int done = 0;
    while (done < count) {
        ssize_t read =
            pread(((struct database *)file)->descriptor, (char *)buffer + done, (size_t)(count - done), offset + done);
        if (read < 0 && errno == EINTR) continue;
        if (read < 0) return SQLITE_IOERR_READ;
        if (read == 0) {
            memset((char *)buffer + done, 0, (size_t)(count - done));
            return SQLITE_IOERR_SHORT_READ;
        }
        done += (int)read;
    }
    return SQLITE_OK;
}

static int write_database(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    (void)file, (void)bytes, (void)count, (void)offset;
    return SQLITE_READONLY;
}

static int truncate_database(sqlite3_file *file, sqlite3_int64 size) {
    (void)file, (void)size;
    return SQLITE_READONLY;
}

static int lock_database(sqlite3_file *file, int value) {
    (void)file, (void)value;
    return SQLITE_OK;
}

static int size_database(sqlite3_file *file, sqlite3_int64 *size) {
    struct stat status;
    if (fstat(((struct database *)file)->descriptor, &status) != 0) return SQLITE_IOERR_FSTAT;
    *size = status.st_size;
    return SQLITE_OK;
}

static int is_reserved(sqlite3_file *file, int *answer) {
    (void)file;
    *answer = 0;
    return SQLITE_OK;
}

static int control_database(sqlite3_file *file, int operation, void *argument) {
    (void)file, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *file) {
    (void)file;
    return 4096;
}

static int characteristics(sqlite3_file *file) {
    (void)file;
    return SQLITE_IOCAP_IMMUTABLE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = close_database,
    .xRead = read_database,
    .xWrite = write_database,
    .xTruncate = truncate_database,
    .xSync = lock_database,
    .xFileSize = size_database,
    .xLock = lock_database,
    .xUnlock = lock_database,
    .xCheckReservedLock = is_reserved,
    .xFileControl = control_database,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
};

static int open_database(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *granted) {
    (void)vfs;
    struct database *database = (struct database *)file;
    *database = (struct database){{NULL}, -1};
    int descriptor = name ? cdescriptor_number(name) : cdescriptor_not_ours;
    if (descriptor < 0 || flags & SQLITE_OPEN_READWRITE) return SQLITE_CANTOPEN;
    database->descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    if (database->descriptor < 0) return SQLITE_CANTOPEN;
    database->base.pMethods = &methods;
    if (granted) *granted = flags;
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs, (void)name, (void)sync;
    return SQLITE_IOERR_DELETE;
}

static int is_there(sqlite3_vfs *vfs, const char *name, int flags, int *answer) {
    (void)vfs;
    *answer = flags != SQLITE_ACCESS_READWRITE && cdescriptor_number(name) >= 0;
    return SQLITE_OK;
}

static int full_name(sqlite3_vfs *vfs, const char *name, int size, char *answer) {
    (void)vfs;
    return snprintf(answer, (size_t)size, "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

// What no file has to do with, the system's own does.

static sqlite3_vfs *system_vfs(sqlite3_vfs *vfs) {
    return vfs->pAppData;
}

static int randomness(sqlite3_vfs *vfs, int count, char *bytes) {
    return system_vfs(vfs)->xRandomness(system_vfs(vfs), count, bytes);
}

static int pause_for(sqlite3_vfs *vfs, int microseconds) {
    return system_vfs(vfs)->xSleep(system_vfs(vfs), microseconds);
}

static int current_time(sqlite3_vfs *vfs, double *days) {
    return system_vfs(vfs)->xCurrentTime(system_vfs(vfs), days);
}

static int last_error(sqlite3_vfs *vfs, int size, char *text) {
    (void)vfs, (void)size, (void)text;
    return 0;
}

static sqlite3_vfs vfs = {
    .iVersion = 1,
    .szOsFile = sizeof(struct database),
    .mxPathname = 512,
    .zName = "descriptors",
    .xOpen = open_database,
    .xDelete = delete_file,
    .xAccess = is_there,
    .xFullPathname = full_name,
    .xRandomness = randomness,
    .xSleep = pause_for,
    .xCurrentTime = current_time,
    .xGetLastError = last_error,
};

static void register_vfs(void) {
    vfs.pAppData = sqlite3_vfs_find(NULL);
    if (vfs.pAppData) sqlite3_vfs_register(&vfs, 0);
}

// Takes the place of SQLite's own for the whole program, OpenSlide included.
__attribute__((visibility("default"))) int sqlite3_open_v2(
    const char *path, sqlite3 **database, int flags, const char *name) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int (*sqlite_open)(const char *, sqlite3 **, int, const char *) = dlsym(RTLD_NEXT, "sqlite3_open_v2");
    if (!sqlite_open) return SQLITE_ERROR;
    if (path && cdescriptor_number(path) != cdescriptor_not_ours) {
        pthread_once(&once, register_vfs);
        name = vfs.zName;
    }
    return sqlite_open(path, database, flags, name);
}
