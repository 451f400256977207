import Analysis
import FindingStore
import Findings
import Listings

/// Whether the pipelines that runs used are still there, with the same definition, models and engine.
public struct PipelineVerification: Sendable {
    public private(set) var irregularities: [Irregularity] = []
    /// Older pipelines that are not there any more, and engines that differ: one sentence each.
    public private(set) var remarks: [String] = []
    /// What is there as it was recorded, so that its analyses can be made again.
    public private(set) var intact: [Pipeline] = []

    /// - Parameters:
    ///   - used: the newest first.
    ///   - load: reads the pipeline of this name, and hashes its models.
    public init(
        _ used: [PipelineIdentity], load: (_ name: String) throws(PipelineError) -> Pipeline
    ) {
        var present: [String: Result<Pipeline, PipelineError>] = [:]
        for identity in used {
            let isNewest = present[identity.name] == nil
            let found = present[identity.name] ?? Result { () throws(PipelineError) in try load(identity.name) }
            present[identity.name] = found
            compare(identity, with: found, isNewest: isNewest)
        }
    }

    private mutating func compare(
        _ recorded: PipelineIdentity, with found: Result<Pipeline, PipelineError>, isNewest: Bool
    ) {
        let place = "pipeline \(recorded.name) \(recorded.sha256.prefix)"
        switch found {
        case .success(let pipeline) where pipeline.identity.sha256 == recorded.sha256:
            intact.append(pipeline)
        case .success(let pipeline):
            let differences = Self.differences(of: pipeline.identity, from: recorded)
            // Another processor or program is no fault of the pipeline, and an upgrade leaves older ones behind.
            if differences.isEmpty {
                remarks.append("\(place): the engine, a model's card or the program is another now")
            } else if isNewest {
                irregularities.append(Irregularity(place, differences.joined(separator: "; ")))
            } else {
                remarks.append("\(place), of an earlier run, is not there any more")
            }
        case .failure(let error) where isNewest:
            irregularities.append(Irregularity(place, "it cannot be read: \(error)"))
        case .failure:
            remarks.append("\(place), of an earlier run, is not there any more")
        }
    }

    private static func differences(of found: PipelineIdentity, from recorded: PipelineIdentity) -> [String] {
        var differences: [String] = []
        if found.definition != recorded.definition { differences.append("its definition is another now") }
        for model in recorded.models where !found.models.contains(where: { $0.sha256 == model.sha256 }) {
            differences.append("\(model.name.printable) has other bytes now than the last run used")
        }
        return differences
    }
}
