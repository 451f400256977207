import Findings
import Foundation
import Testing

@testable import Batch

@Suite struct FramesTests {
    private func append(_ bytes: some Sequence<UInt8>, to decoder: inout FrameDecoder) {
        Array(bytes).withUnsafeBytes { decoder.append($0) }
    }

    @Test func survivesAnyCutOfTheStream() throws {
        let stream = try [[Finding.region], []].flatMap { try Frame.encode(WorkerMessage.findings($0)) }
        for step in [1, 3, stream.count] {
            var decoder = FrameDecoder()
            var received: [[Finding]] = []
            for start in Swift.stride(from: 0, to: stream.count, by: step) {
                append(stream[start..<min(start + step, stream.count)], to: &decoder)
                while case .findings(let findings) = try decoder.next(WorkerMessage.self) { received.append(findings) }
            }
            #expect(received == [[.region], []])
            #expect(!decoder.isWithinFrame)
        }
    }

    @Test(
        arguments: [
            ([0xFF, 0xFF, 0xFF, 0xFF], FrameError.tooLong), ([0x01, 0x00, 0x00, 0x04], .tooLong),
            ([2, 0, 0, 0, 0x7B, 0x7D], .undecodable), ([0, 0, 0, 0], .undecodable),
            ([4, 0, 0, 0, 1, 2, 3, 4], .undecodable),
            // Whole messages, but for a byte more and a text that is not UTF-8
            ([10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], .undecodable),
            ([10, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0xFF], .undecodable),
            // A text and findings of more bytes than there are, and of less than none
            ([10, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0x41], .undecodable),
            ([9, 0, 0, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], .undecodable),
            ([9, 0, 0, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .undecodable),
        ] as [([UInt8], FrameError)])
    func refusesNonsense(bytes: [UInt8], error: FrameError) {
        var decoder = FrameDecoder()
        append(bytes, to: &decoder)
        #expect(throws: error) { _ = try decoder.next(WorkerMessage.self) }
    }

    /// What a worker may send that a scan took over. Some changes make another message; none may trap.
    @Test func survivesMessagesWithAnyByteChanged() throws {
        let message = try Frame.encode(WorkerMessage.end(.ofARegion))
        var refused = 0
        for index in message.indices.dropFirst(Frame.headerLength) {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var changed = message
                changed[index] = value
                var decoder = FrameDecoder()
                append(changed, to: &decoder)
                do {
                    _ = try decoder.next(WorkerMessage.self)
                } catch {
                    #expect(error as? FrameError == .undecodable)
                    refused += 1
                }
            }
        }
        #expect(refused > message.count)
    }

    @Test func refusesMessagesThatAreCutShort() throws {
        let message = try Frame.encode(WorkerMessage.end(.ofARegion)).dropFirst(Frame.headerLength)
        for count in 1..<message.count {
            var decoder = FrameDecoder()
            append([UInt8(count & 0xFF), UInt8(count >> 8), 0, 0] + message.prefix(count), to: &decoder)
            #expect(throws: FrameError.undecodable) { _ = try decoder.next(WorkerMessage.self) }
        }
    }

    @Test func waitsForTheRestOfAFrame() throws {
        var decoder = FrameDecoder()
        append([4, 0, 0, 0, 0x7B], to: &decoder)
        let message = try decoder.next(WorkerMessage.self)
        #expect(message == nil)
        #expect(decoder.isWithinFrame)
    }

    @Test func refusesNumbersThatAreNotFinite() {
        #expect(throws: FrameError.unencodable) { _ = try Frame.encode(["confidence": Double.nan]) }
    }
}

extension Finding {
    fileprivate static let region = Finding(
        ordinal: 0, kind: .region, label: "é", confidence: 0.1 + 0.2, rawConfidence: 1.0 / 3,
        box: .init(x: 1, y: 2, width: 3, height: 4),
        centroid: .init(x: .leastNonzeroMagnitude, y: 1.7976931348623157e308), areaPixels: .max,
        areaSquareMicrometres: nil, probabilities: [.init(label: "Normal", probability: 0.75)],
        measurements: ["a": -0.0], geometry: Data((0...255).map { UInt8($0) }))
}

extension AnalysisEnd {
    fileprivate static let ofARegion = AnalysisEnd(
        image: Scan.Image(
            width: 1, height: 2, levels: 3, spacing: RecordedSpacing(micrometresPerPixel: 0.5, source: .ome),
            format: "tiled"),
        outcome: .done(
            AnalysisResult(status: .findings, remarks: ["one"], quality: ["dark": 0.5], findings: [.region])),
        findingCount: 1)
}
