import FindingStore
import Findings
import Foundation
import TestSupport
import Testing

/// Pictures of scans and grades of tiles: kept with an analysis, vouched for, and gone with the patient.
@Suite struct IllustrationTests {
    let folder: TemporaryFolder
    static let mark = Data("CANARY-PICTURE".utf8)

    init() throws {
        folder = try TemporaryFolder()
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        let jpeg = Data([0xFF, 0xD8, 0xFF]) + Self.mark
        let illustration = ScanIllustration(
            thumbnails: [try #require(Thumbnail(width: 300, height: 200, jpeg: jpeg))], heatMaps: [try Self.map()])
        for (digit, patient) in [("a", "P1"), ("b", "P2")] as [(Character, String)] {
            let result = AnalysisResult(
                status: .findings, remarks: [], quality: [:], findings: [Samples.region(0)], illustration: illustration)
            try store.record(
                Samples.record(
                    digit, .done(result), run: run,
                    sightings: [Samples.sighting("\(patient)/\(digit).tif", patient: patient)]))
        }
        try store.finishRun(run, ending: .completed, at: Samples.start + 60, counts: Samples.counts)
        try store.close()
    }

    /// Of 3 x 2 tiles; the second and the last were not graded.
    private static func map() throws -> HeatMap {
        let blue = [0: 0.0, 2: 0.4, 3: 0.6, 4: 0.8]
        let map = HeatMap(
            stage: "grades", classes: ["Normal", "Polyp"], columns: [0..<100, 100..<200, 190..<290],
            rows: [0..<100, 90..<190], probabilities: { tile in blue[tile].map { [$0, 1 - $0] } })
        return try #require(map)
    }

    private func reader() throws -> FindingStore { try .openForReading(at: folder.database) }

    @Test func theyAreReadAsTheyWereRecorded() throws {
        let store = try reader()
        let thumbnail = try #require(try store.thumbnail(of: Samples.hash("a")))
        #expect(thumbnail.width == 300 && thumbnail.height == 200 && thumbnail.jpeg.suffix(14) == Self.mark)
        #expect(try store.thumbnail(of: Samples.hash("a"), image: 1) == nil)
        let analysis = try #require(try store.analyses().first).origin.analysisID
        let map = try #require(try store.heatMaps(ofAnalysis: analysis).first)
        #expect(try map == Self.map())
        var tiles: [[Int]] = []
        map.forEachTile { column, row, probabilities in
            tiles.append([column, row] + probabilities.map { Int(($0 * 255).rounded()) })
        }
        #expect(tiles == [[0, 0, 0, 255], [2, 0, 102, 153], [0, 1, 153, 102], [1, 1, 204, 51]])
    }

    @Test(arguments: [
        ("UPDATE thumbnails SET width = 299 WHERE id = 1", "thumbnail 1"),
        ("UPDATE thumbnails SET jpeg = x'FFD8FF00' WHERE id = 2", "thumbnail 2"),
        ("DELETE FROM thumbnails WHERE id = 1", "thumbnail 1"),
        ("UPDATE heat_maps SET levels = zeroblob(8) WHERE id = 1", "heat-map 1"),
        ("DELETE FROM heat_maps WHERE id = 2", "heat-map 2"),
        ("INSERT INTO thumbnails VALUES (9, 1, 1, 3, 2, x'FFD8FF')", "thumbnail 9"),
    ])
    func whatWasChangedIsFound(statement: String, place: String) throws {
        #expect(try reader().verify().irregularities == [])
        try Intruder(at: folder.database).execute(statement)
        #expect(try reader().verify().irregularities.contains { $0.place == place })
    }

    @Test func theyGoWithThePatientAndNobodyElses() throws {
        let store = try FindingStore.openForWriting(at: folder.database)
        #expect(try store.forget(patient: "P1") != nil)
        #expect(try store.thumbnail(of: Samples.hash("a")) == nil)
        #expect(try store.thumbnail(of: Samples.hash("b")) != nil)
        #expect(try store.verify().irregularities == [])
        #expect(try store.forget(patient: "P2") != nil)
        #expect(try store.verify().irregularities == [])
        try store.close()
        for name in folder.contents {
            let bytes = try Data(contentsOf: URL(filePath: folder[name]))
            #expect(bytes.range(of: Self.mark) == nil, "\(name)")
        }
    }

    @Test func aDatabaseOfBeforeHasNone() throws {
        let path = folder["old.sqlite"]
        try FirstSchema.write(to: path)
        let store = try FindingStore.openForReading(at: path)
        let analysis = try #require(try store.analyses().first)
        #expect(try store.thumbnail(of: try #require(analysis.scanSHA256)) == nil)
        #expect(try store.heatMaps(ofAnalysis: analysis.origin.analysisID) == [])
    }
}
