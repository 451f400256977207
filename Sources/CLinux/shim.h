#ifndef SCANREPORT_CLINUX_SHIM_H
#define SCANREPORT_CLINUX_SHIM_H

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc declares this only under _GNU_SOURCE, which Swift's Glibc module is built without.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

static inline int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

// Names a place without opening what is there; glibc calls it O_PATH only under _GNU_SOURCE.
static const int clinux_open_place = __O_PATH;

// Makes a file without a name; glibc calls it O_TMPFILE, with O_DIRECTORY, only under _GNU_SOURCE.
static const int clinux_open_unnamed = __O_TMPFILE;

// As many descriptors as one message carries: SCM_MAX_FD of the kernel (net/scm.h) is 253.
enum { clinux_most_descriptors = 250 };

// Descriptors travel in control messages, which are laid out by macros that Swift does not see.
union clinux_control {
    struct cmsghdr header;
    char space[CMSG_SPACE(clinux_most_descriptors * sizeof(int))];
};

// Sends bytes and descriptors with the first of them, at most clinux_most_descriptors; never raises SIGPIPE.
static inline ssize_t clinux_send(
    int socket, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count) {
    struct iovec part = {(void *)bytes, count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    union clinux_control control;
    if (descriptor_count > 0 && descriptor_count <= clinux_most_descriptors) {
        size_t size = descriptor_count * sizeof(int);
        memset(&control, 0, sizeof control);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(size);
        memcpy(CMSG_DATA(&control.header), descriptors, size);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(size);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

// Receives bytes and the descriptors that came with them: room for clinux_most_descriptors, and how many there are.
static inline ssize_t clinux_receive(
    int socket, void *bytes, size_t count, int *descriptors, size_t *descriptor_count) {
    struct iovec part = {bytes, count};
    union clinux_control control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    *descriptor_count = 0;
    struct cmsghdr *header = received > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
        *descriptor_count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(descriptors, CMSG_DATA(header), *descriptor_count * sizeof(int));
    }
    return received;
}

// Swift sees RLIMIT_DATA and its like as values of an enumeration that setrlimit does not take.
enum clinux_resource {
    clinux_resource_data = RLIMIT_DATA,
    clinux_resource_cpu = RLIMIT_CPU,
    clinux_resource_core = RLIMIT_CORE,
    clinux_resource_processes = RLIMIT_NPROC,
    clinux_resource_files = RLIMIT_NOFILE,
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

// Excepts what lies at the path from what the ruleset denies.
static inline int clinux_landlock_allow(int ruleset, uint64_t access, const char *path) {
    struct landlock_path_beneath_attr rule = {access, open(path, __O_PATH | O_CLOEXEC)};
    if (rule.parent_fd < 0) return -1;
    int answer = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
    return answer;
}

static inline int clinux_landlock_restrict_self(int ruleset) {
    return (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
}

// Has the kernel look at every system call of this process from now on.
static inline int clinux_filter_system_calls(struct sock_filter *instructions, unsigned short count) {
    struct sock_fprog program = {count, instructions};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
}

// A descriptor that becomes readable when the process ends; negative where the kernel has none.
static inline int clinux_open_process(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

#endif
