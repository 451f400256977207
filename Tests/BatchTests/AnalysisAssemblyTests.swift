import Findings
import Testing

@testable import Batch

/// What no analysis can say, said by a worker that the scan may have taken over.
@Suite struct AnalysisAssemblyTests {
    private static let image = Scan.Image(width: 100, height: 80, levels: 1, spacing: .unknown, format: "words")

    private func outcome(_ image: Scan.Image?, _ status: AnalysisResult.Status) throws(WorkerFailure) -> AnalysisOutcome
    {
        var assembly = AnalysisAssembly(spacing: nil)
        let result = AnalysisResult(status: status, remarks: [], quality: [:], findings: [])
        return try assembly.finished(by: AnalysisEnd(image: image, outcome: .done(result), findingCount: 0))
    }

    @Test(arguments: AnalysisResult.Status.allCases)
    func anAnalysisIsOfAnImage(_ status: AnalysisResult.Status) throws {
        #expect(throws: WorkerFailure.self) { try outcome(nil, status) }
        guard case .done = try outcome(Self.image, status) else { Issue.record("not done"); return }
    }

    @Test func aFailureNeedsNoImage() throws {
        var assembly = AnalysisAssembly(spacing: nil)
        let failure = AnalysisFailure(stage: .open, code: .malformed, message: "no image")
        let end = AnalysisEnd(image: nil, outcome: .failed(failure), findingCount: 0)
        #expect(try assembly.finished(by: end) == .failed(failure))
    }
}
