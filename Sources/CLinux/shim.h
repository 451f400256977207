#ifndef SCANREPORT_CLINUX_SHIM_H
#define SCANREPORT_CLINUX_SHIM_H

#include <spawn.h>
#include <sys/resource.h>

// glibc declares this only under _GNU_SOURCE, which Swift's Glibc module is built without.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

static inline int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

// Swift sees RLIMIT_DATA and its like as values of an enumeration that setrlimit does not take.
enum clinux_resource {
    clinux_resource_data = RLIMIT_DATA,
    clinux_resource_cpu = RLIMIT_CPU,
    clinux_resource_core = RLIMIT_CORE,
};

static inline int clinux_get_limit(enum clinux_resource resource, struct rlimit *limit) {
    return getrlimit((int)resource, limit);
}

static inline int clinux_set_limit(enum clinux_resource resource, const struct rlimit *limit) {
    return setrlimit((int)resource, limit);
}

#endif
