import FindingStore
import Findings
import Foundation
import Logging
import Synchronization
import Testing

@testable import Batch

/// Names that must not be found in what a batch tells.
@Suite struct BatchPrivacyTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
        func add(_ line: String) { all.withLock { $0.append(line) } }
    }

    private struct Recorder: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        func log(event: LogEvent) {
            lines.add("\(event.message) \(event.metadata ?? [:])")
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }

    @Test func tellsNoNames() async throws {
        let night = try Night()
        for words in ["findings 1", "no-tissue", "malformed", "crash", "nonsense", "exit", "impossible", "changed"] {
            try night.scan("CANARY-patient/CANARY-\(words).tif", words)
        }
        try night.folder.link("scans/CANARY-link.tif", to: "/etc/hostname")
        let lines = Lines()
        let manifest = try Manifest(parsing: Array("scan,patient\nCANARY-lost.tif,CANARY".utf8), folder: ScanPath("/"))
        let summary = try await night.run(
            manifest: manifest, logger: Logger(label: "test") { _ in Recorder(lines: lines) },
            report: { lines.add("\($0)") })
        lines.add(summary.text)
        lines.add(summary.json.compact)
        #expect(summary.failed == 6)
        let told = lines.all.withLock { $0 }
        #expect(told.count > 15)
        #expect(told.filter { $0.contains("CANARY") } == [])
        let rows = try FindingStore.openForReading(at: night.database).analyses()
        #expect(rows.count == 8)
        for case .failed(let failure) in rows.map(\.outcome) { #expect(!failure.message.contains("CANARY")) }
    }
}
