import Findings
import Foundation
import TestSupport
import Testing

@testable import Batch

@Suite struct ScanDiscoveryTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: ["a.tif", "a.TIFF", "a.svs", "a.ome.tif", "a.ndpi", "a.qptiff", "a.tf8", "a.btf", "a.scn"])
    func takesSuffixesForScansWhateverTheyHold(name: String) throws {
        try folder.write(name, "not at all TIFF")
        #expect(try ScanDiscovery([folder.path]).scans.map(\.path.text) == [name])
    }

    @Test(
        arguments: [
            ([0x49, 0x49, 0x2A, 0x00], true), ([0x4D, 0x4D, 0x00, 0x2A], true), ([0x49, 0x49, 0x2B, 0x00], true),
            ([0x4D, 0x4D, 0x00, 0x2B], true), ([0x49, 0x49, 0x00, 0x2A], false), ([0x49, 0x49, 0x2A], false),
            ([], false),
        ] as [([UInt8], Bool)])
    func takesSignaturesForScansWhateverTheirName(start: [UInt8], isScan: Bool) throws {
        try folder.write("noname", start)
        #expect(try ScanDiscovery([folder.path]).scans.count == (isScan ? 1 : 0))
    }

    @Test func ordersByTheBytesOfThePath() throws {
        // A folder's slash comes after `-` and `.`, and before digits.
        let names = [
            "B/1.tif", "a-b/1.tif", "a.tif", "a/10.tif", "a/9.tif", "a/b.tif", "a/b/1.tif", "a0/1.tif", "a1.tif",
            "b/2.tif",
            "z.tif", "é.tif",
        ]
        for name in names.reversed() { try folder.write(name, "") }
        #expect(try ScanDiscovery([folder.path]).scans.map(\.path.text) == names)
    }

    @Test func skipsWhatIsHidden() throws {
        for name in ["._a.tif", ".snapshot/a.tif", "a/.b.tif"] { try folder.write(name, "") }
        #expect(try ScanDiscovery([folder.path]).scans.isEmpty)
    }

    @Test func namesPipesThatAreCalledScans() throws {
        try FileManager.default.createDirectory(atPath: folder["a.tif"], withIntermediateDirectories: true)
        #expect(mkfifo(folder["b.tif"], 0o600) == 0)
        #expect(mkfifo(folder["pipe"], 0o600) == 0)
        let discovery = try ScanDiscovery([folder.path])
        #expect(discovery.scans.isEmpty)
        #expect(discovery.unreachable.map(\.path.text) == ["b.tif"])
        #expect(discovery.unreachable.map(\.failure.code) == [.unsupported])
    }

    @Test func followsLinksWithinTheFolderOnly() throws {
        let outside = try TemporaryFolder()
        try outside.write("secret.tif", "")
        try folder.write("all/a.tif", "")
        try FileManager.default.createDirectory(atPath: folder["P1"], withIntermediateDirectories: true)
        try folder.link("P1/a.tif", to: "../all/a.tif")
        try folder.link("out.tif", to: outside["secret.tif"])
        try folder.link("everything", to: "/")
        try folder.link("round", to: ".")
        try folder.link("nowhere.tif", to: "missing.tif")
        let discovery = try ScanDiscovery([folder.path])
        #expect(discovery.scans.map(\.path.text) == ["P1/a.tif", "all/a.tif"])
        #expect(Set(discovery.scans.map(\.file.text)) == [folder["all/a.tif"]])
        #expect(discovery.scans.map(\.folder) == ["P1", "all"])
        #expect(discovery.leftOut.counts == [.link: 3, .linkToWalkedFolder: 1])
    }

    @Test func keepsAFilesFolderAndName() throws {
        try folder.write("P7/strange name", "")
        let scan = try #require(try ScanDiscovery([folder["P7/strange name"]]).scans.first)
        #expect(scan.root.text == folder["P7"])
        #expect(scan.path.text == "strange name")
        #expect(scan.file.text == folder["P7/strange name"])
        #expect(scan.folder == "P7")
    }

    @Test func takesAFileOfTwoInputsOnce() throws {
        try folder.write("a/b.tif", "")
        let discovery = try ScanDiscovery([folder.path, folder["a"], folder["a/b.tif"]])
        #expect(discovery.scans.map(\.path.text) == ["a/b.tif"])
        // Also where the first does not see it.
        try folder.write(".hidden/c.tif", "")
        let both = try ScanDiscovery([folder.path, folder[".hidden"]])
        #expect(both.scans.map(\.path.text) == ["a/b.tif", "c.tif"])
    }

    @Test func keepsNamesApartThatUnicodeHoldsForEqual() throws {
        try folder.write("e\u{301}.tif", "")
        try folder.write("\u{E9}.tif", "")
        #expect(try ScanDiscovery([folder.path]).scans.count == 2)
    }

    @Test func opensNamesThatAreNotUTF8() throws {
        let name = ScanPath(bytes: Array(folder.path.utf8) + [0x2F, 0xFF] + Array(".tif".utf8))
        close(name.withCString { open($0, O_CREAT | O_WRONLY, 0o600) })
        // A name that reads like another's escape stays another.
        try folder.write("\\xFF.tif", "")
        let scans = try ScanDiscovery([folder.path]).scans
        #expect(scans.map(\.path.text) == ["\\x5CxFF.tif", "\\xFF.tif"])
        for scan in scans { _ = try scan.open() }
    }

    @Test func followsLinksWhereTheyMayLead() throws {
        let store = try TemporaryFolder()
        try store.write("slides/a.tif", "")
        try store.write("slides/more/b.tif", "")
        try store.link("slides/round", to: "..")
        try folder.link("P1", to: store["slides"])
        try folder.write("P2/c.tif", "")
        try folder.link("P2/d.tif", to: store["slides/a.tif"])
        try folder.link("P3", to: "/etc")
        #expect(try ScanDiscovery([folder.path]).leftOut.counts == [.link: 3])
        let discovery = try ScanDiscovery([folder.path], follow: [store.path])
        #expect(
            discovery.scans.map(\.path.text) == [
                "P1/a.tif", "P1/more/b.tif", "P1/round/slides/a.tif", "P1/round/slides/more/b.tif", "P2/c.tif",
                "P2/d.tif",
            ])
        #expect(discovery.scans.map(\.folder) == ["P1", "more", "slides", "more", "P2", "P2"])
        #expect(discovery.leftOut.counts == [.link: 1, .linkToWalkedFolder: 1])
        for scan in discovery.scans { _ = try scan.open() }
        let error = #expect(throws: BatchError.self) { try ScanDiscovery([folder.path], follow: ["/nowhere"]) }
        #expect(error?.kind == .missingInput)
    }

    @Test func opensNothingThroughALinkThatCameLater() throws {
        try folder.write("P1/a.tif", "")
        try folder.write("other/a.tif", "")
        let scan = try #require(try ScanDiscovery([folder["P1"]]).scans.first)
        try FileManager.default.removeItem(atPath: folder["P1/a.tif"])
        try folder.link("P1/a.tif", to: "../other/a.tif")
        #expect(throws: AnalysisFailure.self) { _ = try scan.open() }
    }

    @Test func namesTheFormatsThatItLeavesOut() throws {
        for name in ["a.kfb", "b.czi", "c.dcm", "d.isyntax", "e.vsi", "f.tif.gz", "g.txt", "h.zip", "i.DCM"] {
            try folder.write("P1/\(name)", "II*\0")
        }
        try folder.write("P1/IM0001", [UInt8](repeating: 0, count: 128) + Array("DICM".utf8))
        try folder.write("P1/image.zarr/0/a.tif", "")
        let discovery = try ScanDiscovery([folder.path])
        #expect(discovery.scans.map(\.path.text) == ["P1/g.txt", "P1/h.zip"])
        #expect(
            discovery.leftOut.counts == [
                .unread("KFBio"): 1, .unread("Zeiss CZI"): 1, .unread("DICOM"): 3,
                .unread("Philips iSyntax"): 1,
                .unread("Olympus VSI"): 1, .unread("compressed TIFF"): 1, .unread("Zarr"): 1,
            ])
    }

    @Test func passesOverWhatItIsTold() throws {
        for name in ["P1/a.tif", "P1/b.dcm", "P2/sub/c.dcm", "old/d.tif", "old/e/f.tif"] { try folder.write(name, "") }
        let discovery = try ScanDiscovery([folder.path], ignoring: ["*.dcm", "old"])
        #expect(discovery.scans.map(\.path.text) == ["P1/a.tif"])
        #expect(discovery.leftOut.counts == [.ignored: 3])
        #expect(try ScanDiscovery([folder.path], ignoring: ["old/*"]).scans.map(\.path.text) == ["P1/a.tif"])
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func reportsFoldersThatCannotBeListed() throws {
        try folder.write("P3/a.tif", "")
        chmod(folder["P3"], 0)
        defer { chmod(folder["P3"], 0o700) }
        let unreachable = try ScanDiscovery([folder.path]).unreachable
        #expect(unreachable.map(\.path.text) == ["P3"])
        #expect(unreachable.map(\.folder) == ["P3"])
        #expect(unreachable.map(\.failure.code) == [.inputOutput])
    }

    @Test func refusesAnInputThatIsNotThere() throws {
        let error = #expect(throws: BatchError.self) { try ScanDiscovery([folder.path, folder["missing"]]) }
        #expect(error?.kind == .missingInput)
    }

    @Test func findsScansBeyondTheLongestPath() throws {
        // Folders of two letters, 4,200 bytes of path.
        let count = 1_400
        var place = open(folder.path, O_RDONLY | O_DIRECTORY)
        for _ in 0..<count {
            #expect(mkdirat(place, "dd", 0o700) == 0)
            let next = openat(place, "dd", O_RDONLY | O_DIRECTORY)
            close(place)
            place = next
        }
        close(openat(place, "a.tif", O_CREAT | O_WRONLY, 0o600))
        close(place)
        let scans = try ScanDiscovery([folder.path]).scans
        #expect(scans.map(\.path.text) == [String(repeating: "dd/", count: count) + "a.tif"])
        _ = try #require(scans.first).open()
        // What the test's own clearing up cannot do.
        let removal = Process()
        removal.executableURL = URL(fileURLWithPath: "/bin/rm")
        removal.arguments = ["-rf", folder["dd"]]
        try removal.run()
        removal.waitUntilExit()
    }

    @Test func survivesDeepFolders() throws {
        var path = ""
        for _ in 0..<400 { path += "d/" }
        try folder.write(path + "a.tif", "")
        #expect(try ScanDiscovery([folder.path]).scans.map(\.path.text) == [path + "a.tif"])
    }
}
