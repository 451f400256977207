import FindingStore
import Findings
import Foundation
import Testing

@testable import Batch

@Suite struct BatchSummaryTests {
    private var summary: BatchSummary {
        let plan = BatchPlan(scans: [], known: KnownScans(), unreachable: [], warnings: ["1 link was not followed"])
        var summary = BatchSummary(run: 7, pipeline: Night.identity(), plan: plan)
        summary.found = 8
        summary.skipped = 1
        let verdicts: [FinishedScan.Verdict] = [
            .done(.findings, findings: 5), .done(.noTissue, findings: 0), .done(.rejected, findings: 0),
            .failed(.worker, .timeout), .failed(.read, .malformed), .duplicate,
        ]
        for verdict in verdicts {
            summary.count(
                FinishedScan(hashPrefix: nil, verdict: verdict, size: 1_000_000, duration: .zero, attempts: 1))
        }
        for micrometres in ["1.4", "0.25"] {
            let remarks = ["\(micrometres) um/px was assumed", "\(micrometres) um/px was assumed, too"]
            summary.countRemarks(
                .done(AnalysisResult(status: .findings, remarks: remarks, quality: [:], findings: [])))
        }
        summary.seconds = 90
        summary.auditHead = Night.pipeline
        return summary
    }

    @Test func readsWell() {
        #expect(
            summary.text == """
                run 7 of words 07070707: completed after 1 min 30 s
                  8 found: 3 analysed, 1 done before, 1 with the bytes of another, 2 failed, 1 left for the next run
                  3 analysed: 1 with findings, 1 without tissue, 1 rejected
                  5 findings, 2.0 scans a minute, 0.0 MB/s
                  failed: 1 x read: malformed
                  failed: 1 x worker: timeout
                  remark: 2 x N um/px was assumed
                  remark: 2 x N um/px was assumed, too
                  warning: 1 link was not followed
                  audit head: \(Night.pipeline.hexadecimal)
                """)
    }

    @Test func countsInJSONWhatItCountsInWords() throws {
        let object = try JSONSerialization.jsonObject(with: Data(summary.json.compact.utf8))
        let members = try #require(object as? [String: Any])
        #expect(members["analysed"] as? Int == 3)
        #expect(members["failed"] as? Int == 2)
        #expect(members["left"] as? Int == 1)
        #expect(members["exit_status"] as? Int == 1)
        #expect((members["remarks"] as? [[String: Any]])?.compactMap { $0["count"] as? Int } == [2, 2])
        #expect(members["audit_head"] as? String == Night.pipeline.hexadecimal)
    }

    @Test func isContentWithANightWithoutWork() {
        let plan = BatchPlan(scans: [], known: KnownScans(), unreachable: [], warnings: [])
        let summary = BatchSummary(run: 1, pipeline: Night.identity(), plan: plan)
        #expect(summary.exitStatus == 0)
        #expect(summary.text == "run 1 of words 07070707: completed after 0.0 s\n  0 found")
    }
}
