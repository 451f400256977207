import Findings
import Foundation
import Logging
import SystemPackage
import TestSupport
import Testing

@testable import Batch

@Suite struct WorkerSeatTests {
    private func start(
        _ command: WorkerCommand, requiresConfinement: Bool = false
    ) async throws(BatchError) -> WorkerSeat.Answer {
        let seat = WorkerSeat(
            number: 0,
            settings: WorkerSettings(
                command: command, pipeline: Night.pipeline, timeout: ScanTimeout(fixed: .seconds(5)),
                requiresConfinement: requiresConfinement),
            tileThreads: 1, stop: StopFlag(), logger: Logger(label: "test"))
        return try await seat.analyse(ScanInHand(.nowhere)) { _, _ in .skip }
    }

    @Test(arguments: [
        "exit 0", "exit 65", "kill -9 $$", "echo no such frame", "printf '\\377\\377\\377\\377'", "exec >&- <&-",
        #"printf '\022\000\000\000{"refused":{"_0":{}}'"#,
    ])
    func refusesWorkersThatDoNotStart(script: String) async throws {
        let error = await #expect(throws: BatchError.self) { try await start(Night.shell(script)) }
        #expect(error?.kind == .workersUnavailable)
    }

    /// What a kernel without Landlock and seccomp makes of a worker.
    @Test func refusesWorkersWithoutConfinementWhereThatIsAskedFor() async throws {
        let greeting = try Frame.encode(
            WorkerMessage.ready(
                Greeting(version: Greeting.currentVersion, pipeline: Night.pipeline, confinement: .files)))
        let octal = greeting.map { "\\0" + String($0, radix: 8) }.joined()
        let worker = Night.shell("printf '%b' '\(octal)'; cat > /dev/null")
        let error = await #expect(throws: BatchError.self) { try await start(worker, requiresConfinement: true) }
        #expect(error?.kind == .unconfined)
        #expect(error?.message.contains("seccomp") == true)
        guard case .analysed = try await start(worker) else { Issue.record("not answered"); return }
    }

    @Test func refusesAProgramThatIsNotThere() async throws {
        let command = WorkerCommand(
            executable: "/nowhere", leadingArguments: [], pipelineDirectory: "none", memoryLimit: 1)
        let error = await #expect(throws: BatchError.self) { try await start(command) }
        #expect(error?.kind == .workersUnavailable)
    }

    @Test func refusesAWorkerOfAnotherPipeline() async throws {
        let seat = WorkerSeat(
            number: 0,
            settings: WorkerSettings(
                command: Night.testWorker(), pipeline: ContentHash(digest: [UInt8](repeating: 9, count: 32))),
            tileThreads: 1, stop: StopFlag(), logger: Logger(label: "test"))
        let error = await #expect(throws: BatchError.self) {
            try await seat.analyse(ScanInHand(.nowhere)) { _, _ in .skip }
        }
        #expect(error?.kind == .workersUnavailable)
    }

    @Test func passesOnWhyAScanCannotBeOpened() async throws {
        guard case .analysed(let answer) = try await start(Night.testWorker()) else {
            Issue.record("not answered")
            return
        }
        #expect(answer.file == nil)
        guard case .failed(let failure) = answer.outcome else { Issue.record("not failed"); return }
        #expect(failure.stage == .open)
    }

    /// What a batch that is killed does to its end of the channel, the kernel does to it.
    @Test func workersEndWithTheirBatch() async throws {
        let folder = try TemporaryFolder()
        let scan = try folder.write("a.tif", "hang")
        let child: ChildProcess
        do {
            var worker = try WorkerProcess(Night.testWorker(), tileThreads: 1)
            child = worker.child
            _ = try worker.receive(before: .now + .seconds(20), limit: .seconds(20))
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: scan))
            try worker.send(
                AnalysisRequest(spacing: nil, outlines: nil, processorSeconds: 60),
                handing: [FileDescriptor(rawValue: file.fileDescriptor)])
        }
        #expect(child.reap(within: .seconds(5))?.cause == .exited(0))
    }
}

extension PlannedScan {
    fileprivate static let nowhere = PlannedScan(
        number: 0,
        scan: DiscoveredScan(
            root: ScanPath("/"), path: ScanPath("nowhere.tif"),
            stamp: FileStamp(device: 0, inode: 0, size: 0, modifiedNanoseconds: 0, changedNanoseconds: 0)),
        patients: [Patient(id: "P1", source: .folder)], spacing: nil, size: 0)
}
