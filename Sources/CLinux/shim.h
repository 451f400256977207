#ifndef SCANREPORT_CLINUX_SHIM_H
#define SCANREPORT_CLINUX_SHIM_H

#include <linux/landlock.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

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

// Swift cannot call variadic functions, and prctl and syscall are: glibc has no functions for Landlock.
static inline int clinux_forgo_new_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

// landlock_ruleset_attr as newer kernels know it: Debian 12's header ends after the first member.
struct clinux_landlock_ruleset {
    uint64_t file_access;
    uint64_t network_access;
    uint64_t scopes;
};

// The kernel's version of Landlock; negative where it has none.
static inline int clinux_landlock_version(void) {
    return (int)syscall(SYS_landlock_create_ruleset, (void *)0, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

// A descriptor; negative where the kernel refuses.
static inline int clinux_landlock_create(const struct clinux_landlock_ruleset *ruleset, size_t size) {
    return (int)syscall(SYS_landlock_create_ruleset, ruleset, size, 0);
}

static inline int clinux_landlock_restrict_self(int ruleset) {
    return (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
}

#endif
