import CLinux
import Glibc

/// What a worker takes from itself before it opens anything, so that a hostile scan can take no more than its worker.
package enum WorkerLimits {
    /// - Parameter memory: bytes of private memory; more is refused by the kernel, and ends the worker.
    package static func apply(memory: Int64) {
        lower(clinux_resource_data, to: rlim_t(memory), hard: true)
        // Of all that this user runs, not of the worker alone, so it is no more than an end to a bomb of processes where the
        // kernel filters no system calls.
        lower(clinux_resource_processes, to: 8192, hard: true)
        // A worker's core would hold a patient's pixels.
        lower(clinux_resource_core, to: 0, hard: true)
        // The batch says when to end, by closing the channel: a signal that a terminal or an init system sends to
        // all must not take away a scan that the batch wants finished.
        signal(SIGINT, SIG_IGN)
        signal(SIGTERM, SIG_IGN)
        signal(SIGHUP, SIG_IGN)
    }

    /// Allows so much more processor time from now on; the kernel ends the worker with SIGXCPU past it.
    package static func allow(processorSeconds: Int) {
        var used = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
        let (limit, overflowed) = used.tv_sec.addingReportingOverflow(max(1, processorSeconds))
        lower(clinux_resource_cpu, to: overflowed ? .max : rlim_t(limit), hard: false)
    }

    /// Sets a limit no higher than the one inherited. It cannot fail then: lowering needs no right.
    private static func lower(_ resource: clinux_resource, to value: rlim_t, hard: Bool) {
        var limit = rlimit()
        guard clinux_get_limit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(value, limit.rlim_max)
        if hard { limit.rlim_max = limit.rlim_cur }
        _ = clinux_set_limit(resource, &limit)
    }
}
