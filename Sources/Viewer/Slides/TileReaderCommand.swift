import Batch
import FoundationEssentials
import Glibc
import SystemPackage

/// How a process that reads tiles is started.
public struct TileReaderCommand: Sendable, Hashable {
    private let executable: String
    private let arguments: [String]

    /// This program's own command `tiles`: the very file that runs now.
    public static func thisProgram(memoryLimit: Int64 = 1 << 30) -> TileReaderCommand {
        TileReaderCommand(executable: "/proc/self/exe", arguments: ["tiles", "--memory-limit", String(memoryLimit)])
    }

    package init(executable: String, arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    /// The same for processes that end rather than read a scan unconfined.
    var confined: TileReaderCommand {
        TileReaderCommand(executable: executable, arguments: arguments + ["--require-confinement"])
    }

    /// - Parameters:
    ///   - file: the scan.
    ///   - errors: the socket that requests come from and answers go to.
    func start(reading file: consuming OpenFile, errors: borrowing OpenFile) throws(Errno) -> ChildProcess {
        try ChildProcess(
            executable: executable, arguments: arguments,
            environment: ProcessInfo.processInfo.environment.merging(WorkerCommand.environment) { $1 },
            channel: file, errors: errors)
    }

    /// Whether the kernel confines such a process in all that it could do: one is started without a scan or a request.
    func isConfined() throws -> Bool {
        let nothing = OpenFile(owning: try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec))
        let child = try requestless(nothing)
        return child.reap(within: .seconds(30))?.cause == .exited(EX_OK)
    }

    /// A process that nobody asks for anything, for the other end of its socket is closed.
    private func requestless(_ file: consuming OpenFile) throws(Errno) -> ChildProcess {
        let streams = try SocketPair()
        return try confined.start(reading: file, errors: streams.theirs)
    }
}
