import Analysis
import Findings
import Glibc

/// A worker's whole life: one process that analyses the scans it is asked for, one after the other.
public enum WorkerService {
    /// What a worker keeps loaded from scan to scan.
    package struct Loaded {
        /// An opened scan, with the manifest's spacing in micrometres per pixel, to what became of it; the findings, in
        /// order, are handed over as they are made.
        package typealias Analyse = (
            borrowing OpenedScan, Double?, (Finding) -> Void
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
            return Loaded(pipeline: pipeline.identity.sha256) { analyser.analyse($0, spacing: $1, deliver: $2) }
        }
    }

    /// The same with whatever analyses, loaded once the process is limited.
    package static func run(_ options: WorkerOptions, load: () throws(PipelineError) -> Loaded) -> Int32 {
        WorkerLimits.apply(memory: options.memoryLimit)
        guard var channel = WorkerChannel.takeStandardInput() else { return EX_USAGE }
        WorkerConfinement.apply(reading: options.pipelineDirectory)
        channel.endProcessWithBatch()
        let loaded: Loaded
        do throws(PipelineError) {
            loaded = try load()
        } catch {
            try? channel.send(.unusable("the pipeline cannot be used: \(error)"))
            return EX_DATAERR
        }
        return serve(&channel, loaded)
    }

    private static func serve(_ channel: inout WorkerChannel, _ loaded: Loaded) -> Int32 {
        do throws(FrameError) {
            try channel.send(.ready(Greeting(version: Greeting.currentVersion, pipeline: loaded.pipeline)))
            while let message = try channel.receive() {
                guard case .open(let request) = message else { return EX_PROTOCOL }
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
        _ request: OpenRequest, on channel: inout WorkerChannel, _ loaded: Loaded
    ) throws(FrameError) -> Bool {
        WorkerLimits.allow(processorSeconds: request.processorSeconds)
        guard let file = channel.takeDescriptor() else { return false }
        switch open(file) {
        case .failure(let failure):
            try channel.send(.refused(failure))
        case .success(let opened):
            try channel.send(.opened(OpenedFile(stamp: opened.scan.stamp, sha256: opened.sha256)))
            switch try channel.receive() {
            case .skip: break
            case .open, nil: return false
            case .analyse:
                var findings = FindingFrames()
                let (image, outcome) = loaded.analyse(opened.scan, request.spacing) { findings.add($0, to: channel) }
                try send(
                    opened.scan.change.map { .failed($0) } ?? outcome, image: image, after: findings, on: channel)
            }
        }
        return true
    }

    private struct HashedScan: ~Copyable {
        let scan: OpenedScan
        let sha256: ContentHash

        init(_ file: consuming Descriptor) throws(AnalysisFailure) {
            let scan = try OpenedScan(owning: file.release())
            sha256 = try scan.hash()
            self.scan = scan
        }
    }

    private static func open(_ file: consuming Descriptor) -> Result<HashedScan, AnalysisFailure> {
        do throws(AnalysisFailure) {
            return .success(try HashedScan(file))
        } catch {
            return .failure(error)
        }
    }

    private static func send(
        _ outcome: AnalysisOutcome, image: Scan.Image?, after findings: FindingFrames,
        on channel: borrowing WorkerChannel
    ) throws(FrameError) {
        do throws(FrameError) {
            let rest = try findings.rest()
            var outcome = outcome
            if case .done(let result) = outcome { outcome = .done(result.with(rest)) }
            try channel.send(.end(AnalysisEnd(image: image, outcome: outcome, findingCount: findings.count)))
        } catch .unencodable {
            let failure = AnalysisFailure(
                stage: .measure, code: .degenerateOutput, message: "a result holds a number that is not finite")
            try channel.send(.end(AnalysisEnd(image: nil, outcome: .failed(failure), findingCount: 0)))
        } catch .tooLong {
            let failure = AnalysisFailure(stage: .measure, code: .limit, message: "a finding is too large to keep")
            try channel.send(.end(AnalysisEnd(image: image, outcome: .failed(failure), findingCount: 0)))
        }
    }
}

extension OpenedScan {
    /// That the file is not the one that was hashed any more, which explains whatever was seen in it.
    fileprivate var change: AnalysisFailure? {
        do throws(AnalysisFailure) {
            try checkUnchanged()
            return nil
        } catch {
            return error
        }
    }
}
