import CLinux
import Glibc
import Synchronization
import SystemPackage

/// A process that this one started, until it is reaped. It does not outlive this value.
///
/// Started with `posix_spawn`, not with swift-subprocess: a worker is talked to from one thread that waits on its
/// channel, its standard error and a deadline at once, and it needs a process group of its own and no descriptor but
/// the three it is given.
package final class ChildProcess: Sendable {
    /// How a process ended.
    package struct Ending: Sendable, Hashable {
        package enum Cause: Sendable, Hashable {
            case exited(Int32)
            case signalled(Int32)
        }

        package let cause: Cause
        /// The most memory it had resident, in bytes.
        package let peakMemory: Int64
    }

    /// Becomes readable when the process has ended, whoever holds its channel; nil where the kernel has no such thing.
    package let end: FileDescriptor?

    private enum State {
        case running(pid_t)
        case ended(Ending)
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - channel: becomes standard input and output.
    ///   - errors: becomes standard error.
    package init(
        executable: String, arguments: [String], environment: [String: String], channel: borrowing OpenFile,
        errors: borrowing OpenFile
    ) throws(Errno) {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, channel.number, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, channel.number, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.number, STDERR_FILENO)
        clinux_spawn_close_from(&actions, STDERR_FILENO + 1)
        // A group of its own: the interrupt key is for the batch, which then lets its workers finish.
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var process = pid_t()
        let code = withCStrings([executable] + arguments) { arguments in
            withCStrings(environment.map { "\($0)=\($1)" }) { environment in
                posix_spawn(&process, executable, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw Errno(rawValue: code) }
        state = Mutex(.running(process))
        let end = clinux_open_process(process)
        self.end = end < 0 ? nil : FileDescriptor(rawValue: end)
    }

    deinit {
        kill()
        _ = reap(within: .zero)
        try? end?.close()
    }

    /// Ends the process at once, and what it has started, unless it was reaped already; from any thread.
    package func kill() {
        state.withLock { state in
            guard case .running(let process) = state else { return }
            // The whole group: its own. And itself, where it has left that.
            _ = Glibc.kill(-process, SIGKILL)
            _ = Glibc.kill(process, SIGKILL)
        }
    }

    /// Waits for the end of a process that has nothing left to do.
    ///
    /// - Parameter patience: after it the process is killed; nil is answered then, for how it would have ended is
    ///   not known.
    package func reap(within patience: Duration) -> Ending? {
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        while true {
            if let ending = poll(options: WNOHANG) { return ending }
            guard clock.now < deadline else { break }
            usleep(2000)
        }
        kill()
        _ = poll(options: 0)
        return nil
    }

    private func poll(options: Int32) -> Ending? {
        state.withLock { state -> Ending? in
            guard case .running(let process) = state else {
                if case .ended(let ending) = state { return ending }
                return nil
            }
            // Looked at first, and reaped once nothing of its group is left: then its number may be another's.
            var information = siginfo_t()
            let seen = retryingOnInterrupt { waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT | options) }
            guard seen == 0, information.si_signo != 0 else { return nil }
            _ = Glibc.kill(-process, SIGKILL)
            var status: Int32 = 0
            var usage = rusage()
            let answer = retryingOnInterrupt { wait4(process, &status, 0, &usage) }
            guard answer == process else { return nil }
            let signal = status & 0x7F
            let cause: Ending.Cause = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
            let ending = Ending(cause: cause, peakMemory: Int64(usage.ru_maxrss) << 10)
            state = .ended(ending)
            return ending
        }
    }
}

/// Lends strings as a C array that ends with a null pointer.
private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    var pointers = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
}
