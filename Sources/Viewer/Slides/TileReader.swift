import Batch
import Dispatch
import FoundationEssentials
import Synchronization
import SystemPackage

/// Reads tiles of one scan, one after the other, in a process of its own. One that crashes, hangs or lies is ended, and the
/// next tile has a new one.
final class TileReader: Sendable {
    private final class Process: Sendable {
        let child: ChildProcess
        let socket: FileDescriptor

        init(_ command: TileReaderCommand, reading file: SlideFile) throws {
            let streams = try SocketPair()
            child = try command.start(reading: OpenFile(owning: file.descriptor.duplicate()), errors: streams.theirs)
            socket = try streams.ours.descriptor.duplicate()
            // Whether somebody took it, the first answer tells.
            try? file.handOver(to: socket)
        }

        deinit {
            child.kill()
            try? socket.close()
        }
    }

    let file: SlideFile
    private let command: TileReaderCommand
    private let queue = DispatchQueue(label: "scanreport.tiles")
    private let process = Mutex<Process?>(nil)
    private let pending = Atomic<Int>(0)

    private static let patience: Duration = .seconds(15)

    init(_ command: TileReaderCommand, reading file: SlideFile) {
        self.command = command
        self.file = file
    }

    /// Tiles that are asked for and not answered.
    var waiting: Int { pending.load(ordering: .relaxed) }

    func tile(_ address: TileAddress) async -> TileMessage.Answer {
        pending.wrappingAdd(1, ordering: .relaxed)
        defer { pending.wrappingSubtract(1, ordering: .relaxed) }
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.read(address)) }
        }
    }

    private func read(_ address: TileAddress) -> TileMessage.Answer {
        process.withLock { process in
            do {
                let running = try process ?? Process(command, reading: file)
                process = running
                if TileMessage.send(TileMessage.bytes(of: address), to: running.socket.rawValue),
                    let answer = TileMessage.answer(from: running.socket.rawValue, before: .now + Self.patience)
                {
                    return answer
                }
            } catch {}
            process = nil
            return .unreadable
        }
    }
}
