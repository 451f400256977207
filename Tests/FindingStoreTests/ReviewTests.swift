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

    /// - Parameter hours: after the night began.
    private func review(
        _ verdict: Review.Verdict, _ label: String? = nil, note: String = "", by reviewer: String = " Dr. Canary ",
        after hours: Double = 1
    ) throws -> Review {
        let moment = Timestamp(Samples.start + hours * 3_600)
        return try #require(Review(verdict, label: label, note: note, by: reviewer, at: moment))
    }

    /// A database with a region of scan `a`, whose id is `finding`.
    private func record(_ name: String, confidence: Double = 0.75, at start: Date = Samples.start) throws {
        let store = try FindingStore.openForWriting(at: folder[name])
        let night = RunDescription(arguments: [], host: "night", programVersion: "1.0.0", startedAt: start)
        let run = try store.beginRun(night, pipeline: Samples.pipeline())
        try store.record(
            Samples.record(
                "a", Samples.done([Samples.region(0, confidence: confidence)]), run: run, finishedAt: start + 10))
        try store.finishRun(run, ending: .completed, at: start + 60, counts: Samples.counts)
        try store.close()
    }

    private func add(_ reviews: [Review], to name: String) throws {
        let file = try ReviewFile.forWriting(besides: folder[name])
        for review in reviews { try file.add(review, of: finding) }
    }

    private func merge(_ sources: [String], onlyNew: Bool = false) throws -> ReviewMerge {
        let store = try FindingStore.openForWriting(at: folder["all"])
        defer { try? store.close() }
        return try store.merge(sources.map { folder[$0] }, onlyNew: onlyNew).reviews
    }

    private func verdicts(_ name: String) throws -> [Review.Verdict] {
        try ReviewFile.ifPresent(besides: folder[name])?.reviews(of: finding).map(\.verdict) ?? []
    }

    @Test(arguments: [false, true]) func theNewestOfMergedReviewsCountsHoweverOftenTheyAreMerged(onlyNew: Bool) throws {
        for shard in ["one", "two"] { try record(shard) }
        try add([review(.rejected, by: "A", after: 5), review(.agreed, by: "B", after: 1)], to: "one")
        try add([review(.relabelled, "Polyp", by: "B", after: 3)], to: "two")
        #expect(try merge(["two", "one"]).added == 3)
        #expect(try verdicts("all") == [.rejected, .relabelled, .agreed])
        #expect(try FindingStore.openForReading(at: folder["all"]).reviews()?[finding]?.verdict == .rejected)
        #expect(try merge(["one", "two"], onlyNew: onlyNew).added == 0)
        // Reviewed on, though the findings were merged before.
        try add([review(.agreed, by: "B", after: 9)], to: "two")
        #expect(try merge(["one", "two"], onlyNew: onlyNew).added == 1)
        #expect(try verdicts("all") == [.agreed, .rejected, .relabelled, .agreed])
    }

    @Test func reviewsOfWhatIsNotThereDoNotComeAlong() throws {
        try record("one")
        // The same scan by the same pipeline with another finding, which does not come in.
        try record("two", confidence: 0.5, at: Samples.start + 60)
        try add([review(.agreed)], to: "two")
        let reviews = try merge(["one", "two"])
        #expect((reviews.added, reviews.leftOut) == (0, 1))
        #expect(try verdicts("all").isEmpty)
    }

    enum Fault: CaseIterable { case foreign, newer, tampered, truncated }

    @Test(arguments: Fault.allCases)
    func reviewsThatCannotBeUsedAreNamedAndTheFindingsAreMerged(fault: Fault) throws {
        for name in ["bad", "good"] {
            try record(name)
            try add([review(.agreed, by: name)], to: name)
        }
        let path = ReviewFile.path(besides: folder["bad"])
        switch fault {
        case .foreign: try Intruder(at: path).execute("PRAGMA application_id = 7")
        case .newer: try Intruder(at: path).execute("PRAGMA user_version = 99")
        case .tampered:
            try Intruder(at: path).execute(
                "PRAGMA ignore_check_constraints = ON; UPDATE reviews SET verdict = 'relabelled'")
        case .truncated: try Data(contentsOf: URL(filePath: path)).prefix(4096).write(to: URL(filePath: path))
        }
        let merged = try merge(["bad", "good"])
        let refusal = try #require(merged.refusals.first)
        #expect(merged.refusals.count == 1 && refusal.message.contains("bad-reviews"))
        #expect(merged.added == 1)
        let store = try FindingStore.openForReading(at: folder["all"])
        #expect(try store.findings().count == 1)
        #expect(try store.reviews()?[finding]?.reviewer == "good")
        #expect(try FindingStore.openForReading(at: folder["bad"]).verifyReviews()?.irregularities.count == 1)
    }

    @Test func verifyCountsReviewsAndThoseOfFindingsThatAreGone() throws {
        try record("one")
        #expect(try FindingStore.openForReading(at: folder["one"]).verifyReviews() == nil)
        try add([review(.agreed)], to: "one")
        let gone = FindingID(scan: Samples.hash("a"), pipeline: Samples.hash("f"), ordinal: 99)
        try ReviewFile.forWriting(besides: folder["one"]).add(review(.agreed), of: gone)
        let report = try #require(try FindingStore.openForReading(at: folder["one"]).verifyReviews())
        #expect(report.count == 2 && report.irregularities.isEmpty && report.remarks.count == 1)
    }

    /// By another spacing, another finding has the id of the one that was reviewed.
    @Test func whatWasSaidOfAnEarlierAnalysisIsNotSaidOfItsSuccessor() throws {
        try record("one", at: Samples.start + 2 * 3_600)
        try add([review(.agreed, after: 1)], to: "one")
        let store = try FindingStore.openForReading(at: folder["one"])
        #expect(try store.reviews()?.isEmpty == true)
        #expect(try store.reviews(ofAnalysis: 1).isEmpty)
        try add([review(.rejected, after: 3)], to: "one")
        #expect(try store.reviews()?[finding]?.verdict == .rejected)
    }

    @Test func theNewestVerdictOnAFindingCountsAndAllAreKept() throws {
        #expect(try ReviewFile.ifPresent(besides: folder.database) == nil)
        let file = try ReviewFile.forWriting(besides: folder.database)
        try file.add(review(.agreed), of: finding)
        try file.add(review(.relabelled, "Polyp", note: "see level 2", after: 2), of: finding)
        try file.add(review(.noted, note: "ask again", after: 3), of: finding)
        let read = try #require(try ReviewFile.ifPresent(besides: folder.database))
        let standing = ReviewFile.standing(try read.all())
        // A note changes no verdict.
        #expect(try standing == [finding: review(.relabelled, "Polyp", note: "see level 2", after: 2)])
        #expect(try read.reviews(of: finding).map(\.verdict) == [.noted, .relabelled, .agreed])
        #expect(standing[finding]?.reviewer == "Dr. Canary")
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
        // Of a finding that no analysis has any more: whose it was is not known.
        let gone = FindingID(scan: Samples.hash("a"), pipeline: Samples.hash("f"), ordinal: 7)
        try file.add(review(.noted, note: "CanaryNote of before"), of: gone)
        try store.backUp(to: folder["copy.sqlite"])
        #expect(try FindingStore.openForReading(at: folder["copy.sqlite"]).reviews()?.count == 2)
        #expect(throws: StoreError.self) { try store.backUp(to: folder["copy.sqlite"]) }
        #expect(try store.forget(patient: "nobody") == nil)
        #expect(try store.forget(patient: "P1")?.reviews == 2)
        #expect(try store.reviews()?.keys.map(\.self) == [other])
        let bytes = try Data(contentsOf: URL(filePath: store.path + "-reviews"))
        #expect(bytes.range(of: Data("CanaryNote".utf8)) == nil)
    }
}
