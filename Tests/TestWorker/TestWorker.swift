import Analysis
import Batch
import Findings
import FoundationEssentials
import Glibc

/// A worker whose scans say what is to become of it: a test writes the word into the scan.
@main
enum TestWorker {
    static let pipeline = ContentHash(digest: [UInt8](repeating: 7, count: 32))

    static func main() async {
        let arguments = CommandLine.arguments
        if arguments.count >= 4, arguments[1] == "batch" {
            let stage = arguments.count > 4 ? arguments[4] : nil
            exit(await TestBatch.run(scans: arguments[2], database: arguments[3], stage: stage))
        }
        let options = WorkerOptions(
            pipelineDirectory: option("--pipeline"), tileThreads: 1,
            memoryLimit: Int64(option("--memory-limit")) ?? 1 << 30)
        exit(
            WorkerService.run(options) {
                WorkerService.Loaded(pipeline: pipeline) { scan, spacing, outlines, deliver in
                    let outcome = Behaviour(
                        words: words(scan.fileDescriptor), spacing: spacing, isOutlined: outlines != nil,
                        file: scan.fileDescriptor, parts: scan.parts
                    ).outcome
                    if words(scan.fileDescriptor).first == "other-spacing" { return (image(9), .failed(unknownWords)) }
                    guard case .done(let result) = outcome else { return (image(spacing), outcome) }
                    result.findings.forEach(deliver)
                    return (image(spacing), .done(result.with([])))
                }
            })
    }

    private static let unknownWords = AnalysisFailure(stage: .read, code: .unsupported, message: "unknown words")

    private static func image(_ spacing: Double?) -> Scan.Image {
        let spacing = spacing.map { RecordedSpacing(micrometresPerPixel: $0, source: .manifest) } ?? .unknown
        return Scan.Image(width: 100, height: 80, levels: 1, spacing: spacing, format: "words")
    }

    static func option(_ name: String) -> String {
        let arguments = CommandLine.arguments
        guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return "" }
        return arguments[index + 1]
    }

    private static func words(_ descriptor: Int32) -> [String] {
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
