import Analysis
import Findings
import FoundationEssentials
import Glibc
import Listings
import SystemPackage

/// Has the label of a scan read by a process of its own.
public struct LabelReader: Sendable, Hashable {
    private let executable: String
    private let arguments: [String]

    /// The most that a label may say, in bytes.
    private static let answerLimit = 64 << 10
    private static let patience: Duration = .seconds(90)
    private static let endPatience: Duration = .seconds(5)

    /// This program's own command `label`: see `WorkerCommand.thisProgram`.
    public static func thisProgram(memoryLimit: Int64 = WorkerCommand.defaultMemoryLimit) -> LabelReader {
        LabelReader(executable: "/proc/self/exe", arguments: ["label", "--memory-limit", String(memoryLimit)])
    }

    package init(executable: String, arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    /// What the codes on the label say; nil where that cannot be read. Waits for the process' end.
    ///
    /// - Parameters:
    ///   - scan: what is hashed, so that no other's label is read.
    ///   - requiresConfinement: whether a kernel that does not confine the process is none to run it on.
    ///   - isUnwanted: asked meanwhile; the process is ended once it is so.
    func codes(
        of scan: borrowing OpenedScan, requiresConfinement: Bool, unless isUnwanted: () -> Bool
    ) -> [String]? {
        let options = requiresConfinement ? ["--require-confinement"] : []
        guard let answer = try? answer(about: scan, options, unless: isUnwanted),
            let text = String(validating: answer, as: UTF8.self)
        else {
            return nil
        }
        return try? JSONValue(parsing: text).texts
    }

    private func answer(
        about scan: borrowing OpenedScan, _ options: [String], unless isUnwanted: () -> Bool
    ) throws -> [UInt8]? {
        let started = try start(on: OpenFile(owning: scan.descriptor.duplicate()), options)
        // Whether somebody took it, the answer tells.
        try? ScanHandover.send(scan, to: started.stream.descriptor)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        let deadline = ContinuousClock.now + LabelReader.patience
        while answer.count <= LabelReader.answerLimit, ContinuousClock.now < deadline, !isUnwanted() {
            var watched = pollfd(fd: started.stream.number, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 100) > 0 else { continue }
            let count = retryingOnInterrupt { recv(started.stream.number, &buffer, buffer.count, CInt(MSG_DONTWAIT)) }
            if count < 0, Errno(rawValue: errno) == .resourceTemporarilyUnavailable { continue }
            guard count > 0 else {
                return started.child.reap(within: LabelReader.endPatience)?.cause == .exited(EX_OK) ? answer : nil
            }
            answer += buffer[..<count]
        }
        return nil
    }

    /// - Returns: the process, and where what it says comes out; its own end of that is closed here, so that the end shows.
    private func start(on file: borrowing OpenFile, _ options: [String]) throws(Errno) -> Started {
        let streams = try SocketPair()
        let environment = ProcessInfo.processInfo.environment.merging(WorkerCommand.environment) { $1 }
        let child = try ChildProcess(
            executable: executable, arguments: arguments + options, environment: environment, channel: file,
            errors: streams.theirs)
        return Started(child: child, stream: streams.ours)
    }

    private struct Started: ~Copyable {
        let child: ChildProcess
        let stream: OpenFile
    }
}
