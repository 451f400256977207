import Foundation
import Listings
import Testing

@Suite struct TimestampTests {
    /// Checked against `date -u -d @SECONDS`.
    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00.000Z"), (1_700_000_000.1234, "2023-11-14T22:13:20.123Z"),
        (951_782_400, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.000Z"),
        (253_402_300_799.999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200, "0000-01-01T00:00:00.000Z"),
        (.infinity, "9999-12-31T23:59:59.999Z"),
    ])
    func writesAndReadsBack(seconds: Double, text: String) throws {
        let timestamp = Timestamp(Date(timeIntervalSince1970: seconds))
        #expect(timestamp.description == text)
        #expect(Timestamp(text) == timestamp)
    }

    @Test func theTimeMayBeMissing() {
        #expect(Timestamp("2026-11-22")?.description == "2026-11-22T00:00:00.000Z")
        #expect(Timestamp("2026-11-22T16:12:40Z")?.description == "2026-11-22T16:12:40.000Z")
    }

    @Test(arguments: [
        "", "2026", "2026-13-01", "2026-02-29", "2026-1-1", "2026-11-22T", "2026-11-22T24:00:00Z",
        "2026-11-22T16:12:40", "2026-11-22T16:12:40.1Z", "2026-11-22 16:12:40Z", "+026-11-22",
    ])
    func refusesWhatIsNotAMoment(text: String) {
        #expect(Timestamp(text) == nil)
    }
}
