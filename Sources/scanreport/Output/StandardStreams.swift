import ArgumentParser
import Batch
import Glibc
import Synchronization
import SystemPackage

/// Standard output, for results.
enum StandardOutput {
    /// Writes all of a result, as fast as it is read. A reader that has gone (as under `head`) has what it wanted.
    static func write(_ text: String) throws(CommandFailure) {
        do {
            _ = try FileDescriptor.standardOutput.writeAll(text.utf8)
        } catch {
            if error as? Errno == .brokenPipe { return }
            throw CommandFailure(.inputOutput, "standard output: \(error)")
        }
    }

    /// Writes a report whose verdict is the exit code: where it cannot be written, the verdict stands.
    static func write(_ report: String, needsAttention: Bool) throws {
        do throws(CommandFailure) {
            try write(report)
        } catch {
            guard needsAttention else { throw error }
            StandardError.write("scanreport: \(error.message)\n")
        }
        if needsAttention { throw ExitCode(ExitStatus.attention.rawValue) }
    }

    private static let report = UnhurriedStream(.standardOutput, patience: .seconds(5))

    /// Writes about what is done and decided already: whether somebody reads it changes nothing.
    static func tell(_ text: String) {
        if !report.write(text) { StandardError.write("scanreport: not all could be written to standard output\n") }
    }
}

/// Standard error, for progress and messages.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    private static let stream = UnhurriedStream(.standardError, patience: .seconds(1))

    static func write(_ text: String) { _ = stream.write(text) }
}

/// A stream for what may be lost: where nobody empties the pipe, or the terminal is stopped, the program goes on.
private final class UnhurriedStream: Sendable {
    private let descriptor: FileDescriptor
    private let patience: Duration
    /// Whether the last text was given up: the next one is not waited for.
    private let isStuck = Mutex(false)

    /// What a pipe that is ready takes without waiting.
    private static let pieceSize = 4096

    init(_ descriptor: FileDescriptor, patience: Duration) {
        self.descriptor = descriptor
        self.patience = patience
    }

    /// - Returns: whether all of it was written.
    func write(_ text: String) -> Bool {
        isStuck.withLock { isStuck in
            let deadline = ContinuousClock.now + (isStuck ? .zero : patience)
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                var watched = [pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)]
                guard wait(for: &watched, atMost: deadline - .now) > 0 else {
                    if ContinuousClock.now < deadline { continue }
                    isStuck = true
                    return false
                }
                guard let count = try? write(rest.prefix(Self.pieceSize)), count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            isStuck = false
            return true
        }
    }

    private func write(_ piece: ArraySlice<UInt8>) throws -> Int {
        try piece.withUnsafeBytes { try descriptor.write($0) }
    }
}

/// Descriptors 0 to 2 that were closed when the program was started. They lead nowhere from now on, or the first files
/// that it opens, such as the database, would be taken for them.
enum ClosedStreams {
    static func open() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
            // The lowest number that is free: this one.
            _ = try? FileDescriptor.open("/dev/null", .readWrite)
        }
    }
}
