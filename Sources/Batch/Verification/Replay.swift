import Analysis
import FindingStore
import Findings
import Listings

/// Stored analyses made again, in this process, and compared to the last bit.
public struct Replay: Sendable, Hashable {
    public private(set) var irregularities: [Irregularity] = []
    /// Analyses that were made again.
    public private(set) var replayed = 0
    /// Analyses whose scan was not found with the same bytes.
    public private(set) var withoutScan = 0

    /// - Parameters:
    ///   - count: how many, drawn by chance; fewer where there are not so many.
    ///   - pipelines: as they were recorded; analyses by others cannot be made again.
    /// - Throws: `store` where the store cannot be read.
    public init(
        of count: Int, from store: FindingStore, pipelines: [Pipeline], tileThreads: Int
    ) throws(BatchError) {
        var candidates: [(analysis: Int64, pipeline: Int)] = []
        do throws(StoreError) {
            for (number, pipeline) in pipelines.enumerated() {
                candidates += try store.doneAnalyses(by: pipeline.identity.sha256).map { ($0, number) }
            }
            candidates.shuffle()
            var analysers: [Int: ScanAnalyser] = [:]
            for candidate in candidates where replayed < count {
                guard let stored = try store.storedAnalysis(candidate.analysis) else { continue }
                do throws(PipelineError) {
                    if analysers[candidate.pipeline] == nil {
                        analysers[candidate.pipeline] = try ScanAnalyser(
                            pipeline: pipelines[candidate.pipeline], tileThreads: tileThreads)
                    }
                    if let analyser = analysers[candidate.pipeline] { replay(stored, by: analyser) }
                } catch {
                    irregularities.append(Irregularity("analysis \(stored.id)", "its pipeline does not run: \(error)"))
                    return
                }
            }
        } catch {
            throw BatchError(error)
        }
    }

    private mutating func replay(_ stored: StoredAnalysis, by analyser: ScanAnalyser) {
        for file in stored.files {
            guard let outcome = Self.analyse(file, stored, by: analyser) else { continue }
            replayed += 1
            if let difference = Self.difference(of: outcome, from: stored.result) {
                irregularities.append(
                    Irregularity("analysis \(stored.id) of scan \(stored.scanSHA256.prefix)", difference))
            }
            return
        }
        withoutScan += 1
    }

    /// Nil where the file is not there, or not the scan.
    private static func analyse(
        _ file: ScanPath, _ stored: StoredAnalysis, by analyser: ScanAnalyser
    ) -> AnalysisOutcome? {
        do throws(AnalysisFailure) {
            let scan = try openRecorded(file)
            guard try scan.hash() == stored.scanSHA256 else { return nil }
            let given = stored.spacing?.source == .manifest ? stored.spacing?.micrometresPerPixel : nil
            return analyser.analyse(scan, spacing: given, regions: stored.outlines).outcome
        } catch {
            return nil
        }
    }

    /// What differs, in a clause; nil where nothing does.
    private static func difference(of outcome: AnalysisOutcome, from recorded: AnalysisResult) -> String? {
        switch outcome {
        case .failed(let failure):
            return "made again, it fails: \(failure)"
        case .done(let result):
            if result.status != recorded.status {
                return "made again, it ends as \(result.status.rawValue), not \(recorded.status.rawValue)"
            }
            if result.findings.count != recorded.findings.count {
                return "made again, it has \(result.findings.count.counting("finding")), not \(recorded.findings.count)"
            }
            let different = zip(result.findings, recorded.findings).filter { $0 != $1 }
            if let first = different.first {
                return "made again, \(different.count) of its findings differ, first the one with ordinal "
                    + "\(first.1.ordinal)"
            }
            // What is kept to look at is no finding.
            return result.with(ScanIllustration.none) == recorded
                ? nil : "made again, its quality measures or remarks differ"
        }
    }
}
