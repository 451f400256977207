import FindingStore
import Findings
import Foundation
import TestSupport
import Testing

@testable import Batch

/// Scans that consist of several files are one, whichever of them changes. The test worker finds as many parts as hold their
/// own names.
@Suite struct MultifileNightTests {
    let night: Night

    init() throws {
        night = try Night()
        try night.scan("P1/a.mrxs", "parts")
        for part in ["Slidedat.ini", "Index.dat", "Data0000.dat"] { try night.scan("P1/a/\(part)", part) }
    }

    private func hashes() throws -> Set<String> {
        Set(try FindingStore.openForReading(at: night.database).scans().map(\.scan.sha256.hexadecimal))
    }

    @Test func aMIRAXScanIsOneWithItsFolder() async throws {
        // A scan in that folder is one of its own, whoever put it there.
        try night.scan("P1/a/b.tif", "no-tissue")
        let summary = try await night.run()
        #expect(summary.exitStatus == 0, "\(summary.notices)")
        #expect(try night.analyses() == ["P1 P1/a.mrxs findings 3", "a P1/a/b.tif no-tissue 0"])
        // SHA-256 of that of "parts" and, for each part, of its name, a zero and its SHA-256.
        #expect(try hashes().contains("2fad8b335e98d97a4651a4b6ab27561dc3890d4bf99d0364c3f62c11fbda4c3f"))
        let again = try await night.run()
        #expect(again.analysed == 0 && again.exitStatus == 0)
    }

    @Test func partsThatAVMSNamesAreNoFilesOfTheirOwn() async throws {
        let text = """
            parts
            [Virtual Microscope Specimen]
            ImageFile=b-1.jpg
            ImageFile(1,0) = b-2.JPG
            MapFile=../../secret.jpg
            MacroImage=c.tif
            OptimisationFile=b.opt
            """
        try night.scan("P2/b.vms", text)
        for name in ["b-1.jpg", "b-2.JPG", "b.opt"] { try night.scan("P2/\(name)", name) }
        try night.scan("secret.jpg", "secret")
        try night.scan("P2/c.tif", "no-tissue")
        let summary = try await night.run()
        #expect(try night.analyses().suffix(2) == ["P2 P2/b.vms findings 3", "P2 P2/c.tif no-tissue 0"])
        // The one JPEG that is nobody's part.
        #expect(summary.notices.map(\.kind) == [.unreadFormat("JPEG")] && summary.notices.map(\.count) == [1])
    }

    @Test(arguments: ["change", "remove", "add", "replace"])
    func aChangedPartIsAChangedScan(how: String) async throws {
        try await night.run()
        let scans = try FindingStore.openForReading(at: night.database).scans()
        #expect(InputVerification(scans).irregularities == [])
        let place = "\(night.scans)/P1/a"
        switch how {
        case "change": try night.scan("P1/a/Data0000.dat", "other")
        case "remove": try FileManager.default.removeItem(atPath: "\(place)/Data0000.dat")
        case "add": try night.scan("P1/a/Data0001.dat", "Data0001.dat")
        default:
            // By a folder that was there before: no part's own time changes.
            for part in ["Slidedat.ini", "Index.dat"] { try night.scan("P3/\(part)", part) }
            try await Task.sleep(for: .milliseconds(150))
            try await night.run()
            try FileManager.default.moveItem(atPath: place, toPath: night.folder["former"])
            try FileManager.default.moveItem(atPath: "\(night.scans)/P3", toPath: place)
        }
        #expect(InputVerification(scans).irregularities.count == 1)
        let summary = try await night.run()
        #expect(summary.analysed == 1)
        #expect(summary.notices.map(\.kind) == [.overwritten])
        #expect(try night.analyses() == ["P1 P1/a.mrxs findings \(how == "add" ? 4 : 2)"])
        #expect(try hashes().count == 1)
    }

    @Test func aScanMovesWithItsFolder() async throws {
        try await night.run()
        let before = try hashes()
        try FileManager.default.createDirectory(atPath: "\(night.scans)/P2", withIntermediateDirectories: true)
        for (old, new) in [("a.mrxs", "b.mrxs"), ("a", "b")] {
            try FileManager.default.moveItem(atPath: "\(night.scans)/P1/\(old)", toPath: "\(night.scans)/P2/\(new)")
        }
        let summary = try await night.run()
        #expect(summary.notices.map(\.kind) == [.moved] && summary.exitStatus == 0)
        #expect(try night.analyses() == ["P2 P2/b.mrxs findings 3"])
        #expect(try hashes() == before)
    }

    /// More than one message between two processes carries.
    @Test func allOfManyPartsReachTheWorker() async throws {
        for number in 0..<600 { try night.scan("P1/a/\(number).dat", "\(number).dat") }
        #expect(try await night.run().exitStatus == 0)
        #expect(try night.analyses() == ["P1 P1/a.mrxs findings 603"])
    }

    @Test func whatIsTooMuchIsAFailureOfThatScan() async throws {
        for number in 0..<1000 { try night.scan("P1/a/\(number).dat", "") }
        try night.scan("P2/c.tif", "findings 1")
        #expect(try await night.run().exitStatus == 1)
        #expect(try night.analyses() == ["P1 P1/a.mrxs open/limit", "P2 P2/c.tif findings 1"])
    }

    /// Links, folders and pipes that have the names of parts.
    @Test func onlyFilesOfTheFolderAreParts() async throws {
        try night.scan("secret.dat", "link.dat")
        try night.folder.link("scans/P1/a/link.dat", to: "\(night.scans)/secret.dat")
        mkfifo("\(night.scans)/P1/a/pipe.dat", 0o600)
        try FileManager.default.createDirectory(
            atPath: "\(night.scans)/P1/a/folder.dat", withIntermediateDirectories: true)
        try await night.run()
        #expect(try night.analyses() == ["P1 P1/a.mrxs findings 3"])
        // A folder of parts that a link leads to is none.
        try FileManager.default.moveItem(atPath: "\(night.scans)/P1/a", toPath: night.folder["elsewhere"])
        try night.folder.link("scans/P1/a", to: night.folder["elsewhere"])
        try await night.run()
        #expect(try night.analyses().first == "P1 P1/a.mrxs findings 0")
    }

    @Test func aStagedScanIsCopiedWithItsParts() async throws {
        let folder = night.folder["stage"]
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await night.run(stage: try StageFolder(folder, reserve: 0))
        #expect(try night.analyses() == ["P1 P1/a.mrxs findings 3"])
        let again = try await night.run()
        #expect(again.analysed == 0 && again.exitStatus == 0)
    }

    @Test func aScanThatALinkLeadsToHasItsParts() async throws {
        try FileManager.default.createDirectory(atPath: "\(night.scans)/P2", withIntermediateDirectories: true)
        try night.folder.link("scans/P2/b.mrxs", to: "../P1/a.mrxs")
        try await night.run()
        #expect(try night.analyses() == ["P1 P1/a.mrxs findings 3", "P2 P2/b.mrxs findings 3"])
    }
}
