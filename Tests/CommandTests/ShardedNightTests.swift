import Foundation
import TestSupport
import Testing

/// Shards of a night, merged, against the night in one run.
@Suite struct ShardedNightTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for patient in ["DEMO0005", "DEMO0008"] { try folder.copy("Fixtures/scans/\(patient)", to: "scans/\(patient)") }
        // The same scan of another patient, and one that is none.
        try folder.copy("Fixtures/scans/DEMO0005/DEMO0005-01.tif", to: "scans/DEMO0009/again.tif")
        try folder.write("scans/DEMO0009/broken.tif", [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0])
    }

    private func scanreport(_ arguments: String...) throws -> Scanreport {
        try Scanreport(arguments, in: folder)
    }

    /// Without run ids and moments.
    private func findings(_ database: String) throws -> [String] {
        let export = try scanreport("export", "--database", database)
        #expect(export.status == 0)
        return export.output.split(separator: "\n").map { line in
            String(line).replacing(/,[0-9]+,20[0-9-]+T[0-9:.]+Z,/, with: ",,")
        }
    }

    @Test func mergedShardsAreTheNight() throws {
        #expect(try scanreport("run", "scans", "--database", "one").status == 1)
        let statuses = try (1...2).map { number in
            try scanreport("run", "scans", "--shard", "\(number)/2", "--database", "shard\(number)").status
        }
        #expect(statuses.sorted() == [0, 1])
        let merge = try scanreport("merge", "all", "shard2", "shard1")
        #expect(merge.status == 0, "\(merge.errors)")
        #expect(merge.output.contains("2 databases: 2 merged, 0 merged before, 0 refused"), "\(merge.output)")
        let expected = try findings("one")
        #expect(expected.count > 10)
        #expect(try findings("all") == expected)
        #expect(try scanreport("verify", "--database", "all").status == 0)
        let again = try scanreport("merge", "all", "shard1", "shard2", "--only-new")
        #expect(again.output.contains("0 merged, 2 merged before"), "\(again.output)")
    }

    @Test func aShardThatCannotBeUsedGivesTheExitCode() throws {
        #expect(try scanreport("run", "scans", "--shard", "1/2", "--database", "shard1").status <= 1)
        try folder.write("shard2", "no database at all")
        let merge = try scanreport("merge", "all", "shard1", "shard2")
        #expect(merge.status == 65)
        #expect(merge.errors.contains("shard2 is not an SQLite database"), "\(merge.errors)")
        #expect(merge.output.contains("2 databases: 1 merged, 0 merged before, 1 refused"), "\(merge.output)")
    }
}
