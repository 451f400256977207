import FindingStore
import Findings
import Foundation
import Testing

@testable import Batch

/// Whose a scan is when it was moved.
@Suite struct MovedScanTests {
    let night: Night

    init() throws {
        night = try Night()
        try night.scan("P1/a.tif", "findings 1")
        try night.scan("P1/b.tif", "no-tissue")
        try night.scan("P2/c.tif", "rejected")
    }

    private func move(_ path: String, to other: String) throws {
        try FileManager.default.createDirectory(
            atPath: ("\(night.scans)/\(other)" as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: "\(night.scans)/\(path)", toPath: "\(night.scans)/\(other)")
    }

    private func scans() throws -> [ScanSummary] {
        try FindingStore.openForReading(at: night.database).scans()
    }

    private func owners(of path: String) throws -> [String] {
        let store = try FindingStore.openForReading(at: night.database)
        let scans = try store.scans()
        let scan = try #require(scans.first { $0.path == path }).scan
        return scans.filter { $0.scan.sha256 == scan.sha256 }.map(\.patient.id)
    }

    @Test func belongsToTheNewPatientAlone() async throws {
        try await night.run()
        try move("P1/a.tif", to: "P2/a.tif")
        let summary = try await night.run()
        #expect(summary.notices.map(\.kind) == [.moved])
        #expect(summary.exitStatus == 0)
        #expect(try owners(of: "P2/a.tif") == ["P2"])
        #expect(
            try night.analyses() == ["P1 P1/b.tif no-tissue 0", "P2 P2/a.tif findings 1", "P2 P2/c.tif rejected 0"])
        #expect(try await night.run().notices.isEmpty)
        #expect(try FindingStore.openForReading(at: night.database).verify().irregularities == [])
        try move("P2/a.tif", to: "P1/a.tif")
        #expect(try await night.run().notices.map(\.kind) == [.moved])
        #expect(try owners(of: "P1/a.tif") == ["P1"])
    }

    @Test func belongsToBothWhereACopyIsLeft() async throws {
        try await night.run()
        try FileManager.default.copyItem(atPath: "\(night.scans)/P1/a.tif", toPath: "\(night.scans)/P2/a.tif")
        let summary = try await night.run()
        #expect(summary.notices.map(\.kind) == [.scanOfSeveralPatients])
        #expect(summary.notices[0].places.count == 1 && summary.exitStatus == 1)
        #expect(try owners(of: "P2/a.tif") == ["P1", "P2"])
        // As long as nobody has looked.
        #expect(try await night.run().exitStatus == 1)
    }

    @Test func losesAPlaceThatHoldsAnotherScan() async throws {
        try await night.run()
        try move("P1/a.tif", to: "P2/a.tif")
        try night.scan("P1/a.tif", "findings 2")
        #expect(try await night.run().notices.map(\.kind) == [.moved])
        #expect(try owners(of: "P2/a.tif") == ["P2"])
    }

    @Test func countsNoMoreWhereAnotherWasWrittenOverIt() async throws {
        try await night.run()
        let former = try #require(try scans().first { $0.path == "P1/a.tif" }).scan.sha256
        try night.scan("P1/a.tif", "findings 2")
        let summary = try await night.run()
        #expect(summary.notices.map(\.kind) == [.overwritten] && summary.exitStatus == 0)
        #expect(
            summary.text.contains(
                "1 scan was overwritten by another in its place, and its findings count no more: \(former.prefix)"))
        let now = ["P1 P1/a.tif findings 2", "P1 P1/b.tif no-tissue 0", "P2 P2/c.tif rejected 0"]
        #expect(try night.analyses() == now)
        let remark = "another scan lay in this place before"
        #expect(try scans().map { $0.remarks.contains(remark) } == [true, false, false])
        #expect(try await night.run().notices.isEmpty)
        #expect(try night.analyses() == now)
        #expect(try FindingStore.openForReading(at: night.database).verify().irregularities == [])
        // Put back, it counts again, and nothing is analysed anew.
        try night.scan("P1/a.tif", "findings 1")
        let back = try await night.run()
        #expect(back.analysed == 0 && back.notices.map(\.kind) == [.overwritten])
        #expect(try night.analyses()[0] == "P1 P1/a.tif findings 1")
        let erasure = try await night.openStore().forget(patient: "P1")
        #expect(erasure?.scans == 3)
    }

    /// By the name that the folder has in another call.
    @Test func countsNoMoreWhateverFolderIsGiven() async throws {
        try await night.run()
        try night.scan("P1/a.tif", "findings 2")
        let summary = try await night.run(inputs: ["\(night.scans)/P1"])
        #expect(summary.notices.map(\.kind) == [.scansOfGivenFolder, .overwritten])
        #expect(try scans().map(\.path).sorted() == ["P2/c.tif", "a.tif", "b.tif"])
    }

    @Test(arguments: ["swapped", "renamed", "copied", "deleted", "renamed before"])
    func countsAsLongAsItMayLieElsewhere(how: String) async throws {
        if how == "copied" {
            try FileManager.default.createDirectory(
                atPath: night.folder["elsewhere/P1"], withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: "\(night.scans)/P1/a.tif", toPath: night.folder["elsewhere/P1/x.tif"])
            try await night.run(inputs: [night.scans, night.folder["elsewhere"]])
        } else {
            try await night.run()
        }
        switch how {
        case "swapped":
            try move("P1/a.tif", to: "P1/x.tif")
            try move("P1/b.tif", to: "P1/a.tif")
            try move("P1/x.tif", to: "P1/b.tif")
        case "renamed":
            try move("P1/a.tif", to: "P1/x.tif")
            try night.scan("P1/a.tif", "findings 2")
        case "deleted": try FileManager.default.removeItem(atPath: "\(night.scans)/P1/a.tif")
        case "copied": try night.scan("P1/a.tif", "findings 2")
        default:
            try move("P1/a.tif", to: "P1/x.tif")
            try await night.run()
            try night.scan("P1/x.tif", "findings 2")
        }
        let isLost = how == "renamed before"
        #expect(try await night.run().notices.map(\.kind) == (isLost ? [.overwritten] : []))
        #expect(try night.analyses().contains { $0.hasPrefix("P1 ") && $0.hasSuffix("findings 1") } == !isLost)
    }

    @Test func staysWhereTheRunDidNotLook() async throws {
        try await night.run()
        try move("P1/a.tif", to: "P2/a.tif")
        let summary = try await night.run(inputs: ["\(night.scans)/P2"])
        #expect(summary.notices.map(\.kind) == [.scansOfGivenFolder, .elsewhere])
        #expect(summary.exitStatus == 1)
        #expect(try owners(of: "a.tif") == ["P1", "P2"])
    }

    /// The folder is given by another name, so that another patient is told: the last one counts.
    @Test func belongsToTheLastOneNamedForItsPlace() async throws {
        let list = Array("scan,patient\nP1/a.tif,Ada\n".utf8)
        try await night.run(manifest: Manifest(parsing: list, folder: ScanPath("/lists")))
        let summary = try await night.run(inputs: ["\(night.scans)/P1"])
        #expect(summary.notices.map(\.kind) == [.scansOfGivenFolder, .patientToldNoMore])
        #expect(try owners(of: "a.tif") == ["P1"])
    }

    /// Emptied by a move within the file system, a folder has lost its scans; emptied otherwise, perhaps its file system.
    @Test(arguments: [false, true])
    func staysWhereAFileSystemMayBeMissing(isOtherDevice: Bool) async throws {
        try await night.run()
        try FileManager.default.removeItem(atPath: "\(night.scans)/P1/b.tif")
        try move("P1/a.tif", to: "P2/a.tif")
        if isOtherDevice {
            let store = try await night.openStore()
            let scan = try #require(try store.scans().first { $0.path == "P1/a.tif" }).scan.sha256
            try store.rememberHash(
                scan, of: FileStamp(device: 1 << 40, inode: 1, size: 1, modifiedNanoseconds: 1, changedNanoseconds: 1))
        }
        #expect(try await night.run().notices.map(\.kind) == [isOtherDevice ? .perhapsMoved : .moved])
        #expect(try owners(of: "P2/a.tif") == (isOtherDevice ? ["P1", "P2"] : ["P2"]))
    }

    @Test func isForgottenWithItsPatient() async throws {
        try await night.run()
        try move("P1/a.tif", to: "P2/a.tif")
        try await night.run()
        let store = try await night.openStore()
        #expect(try store.forget(patient: "P1")?.keptScans == 1)
        #expect(try owners(of: "P2/a.tif") == ["P2"])
        #expect(try store.verify().irregularities == [])
    }

    @Test func saysThatAFolderIsEmptied() async throws {
        try await night.run()
        try FileManager.default.removeItem(atPath: night.scans)
        try FileManager.default.createDirectory(atPath: night.scans, withIntermediateDirectories: true)
        let summary = try await night.run()
        #expect(summary.notices.map(\.kind) == [.emptiedFolder])
        #expect(summary.exitStatus == 1)
        try night.scan("notes.txt", "")
        #expect(try await night.run().notices.map(\.kind) == [.nothingFound, .emptiedFolder])
    }
}
