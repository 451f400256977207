import CLinux
import Glibc

/// What of the kernel an analysis needs, and no more: a seccomp filter that refuses every other system call, as the
/// file system refuses what one has no right to.
enum SystemCallFilter {
    /// - Returns: whether the kernel keeps to it.
    static func apply() -> Bool {
        guard let architecture, clinux_forgo_new_privileges() == 0 else { return false }
        var program = instructions(architecture: architecture)
        return clinux_filter_system_calls(&program, UInt16(program.count)) == 0
    }

    #if arch(x86_64)
        private static let architecture: UInt32? = 0xC000_003E  // AUDIT_ARCH_X86_64
        /// Calls that newer architectures do without.
        private static let older = [
            SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_poll, SYS_dup2, SYS_arch_prctl, SYS_epoll_wait,
            SYS_time, SYS_getdents,
        ]
    #elseif arch(arm64)
        private static let architecture: UInt32? = 0xC000_00B7  // AUDIT_ARCH_AARCH64
        private static let older: [Int32] = []
    #else
        private static let architecture: UInt32? = nil
        private static let older: [Int32] = []
    #endif

    /// Granted whatever the arguments: what these can reach, Landlock and the descriptors at hand decide.
    private static let granted =
        older + [
            // Files and the channel
            SYS_openat, SYS_close, SYS_read, SYS_pread64, SYS_readv, SYS_preadv, SYS_write, SYS_writev, SYS_lseek,
            SYS_fstat, SYS_newfstatat, SYS_statx, SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_getdents64,
            SYS_getcwd, SYS_dup, SYS_dup3, SYS_sendmsg, SYS_recvmsg, SYS_ppoll, SYS_fadvise64,
            // Memory
            SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_brk, SYS_membarrier, SYS_mincore,
            // Threads
            SYS_futex, SYS_set_robust_list, SYS_rseq, SYS_set_tid_address, SYS_sched_yield, SYS_sched_getaffinity,
            SYS_sched_setaffinity, SYS_sched_getparam, SYS_sched_getscheduler, SYS_sched_get_priority_max,
            SYS_sched_get_priority_min,
            SYS_get_mempolicy, SYS_getcpu, SYS_gettid, SYS_exit, SYS_exit_group, SYS_restart_syscall,
            // Queues of libdispatch
            SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_eventfd2, SYS_timerfd_create, SYS_timerfd_settime,
            // Signals to itself, clocks, and what it is
            SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_clock_gettime,
            SYS_clock_getres,
            SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_times, SYS_getrusage, SYS_getrlimit,
            SYS_setrlimit,
            SYS_getpid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_uname, SYS_sysinfo,
            SYS_getrandom,
        ]

    /// Offsets in `struct seccomp_data` (linux/seccomp.h), in bytes.
    private enum Offset {
        static let number: UInt32 = 0
        static let architecture: UInt32 = 4
        /// The lower half of an argument, on a machine that stores it first.
        static func argument(_ index: UInt32) -> UInt32 { 16 + 8 * index }
    }

    private static let allow: UInt32 = 0x7FFF_0000  // SECCOMP_RET_ALLOW
    private static func refuse(_ code: Int32) -> UInt32 { 0x0005_0000 | UInt32(code) }  // SECCOMP_RET_ERRNO

    private static func instructions(architecture: UInt32) -> [sock_filter] {
        var program = [load(Offset.architecture), jump(.equal, architecture, otherwise: 1)]
        program += [jump(.always, 1), answer(refuse(EACCES)), load(Offset.number)]
        for number in granted { program += when(number, [answer(allow)]) }
        // A thread, but no process; newer libraries ask for both by `clone3`, whose arguments no filter sees, and
        // then by this one.
        program += when(SYS_clone, onlyIf(argument: 0, .hasBits, [UInt32(CLONE_THREAD)]))
        program += when(SYS_clone3, [answer(refuse(ENOSYS))])
        // No memory that is shared with nobody: no limit counts it.
        program += when(
            SYS_mmap,
            [
                load(Offset.argument(3)), jump(.hasBits, UInt32(MAP_ANONYMOUS), otherwise: 2),
                jump(.hasBits, UInt32(MAP_SHARED), otherwise: 1), answer(refuse(EACCES)), answer(allow),
            ])
        // Itself only.
        let process = UInt32(getpid())
        program += when(SYS_tgkill, onlyIf(argument: 0, .equal, [process]))
        program += when(SYS_prlimit64, onlyIf(argument: 0, .equal, [0, process]))
        program += when(SYS_prctl, onlyIf(argument: 0, .equal, [UInt32(PR_SET_NAME)]))
        program += when(SYS_ioctl, onlyIf(argument: 1, .equal, [UInt32(TCGETS)]))
        let commands = [F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL]
        program += when(SYS_fcntl, onlyIf(argument: 1, .equal, commands.map { UInt32($0) }))
        return program + [answer(refuse(EACCES))]
    }

    /// The instructions for one system call, which end in an answer.
    private static func when(_ number: Int32, _ body: [sock_filter]) -> [sock_filter] {
        [jump(.equal, UInt32(number), otherwise: UInt8(body.count))] + body
    }

    private static func onlyIf(argument: UInt32, _ test: Test, _ values: [UInt32]) -> [sock_filter] {
        [load(Offset.argument(argument))]
            + values.flatMap { [jump(test, $0, otherwise: 1), answer(allow)] } + [answer(refuse(EACCES))]
    }

    // Berkeley packet filter (linux/bpf_common.h)

    private enum Test: UInt16 {
        case equal = 0x15, hasBits = 0x45
        /// As many instructions further as the operand says.
        case always = 0x05
    }

    private static func load(_ offset: UInt32) -> sock_filter { sock_filter(code: 0x20, jt: 0, jf: 0, k: offset) }

    private static func answer(_ value: UInt32) -> sock_filter { sock_filter(code: 0x06, jt: 0, jf: 0, k: value) }

    /// - Parameter otherwise: how many instructions are passed over where the test fails.
    private static func jump(_ test: Test, _ operand: UInt32, otherwise: UInt8 = 0) -> sock_filter {
        sock_filter(code: test.rawValue, jt: 0, jf: otherwise, k: operand)
    }
}
