import Evaluation
import Foundation
import TestSupport
import Testing

/// Which scan of a manifest a line of a table of boxes is of.
@Suite struct ObjectTableTests {
    private static let scans = ["scans/P1/a.tif", "scans/P1/b.tif", "scans/P2/b.tif"]

    private func match(
        _ names: [String], to scans: [String] = scans, table: String = "/set/boxes.csv"
    ) throws -> ObjectTableMatch {
        let lines = names.map { "\"\($0)\",1,2,3,4,cell\n" }.joined()
        return try ObjectTableMatch(
            ObjectTable(Array("scan,x,y,width,height,class\n\(lines)".utf8)), to: scans,
            path: { $0.hasPrefix("/") ? $0 : "/set/\($0)" }, tablePath: table)
    }

    @Test(arguments: [
        "scans/P1/a.tif", "./scans/P1/a.tif", "scans//P2/../P1/a.tif", "/set/scans/P1/a.tif", "scans\\P1\\a.tif",
        "C:\\slides\\scans\\P1\\a.tif", "/mnt/other/P1/a.tif", "P1/a.tif", "a.tif",
    ])
    func aScanIsFoundHoweverItIsWritten(name: String) throws {
        let match = try match([name])
        #expect(match.truth(of: "scans/P1/a.tif") != nil && match.unmatched.isEmpty && match.sentence == nil)
        #expect(Self.scans.dropFirst().allSatisfy { match.truth(of: $0) == nil })
    }

    @Test func aTableOfAnotherFolderNamesScansFromThere() throws {
        let match = try match(["P1/b.tif"], table: "/set/scans/boxes.csv")
        #expect(match.truth(of: "scans/P1/b.tif") != nil && match.truth(of: "scans/P2/b.tif") == nil)
    }

    /// The manifest may write it otherwise, too, and lead by a link.
    @Test func aLinkLeadsToTheSameScan() throws {
        let folder = try TemporaryFolder()
        try folder.write("real/a.tif", "")
        try FileManager.default.createSymbolicLink(atPath: folder["link"], withDestinationPath: folder["real"])
        let match = try match([folder["link/a.tif"]], to: [folder["real/./a.tif"]])
        #expect(match.truth(of: folder["real/./a.tif"]) != nil)
    }

    @Test(arguments: ["scans/P3/a.tif", "A.tif", "c.tif", "a.tiff", "/mnt/P2/a.tif", "aa.tif"])
    func whatIsNoScanOfTheManifestIsTold(name: String) throws {
        let match = try match(["scans/P1/b.tif", name])
        #expect(match.unmatched == [3] && match.truth(of: "scans/P1/a.tif") == nil)
        #expect(
            match.sentence
                == "the table of objects names 1 scan that the manifest does not (line 3): are they written otherwise?")
    }

    /// What is named by its path is not taken for another name's.
    @Test func aPathCountsBeforeAName() throws {
        let match = try match(["a.tif", "scans/P1/a.tif"])
        #expect(match.unmatched == [2] && match.truth(of: "scans/P1/a.tif") != nil)
    }

    @Test(arguments: [(["b.tif"], "line 2 "), (["x/P1/a.tif", "y/P1/a.tif"], "lines 2 and 3 ")])
    func whatMayBeOfSeveralIsRefused(names: [String], says: String) {
        let error = #expect(throws: EvaluationError.self) { try match(names) }
        #expect(error?.kind == .unusableManifest && error?.message.hasPrefix(says) == true)
    }

    /// A line with the scan alone says that it has no object; a box that is told twice counts once.
    @Test func aScanWithoutObjectsIsALineOfItsOwn() throws {
        let text = "scan,x,y,width,height,class\na,,,,,\nb,1,2,3,4,cell\nb,1,2,3,4,cell\nb,1,2,3,4,nerve\n"
        let table = try ObjectTable(Array(text.utf8))
        #expect(table.repeated == 1 && table.repetition == "1 box of the table of objects told twice: counted once")
        let match = try ObjectTableMatch(table, to: ["a", "b", "c"], path: { $0 }, tablePath: "t.csv")
        #expect(match.truth(of: "a") != nil && match.truth(of: "b") != nil && match.truth(of: "c") == nil)
    }
}
