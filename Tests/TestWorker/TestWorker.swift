import Analysis
import Batch
import Findings
import FoundationEssentials
import Glibc

/// A worker whose scans say what is to become of it: a test writes the word into the scan.
@main
enum TestWorker {
    static let pipeline = ContentHash(digest: [UInt8](repeating: 7, count: 32))

    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count == 4, arguments[1] == "batch" {
            exit(try await TestBatch.run(scans: arguments[2], database: arguments[3]))
        }
        let memoryLimit = Int64(option("--memory-limit")) ?? 1 << 30
        exit(
            WorkerService.run(memoryLimit: memoryLimit) {
                WorkerService.Loaded(pipeline: pipeline) { scan, spacing in
                    (image, Behaviour(words: words(scan.fileDescriptor), spacing: spacing).outcome)
                }
            })
    }

    private static var image: Scan.Image {
        Scan.Image(width: 100, height: 80, levels: 1, spacing: .unknown, format: "words")
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
