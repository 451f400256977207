import Findings
import Foundation
import Listings
import TestSupport
import Testing

@testable import FindingStore

@Suite struct ReviewTests {
    let folder: TemporaryFolder
    private let finding = FindingID(scan: Samples.hash("a"), pipeline: Samples.hash("f"), ordinal: 0)

    init() throws { folder = try TemporaryFolder() }

    private func review(_ verdict: Review.Verdict, _ label: String? = nil, note: String = "") throws -> Review {
        try #require(Review(verdict, label: label, note: note, by: " Dr. Canary ", at: Timestamp(Samples.start)))
    }

    @Test func theLastOneOfAFindingCountsAndAllAreKept() throws {
        #expect(try ReviewFile.ifPresent(besides: folder.database) == nil)
        let file = try ReviewFile.forWriting(besides: folder.database)
        try file.add(review(.agreed), of: finding)
        try file.add(review(.relabelled, "Polyp", note: "see level 2"), of: finding)
        let read = try #require(try ReviewFile.ifPresent(besides: folder.database))
        #expect(try read.newest() == [finding: review(.relabelled, "Polyp", note: "see level 2")])
        #expect(try read.reviews(of: finding).map(\.verdict) == [.relabelled, .agreed])
        #expect(try read.newest()[finding]?.reviewer == "Dr. Canary")
    }

    @Test func whatSaysNothingIsNoReview() {
        let now = Timestamp(Samples.start)
        #expect(Review(.agreed, by: "  ", at: now) == nil)
        #expect(Review(.relabelled, by: "A", at: now) == nil)
        #expect(Review(.agreed, label: "Polyp", by: "A", at: now) == nil)
        #expect(Review(.noted, note: " ", by: "A", at: now) == nil)
        #expect(Review(.noted, note: String(repeating: "x", count: 2_001), by: "A", at: now) == nil)
    }

    @Test func anotherProgramsFileIsRefused() throws {
        try folder.write("findings.sqlite-reviews", "no database at all, but long enough to be looked at")
        #expect(throws: StoreError.self) { try ReviewFile.ifPresent(besides: folder["findings.sqlite"]) }
        #expect(throws: StoreError.self) { try ReviewFile.forWriting(besides: folder["findings.sqlite"]) }
    }

    @Test func theyGoWithTheirPatientAndIntoBackups() throws {
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        for (scan, patient) in [("a", "P1"), ("b", "P2")] as [(Character, String)] {
            try store.record(
                Samples.record(
                    scan, Samples.done([Samples.region(0)]), run: run,
                    sightings: [Samples.sighting("\(patient)/\(scan).tif", patient: patient)]))
        }
        let other = FindingID(scan: Samples.hash("b"), pipeline: Samples.hash("f"), ordinal: 0)
        let file = try ReviewFile.forWriting(besides: store.path)
        try file.add(review(.noted, note: "CanaryNote"), of: finding)
        try file.add(review(.agreed), of: other)
        try store.backUp(to: folder["copy.sqlite"])
        #expect(try FindingStore.openForReading(at: folder["copy.sqlite"]).reviews()?.count == 2)
        #expect(throws: StoreError.self) { try store.backUp(to: folder["copy.sqlite"]) }
        #expect(try store.forget(patient: "P1")?.reviews == 1)
        #expect(try store.reviews()?.keys.map(\.self) == [other])
        let bytes = try Data(contentsOf: URL(filePath: store.path + "-reviews"))
        #expect(bytes.range(of: Data("CanaryNote".utf8)) == nil)
    }
}
