import Findings
import Foundation
import TestSupport
import Testing

@testable import Batch

/// A disk that is really full: a small one in memory.
@Suite struct BatchDiskTests {
    private func withSmallDisk(_ megabytes: Int, _ body: (Night) throws -> Void) throws {
        let night = try Night(databaseFolder: "disk")
        let disk = night.folder["disk"]
        #expect(SmallDisk.mount(disk, "size=\(megabytes)m"))
        defer { umount2(disk, Int32(MNT_DETACH)) }
        try body(night)
    }

    @Test(.enabled(if: SmallDisk.canBeMounted, "mounting a disk takes root"))
    func takesUpWhatAFullDiskCutOff() throws {
        try withSmallDisk(8) { night in
            for number in 0..<12 { try night.scan("P1/\(number).tif", "findings \(2000 + number)") }
            let batch = try BatchProcess(night)
            #expect(batch.wait() == EX_IOERR)
            #expect(batch.lines.last?.hasSuffix("cannot be written: the disk is full") == true, "\(batch.lines)")
            #expect(!batch.acknowledged.isEmpty)
            try night.expectSoundDatabase(acknowledged: batch.acknowledged)
            #expect(SmallDisk.mount(night.folder["disk"], "remount,size=256m"))
            #expect(try BatchProcess(night).wait() == 0)
            #expect(try night.findings().count == (2000..<2012).reduce(0, +))
            try night.expectSoundDatabase(acknowledged: batch.acknowledged)
        }
    }

    @Test(.enabled(if: SmallDisk.canBeMounted, "mounting a disk takes root"))
    func beginsNoNightWithoutRoom() throws {
        try withSmallDisk(3) { night in
            try night.scan("P1/a.tif", "findings 1")
            let batch = try BatchProcess(night)
            #expect(batch.wait() == EX_IOERR)
            #expect(batch.lines.last?.contains("a run needs 4.2 MB") == true, "\(batch.lines)")
        }
    }

    @Test func warnsWhereTheRoomMayNotDo() throws {
        #expect(DiskSpace(free: 1 << 30).warning(scans: 1000) == nil)
        #expect(DiskSpace(free: 1 << 30).warning(scans: 10_000)?.contains("1073.7 MB free") == true)
        #expect(throws: BatchError.self) { try DiskSpace(free: 1 << 20).check() }
    }
}
