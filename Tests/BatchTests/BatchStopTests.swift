import FindingStore
import Findings
import Foundation
import Testing

@testable import Batch

@Suite struct BatchStopTests {
    let night: Night

    init() throws {
        night = try Night()
        for number in 0..<8 { try night.scan("P1/\(number).tif", "slow 300 \(number)") }
    }

    @Test func finishesTheScansInHandWhenAskedTo() async throws {
        let (requests, ask) = AsyncStream.makeStream(of: StopRequest.self)
        let summary = try await night.run(stopRequests: requests) { event in
            if case .finished = event { ask.yield(.finishInHand) }
        }
        #expect(summary.ending == .interrupted)
        #expect((2...5).contains(summary.analysed))
        #expect(summary.left == 8 - summary.analysed)
        #expect(summary.failed == 0)
        #expect(summary.exitStatus == 1)
        let runs = try FindingStore.openForReading(at: night.database).runs()
        #expect(runs.map(\.end?.ending) == [.interrupted])
    }

    @Test func givesUpTheScansInHandAtTheSecondRequest() async throws {
        try night.scan("P1/0.tif", "hang")
        let (requests, ask) = AsyncStream.makeStream(of: StopRequest.self)
        let start = ContinuousClock.now
        let summary = try await night.run(stopRequests: requests) { event in
            if case .finished = event {
                ask.yield(.finishInHand)
                ask.yield(.atOnce)
            }
        }
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(summary.ending == .interrupted)
        #expect(summary.failed == 0)
        #expect(summary.analysed + summary.left == 8)
        // The next night does the rest, as if nothing had been.
        try night.scan("P1/0.tif", "slow 1 0")
        #expect(try await night.run().exitStatus == 0)
        #expect(try night.analyses().count == 8)
    }

    @Test func beginsNoScanPastTheDeadline() async throws {
        let summary = try await night.run(cores: 1, deadline: .milliseconds(700))
        #expect(summary.ending == .deadline)
        #expect((1...4).contains(summary.analysed))
        #expect(summary.left == 8 - summary.analysed)
        #expect(try await night.run().ending == .completed)
        #expect(try night.analyses().count == 8)
    }
}
