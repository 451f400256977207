import Findings
import Glibc

/// Why a worker did not answer for a scan, whatever the scan's own merits.
enum WorkerFailure: Error, Sendable, Hashable {
    /// It ended in the middle; `memoryRanOut` where the kernel has ended a process for want of memory meanwhile.
    case ended(ChildProcess.Ending, lastWords: String, memoryRanOut: Bool)
    /// It closed its channel, but had to be killed.
    case hungUp
    case timedOut(Duration)
    /// It said what is no message, or not the message that was due.
    case broke(String)
}

extension WorkerFailure {
    /// What the database keeps of it.
    ///
    /// - Parameter memoryLimit: what the worker was allowed, in bytes.
    func analysisFailure(memoryLimit: Int64) -> AnalysisFailure {
        switch self {
        case .ended(let ending, let lastWords, let memoryRanOut):
            AnalysisFailure(
                stage: .worker,
                code: code(of: ending, lastWords: lastWords, memoryRanOut: memoryRanOut, memoryLimit: memoryLimit),
                message: "the worker \(ending.cause.text)")
        case .hungUp:
            AnalysisFailure(
                stage: .worker, code: .protocol, message: "the worker closed its channel")
        case .timedOut(let limit):
            AnalysisFailure(timedOutAfter: limit)
        case .broke(let what):
            AnalysisFailure(stage: .worker, code: .protocol, message: what)
        }
    }

    /// What it wrote to standard error last. It may hold anything, so it is for debugging only.
    var lastWords: String {
        if case .ended(_, let words, _) = self { words } else { "" }
    }

    /// An allocation that is refused traps in Swift and aborts in C++, so running out of memory looks like any other
    /// death; it is told from what the runtime said last, or from how near the limit the worker was.
    private func code(
        of ending: ChildProcess.Ending, lastWords: String, memoryRanOut: Bool, memoryLimit: Int64
    ) -> AnalysisFailure.Code {
        switch ending.cause {
        case .signalled(SIGXCPU): return .timeout
        // The batch did not send it: the kernel does where memory runs out, and says so; else it was somebody.
        case .signalled(SIGKILL): return memoryRanOut ? .outOfMemory : .killed
        case .signalled(SIGSYS): return .crashed
        default: break
        }
        let signs = ["failed to allocate", "allocate memory", "bad_alloc", "out of memory"]
        let said = lastWords.lowercased()
        if signs.contains(where: { said.contains($0) }) { return .outOfMemory }
        let isAtLimit = ending.peakMemory > memoryLimit / 10 * 9 && ending.peakMemory > ownPeakMemory
        return isAtLimit ? .outOfMemory : .crashed
    }
}

extension AnalysisFailure {
    init(timedOutAfter limit: Duration) {
        self.init(stage: .worker, code: .timeout, message: "no answer within \(limit.components.seconds) s")
    }
}

/// The most memory that this process has held, in bytes. A child's peak starts at that of the process that it was
/// forked from, so one that is no higher says nothing about the child.
private var ownPeakMemory: Int64 {
    var usage = rusage()
    return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? Int64(usage.ru_maxrss) * 1024 : 0
}

extension ChildProcess.Ending.Cause {
    var text: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .signalled(let signal): "was ended by signal \(signal)"
        }
    }
}
