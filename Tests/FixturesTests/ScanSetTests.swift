import Foundation
import Imaging
import TIFF
import TestSupport
import Testing

@testable import Fixtures

@Suite struct ScanSetTests {
    private let plan = ScanSetPlan(
        seed: 11, patients: 6, scansPerPatient: 1...2, side: 64...96, flavours: [.lzwStrips, .jpegTiles],
        edgeShare: 0.5,
        blankScans: 1)

    @Test func theSameSeedGivesTheSameFiles() throws {
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        try ScanSet(plan).write(to: first.path)
        try ScanSet(plan).write(to: second.path)
        #expect(try fileContents(of: first.path) == fileContents(of: second.path))
    }

    @Test func manifestMasksLabelsAndTruthAgree() throws {
        let (folder, labels) = (try TemporaryFolder(), try TemporaryFolder())
        try ScanSet(plan).write(to: folder.path, labels: labels.path)
        let manifest = try String(contentsOfFile: folder["manifest.csv"], encoding: .utf8)
        let rows = manifest.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        #expect(rows[0] == ["patient", "scan", "mask", "class", "split"])
        #expect(Set(rows.dropFirst().map { $0[3] }) == Set(GlandClass.allCases.map(\.rawValue)))
        let glands = try String(contentsOfFile: folder["glands.csv"], encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        for row in rows.dropFirst() {
            #expect(row[1].hasPrefix(row[0] + "/"))
            let mask = try MaskImage(pngPath: folder[""] + row[2])
            let areas = glands.filter { $0[0] == row[1] }.compactMap { Int($0[3]) }
            #expect(areas.reduce(0, +) == mask.foregroundCount)
            let reader = try TIFFReader(path: labels.path + "/" + row[1])
            let page = try #require(try reader.directories.first?.get())
            let statistics = try reader.statistics(of: page)
            #expect(statistics.range?.upperBound == Double(areas.count))
            #expect(page.width == mask.width && page.height == mask.height)
        }
    }

    @Test func blankScansAreInNoManifest() throws {
        let scans = try plan.scans()
        let blank = scans.filter(\.isBlank)
        #expect(blank.count == 1 && blank.allSatisfy { $0.flavour == .palette })
        #expect(Set(scans.map(\.path)).count == scans.count)
    }

    @Test(arguments: [
        ScanSetPlan(seed: 1, patients: 0, scansPerPatient: 1...1, side: 64...64),
        ScanSetPlan(seed: 1, patients: 1, scansPerPatient: 1...1, side: 8...8),
        ScanSetPlan(seed: 1, patients: 1, scansPerPatient: 1...1, side: 64...64, flavours: [.palette]),
        ScanSetPlan(seed: 1, patients: 1, scansPerPatient: 1...1, side: 64...64, blankScans: 2),
        ScanSetPlan(seed: 1, patients: 1, scansPerPatient: 1...1, side: 64...4096, spacing: 4),
    ])
    func senselessPlansAreRefused(plan: ScanSetPlan) {
        #expect(throws: FixtureError.self) { try plan.scans() }
    }

    /// The bytes of the codecs are those of Debian 12's libraries.
    @Test func theCommittedDemonstrationIsWhatTheGeneratorWrites() throws {
        let folder = try TemporaryFolder()
        try ScanSet(.demonstration).write(to: folder.path)
        let written = try fileContents(of: folder.path)
        let expected = try fileContents(of: Repository.path("Fixtures/scans"))
        #expect(written.keys.sorted() == expected.keys.sorted())
        #expect(written.keys.filter { written[$0] != expected[$0] }.isEmpty)
        #expect(expected.values.map(\.count).reduce(0, +) < 3_000_000)
    }
}
