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
        #expect(try ScanDiscovery([folder.path]).scans.map(\.path) == [name])
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
        for name in ["b/2.tif", "a/10.tif", "a/9.tif", "B/1.tif", "a.tif", "é.tif", "z.tif"] {
            try folder.write(name, "")
        }
        #expect(
            try ScanDiscovery([folder.path]).scans.map(\.path)
                == ["B/1.tif", "a.tif", "a/10.tif", "a/9.tif", "b/2.tif", "z.tif", "é.tif"])
    }

    @Test func skipsWhatIsHidden() throws {
        for name in ["._a.tif", ".snapshot/a.tif", "a/.b.tif"] { try folder.write(name, "") }
        #expect(try ScanDiscovery([folder.path]).scans.isEmpty)
    }

    @Test func skipsFoldersPipesAndDevices() throws {
        try FileManager.default.createDirectory(atPath: folder["a.tif"], withIntermediateDirectories: true)
        #expect(mkfifo(folder["b.tif"], 0o600) == 0)
        let discovery = try ScanDiscovery([folder.path])
        #expect(discovery.scans.isEmpty)
        #expect(discovery.unreachable.isEmpty)
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
        #expect(discovery.scans.map(\.path) == ["P1/a.tif", "all/a.tif"])
        #expect(Set(discovery.scans.map(\.file)) == [folder["all/a.tif"]])
        #expect(discovery.scans.map(\.folder) == ["P1", "all"])
        #expect(discovery.unfollowedLinks == 4)
    }

    @Test func keepsAFilesFolderAndName() throws {
        try folder.write("P7/strange name", "")
        let scan = try #require(try ScanDiscovery([folder["P7/strange name"]]).scans.first)
        #expect(
            scan
                == DiscoveredScan(
                    root: folder["P7"], path: "strange name", file: folder["P7/strange name"], folder: "P7"))
    }

    @Test func takesAFileOfTwoInputsOnce() throws {
        try folder.write("a/b.tif", "")
        let discovery = try ScanDiscovery([folder.path, folder["a"], folder["a/b.tif"]])
        #expect(discovery.scans.map(\.path) == ["a/b.tif"])
    }

    @Test func keepsNamesApartThatUnicodeHoldsForEqual() throws {
        try folder.write("e\u{301}.tif", "")
        try folder.write("\u{E9}.tif", "")
        #expect(try ScanDiscovery([folder.path]).scans.count == 2)
    }

    @Test func reportsANameThatIsNotUTF8() throws {
        let name = Array(folder.path.utf8CString.dropLast()) + [0x2F, -1].map { CChar($0) } + Array(".tif".utf8CString)
        close(open(name, O_CREAT | O_WRONLY, 0o600))
        let discovery = try ScanDiscovery([folder.path])
        #expect(discovery.scans.isEmpty)
        #expect(discovery.unreachable.map(\.failure.code) == [.unsupported])
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func reportsFoldersThatCannotBeListed() throws {
        try folder.write("P3/a.tif", "")
        chmod(folder["P3"], 0)
        defer { chmod(folder["P3"], 0o700) }
        let unreachable = try ScanDiscovery([folder.path]).unreachable
        #expect(unreachable.map(\.path) == ["P3"])
        #expect(unreachable.map(\.folder) == ["P3"])
        #expect(unreachable.map(\.failure.code) == [.inputOutput])
    }

    @Test func refusesAnInputThatIsNotThere() throws {
        let error = #expect(throws: BatchError.self) { try ScanDiscovery([folder.path, folder["missing"]]) }
        #expect(error?.kind == .missingInput)
    }

    @Test func survivesDeepFolders() throws {
        var path = ""
        for _ in 0..<400 { path += "d/" }
        try folder.write(path + "a.tif", "")
        #expect(try ScanDiscovery([folder.path]).scans.map(\.path) == [path + "a.tif"])
    }
}
