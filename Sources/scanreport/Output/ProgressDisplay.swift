import Batch
import Findings
import FoundationEssentials
import Glibc
import Listings
import Synchronization

/// Shows on standard error how a batch gets on: a bar on a terminal, a line now and then elsewhere.
final class ProgressDisplay: Sendable {
    private struct State {
        var total = 0
        var done = 0
        var failed = 0
        var started = ContinuousClock.now
        var lastShown: ContinuousClock.Instant?
        var barIsShown = false
    }

    private let state = Mutex(State())
    private let isTerminal = StandardError.isTerminal

    private static let barInterval = Duration.milliseconds(100)
    private static let lineInterval = Duration.seconds(60)

    func show(_ event: BatchEvent) {
        state.withLock { state in
            switch event {
            case .began(_, let scans, _):
                state.total = scans
                state.started = .now
                // The first line of a log comes after an interval: a short run has none.
                if !isTerminal { state.lastShown = .now }
            case .finished(let scan):
                state.done += 1
                if case .failed(let stage, let code) = scan.verdict {
                    state.failed += 1
                    let hash = scan.hashPrefix.map { "scan \($0)" } ?? "a file that cannot be opened"
                    print("failed: \(hash): \(stage.rawValue): \(code.rawValue)", &state)
                }
            case .stopping(let ending):
                print("no further scans are begun (\(ending.rawValue)); those in hand are finished", &state)
            }
            update(&state)
        }
    }

    /// Leaves the terminal's line clean.
    func end() {
        state.withLock { clearBar(&$0) }
    }

    private func print(_ line: String, _ state: inout State) {
        clearBar(&state)
        StandardError.write(line + "\n")
        state.lastShown = isTerminal ? nil : state.lastShown
    }

    private func clearBar(_ state: inout State) {
        if state.barIsShown { StandardError.write("\r\u{1b}[K") }
        state.barIsShown = false
    }

    private func update(_ state: inout State) {
        let interval = isTerminal ? Self.barInterval : Self.lineInterval
        if let last = state.lastShown, .now - last < interval, state.done < state.total || !isTerminal { return }
        guard state.total > 0 else { return }
        state.lastShown = .now
        let seconds =
            Double((ContinuousClock.now - state.started).components.seconds)
            + Double((ContinuousClock.now - state.started).components.attoseconds) / 1e18
        let text = ProgressText(done: state.done, total: state.total, failed: state.failed, seconds: seconds)
        if isTerminal {
            StandardError.write("\r" + text.bar(columns: Self.terminalColumns) + "\u{1b}[K")
            state.barIsShown = true
        } else {
            StandardError.write(text.line + "\n")
        }
    }

    private static var terminalColumns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// How far a batch is, in words.
struct ProgressText {
    let done: Int
    let total: Int
    let failed: Int
    let seconds: Double

    private var scansPerSecond: Double { seconds > 0 ? Double(done) / seconds : 0 }

    private var rate: String {
        let perMinute = scansPerSecond * 60
        return perMinute >= 10 ? "\(Int(perMinute.rounded()))/min" : "\((perMinute * 10).rounded() / 10)/min"
    }

    private var timeLeft: String {
        guard scansPerSecond > 0 else { return "--:--" }
        let left = Int((Double(total - done) / scansPerSecond).rounded(.up))
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = padded(left / 60 % 60) + ":" + padded(left % 60)
        return left >= 3_600 ? "\(left / 3_600):" + minutes : minutes
    }

    /// `12 of 443 scans, 1 failed, 85/min, 05:04 left`
    var line: String {
        let failures = failed > 0 ? ", \(failed) failed" : ""
        return "\(done) of \(total.counting("scan"))\(failures), \(rate), \(timeLeft) left"
    }

    /// The line with a bar before it, where the terminal is wide enough.
    func bar(columns: Int) -> String {
        let room = min(40, columns - line.utf8.count - 4)
        guard room >= 10 else { return String(line.prefix(max(1, columns - 1))) }
        let filled = total > 0 ? room * done / total : room
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: room - filled) + "] " + line
    }
}
