import Analysis
import Findings
import Glibc
import Slides
import SystemPackage

/// A worker's whole life: one process that analyses the scans it is asked for, one after the other.
public enum WorkerService {
    /// What a worker keeps loaded from scan to scan.
    package struct Loaded {
        /// An opened scan, with the manifest's spacing in micrometres per pixel and what to look at, to what became of it;
        /// the findings, in order, are handed over as they are made.
        package typealias Analyse = (
            borrowing OpenedScan, Double?, RegionsOfInterest?, (Finding) -> Void
        ) -> (image: Scan.Image?, outcome: AnalysisOutcome)

        let pipeline: ContentHash
        let analyse: Analyse

        package init(pipeline: ContentHash, analyse: @escaping Analyse) {
            self.pipeline = pipeline
            self.analyse = analyse
        }
    }

    /// Serves the batch at standard input until it closes the channel. Call it first thing: it limits the process
    /// before any other thread starts.
    ///
    /// - Parameter load: reads the pipeline in a folder.
    /// - Returns: the process' exit code.
    public static func run(_ options: WorkerOptions, pipeline load: (String) throws(PipelineError) -> Pipeline) -> Int32
    {
        run(options) { () throws(PipelineError) in
            let pipeline = try load(options.pipelineDirectory)
            let analyser = try ScanAnalyser(pipeline: pipeline, tileThreads: options.tileThreads)
            return Loaded(pipeline: pipeline.identity.sha256) {
                analyser.analyse($0, spacing: $1, regions: $2, deliver: $3)
            }
        }
    }

    /// The same with whatever analyses, loaded once the process is limited.
    package static func run(_ options: WorkerOptions, load: () throws(PipelineError) -> Loaded) -> Int32 {
        WorkerLimits.apply(memory: options.memoryLimit)
        guard var channel = WorkerChannel.takeStandardInput() else { return EX_USAGE }
        let confinement = WorkerConfinement.apply(reading: options.pipelineDirectory)
        channel.endProcessWithBatch()
        let loaded: Loaded
        do throws(PipelineError) {
            loaded = try load()
        } catch {
            try? channel.send(.unusable("the pipeline cannot be used: \(error)"))
            return EX_DATAERR
        }
        do {
            try channel.send(
                .ready(
                    Greeting(
                        version: Greeting.currentVersion, pipeline: loaded.pipeline, confinement: confinement)))
            while let request = try channel.receive() {
                guard try answer(request, on: &channel, loaded) else { return EX_PROTOCOL }
            }
            return EX_OK
        } catch {
            // Whoever sent half a message, or takes none, is no batch any more.
            return EX_PROTOCOL
        }
    }

    /// - Returns: whether the batch kept to the protocol.
    private static func answer(
        _ request: AnalysisRequest, on channel: inout WorkerChannel, _ loaded: Loaded
    ) throws -> Bool {
        WorkerLimits.allow(processorSeconds: request.processorSeconds)
        let handed = channel.takeFiles()
        guard let file = handed.first, handed.count == 1 + (request.parts?.names.count ?? 0) else { return false }
        let outlines = request.outlines.flatMap { RegionsOfInterest(encoded: $0) }
        guard (outlines == nil) == (request.outlines == nil) else { return false }
        var findings = FindingFrames()
        switch open(file, request.parts, handed.dropFirst()) {
        case .failure(let failure):
            try send(.failed(failure), image: nil, after: findings, on: channel)
        case .success(let scan):
            let (image, outcome) = loaded.analyse(scan, request.spacing, outlines) { findings.add($0, to: channel) }
            try send(outcome, image: image, after: findings, on: channel)
        }
        return true
    }

    private static func open(
        _ file: FileDescriptor, _ table: PartTable?, _ parts: ArraySlice<FileDescriptor>
    ) -> Result<OpenedScan, AnalysisFailure> {
        do throws(AnalysisFailure) {
            return .success(
                try OpenedScan(
                    owning: file, form: table?.form,
                    parts: zip(table?.names ?? [], parts).map {
                        ScanFiles.Part(name: $0, descriptor: $1.rawValue)
                    }))
        } catch {
            return .failure(error)
        }
    }

    private static func send(
        _ outcome: AnalysisOutcome, image: Scan.Image?, after findings: FindingFrames,
        on channel: borrowing WorkerChannel
    ) throws {
        do {
            let rest = try findings.rest()
            var outcome = outcome
            if case .done(var result) = outcome {
                for block in result.embeddings { try channel.send(.embeddings(block)) }
                result.embeddings = []
                outcome = .done(result.with(rest))
            }
            try channel.send(.end(AnalysisEnd(image: image, outcome: outcome, findingCount: findings.count)))
        } catch FrameError.unencodable {
            let failure = AnalysisFailure(
                stage: .measure, code: .degenerateOutput, message: "a result holds a number that is not finite")
            try channel.send(.end(AnalysisEnd(image: nil, outcome: .failed(failure), findingCount: 0)))
        } catch FrameError.tooLong {
            let failure = AnalysisFailure(stage: .measure, code: .limit, message: "a finding is too large to keep")
            try channel.send(.end(AnalysisEnd(image: image, outcome: .failed(failure), findingCount: 0)))
        }
    }
}
