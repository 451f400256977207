import Foundation
import TestSupport
import Testing

/// A training that is killed, or whose disk, labels or scans fail it.
@Suite struct TrainFaultTests {
    let lab: TrainingLab

    init() throws { lab = try TrainingLab() }

    /// How often it is killed; `SCANREPORT_KILLS=20` for longer.
    private static let kills = ProcessInfo.processInfo.environment["SCANREPORT_KILLS"].flatMap(Int.init) ?? 4

    #if DEBUG
        private static let epochs = "4"
    #else
        private static let epochs = "24"
    #endif

    private func hasCheckpoint(_ output: String) -> Bool {
        FileManager.default.fileExists(atPath: lab.folder["\(output).training/training.checkpoint"])
    }

    /// Begins a training and waits for its first checkpoint.
    private func begun(_ output: String) throws -> StartedScanreport {
        let started = try lab.start(output, "--epochs", Self.epochs)
        while started.isRunning, !hasCheckpoint(output) { Thread.sleep(forTimeInterval: 0.01) }
        return started
    }

    @Test func killedAtAnyMomentItComesToTheSameWeights() throws {
        let began = Date()
        _ = try lab.train("undisturbed", "--epochs", Self.epochs)
        let time = Date().timeIntervalSince(began)
        var kills = 0
        while kills < Self.kills {
            let started = try lab.start("killed", "--epochs", Self.epochs)
            Thread.sleep(forTimeInterval: .random(in: 0...time * 0.7))
            if started.isRunning { kills += 1 }
            started.signal(SIGKILL)
            _ = try started.end()
            // Done before it could be killed: it begins anew.
            if lab.folder.contents.contains("killed") {
                #expect(try lab.weights("killed") == lab.weights("undisturbed"))
                try FileManager.default.removeItem(atPath: lab.folder["killed"])
            }
        }
        let ended = try lab.train("killed", "--epochs", Self.epochs)
        #expect([0, 1].contains(ended.status), "\(ended.errors)")
        #expect(try lab.weights("killed") == lab.weights("undisturbed"))
        #expect(!lab.folder.contents.contains("killed.training"))
        #expect(
            try !FileManager.default.contentsOfDirectory(atPath: lab.folder["killed"]).contains("training.checkpoint"))
    }

    @Test func labelsThatChangedUnderneathAreNotTakenUp() throws {
        let started = try begun("mine")
        started.signal(SIGKILL)
        _ = try started.end()
        let mask = try Data(contentsOf: URL(filePath: lab.folder["P1-mask.tif"]))
        try lab.folder.write("P2-mask.tif", mask)
        let refused = try lab.train("mine", "--epochs", Self.epochs)
        #expect(refused.status == 65, "\(refused.errors)")
        #expect(refused.errors.contains("holds a training of other labels or settings"), "\(refused.errors)")
        #expect(!lab.folder.contents.contains("mine"))
    }

    @Test func aScanThatIsGoneIsToldAndNothingIsLost() throws {
        _ = try lab.train("undisturbed", "--epochs", Self.epochs)
        let started = try begun("mine")
        try FileManager.default.moveItem(atPath: lab.folder["P2.tif"], toPath: lab.folder["away.tif"])
        let failed = try started.end()
        #expect(failed.status == 65, "\(failed.errors)")
        #expect(failed.errors.contains("the scan in line 3 of the manifest"), "\(failed.errors)")
        #expect(!failed.errors.contains("P2") && !lab.folder.contents.contains("mine"))
        try FileManager.default.moveItem(atPath: lab.folder["away.tif"], toPath: lab.folder["P2.tif"])
        _ = try lab.train("mine", "--epochs", Self.epochs)
        #expect(try lab.weights("mine") == lab.weights("undisturbed"))
    }

    @Test(.enabled(if: SmallDisk.canBeMounted, "mounting a disk takes root"))
    func aFullDiskIsToldAndTheLastCheckpointIsWhole() throws {
        _ = try lab.train("undisturbed", "--epochs", Self.epochs)
        try lab.folder.write("disk/.keep", "")
        let disk = lab.folder["disk"]
        #expect(SmallDisk.mount(disk, "size=1m"))
        defer { umount2(disk, Int32(MNT_DETACH)) }
        let started = try begun("disk/mine")
        let filler = disk + "/filler"
        #expect(FileManager.default.createFile(atPath: filler, contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: filler))
        // Each checkpoint that takes another's place leaves room for the next: until one finds none.
        while started.isRunning {
            while (try? handle.write(contentsOf: Data(count: 1 << 12))) != nil {}
            Thread.sleep(forTimeInterval: 0.002)
        }
        try handle.close()
        let failed = try started.end()
        #expect(failed.status == 73, "\(failed.errors)")
        #expect(failed.errors.contains("cannot be written"), "\(failed.errors)")
        #expect(hasCheckpoint("disk/mine") && !FileManager.default.fileExists(atPath: disk + "/mine"))
        try FileManager.default.removeItem(atPath: filler)
        let ended = try lab.train("disk/mine", "--epochs", Self.epochs)
        #expect([0, 1].contains(ended.status), "\(ended.errors)")
        #expect(try lab.weights("disk/mine") == lab.weights("undisturbed"))
    }
}
